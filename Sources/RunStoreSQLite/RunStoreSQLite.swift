// RunStoreSQLite
