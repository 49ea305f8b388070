// One call of SQLite's that Swift cannot make, for its arguments vary in number.
#pragma once

int sqlite3_config(int option, ...);

// SQLite counts its memory under a lock that all its allocations take, on whatever connection. Before the first database
// is opened; 0, or SQLite's error code when it comes too late (sqlite.org/c3ref/c_config_covering_index_scan.html).
static inline int evt_sqlite_counts_no_memory(void) {
    const int memory_status = 9;  // SQLITE_CONFIG_MEMSTATUS
    return sqlite3_config(memory_status, 0);
}
