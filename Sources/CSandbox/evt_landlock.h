// evt_landlock.h: Landlock, the kernel's sandbox that needs no privilege (Linux 5.13 and later, where it is switched on).
#ifndef EVT_LANDLOCK_H
#define EVT_LANDLOCK_H

#include <stdint.h>

// Version of the kernel's Landlock: 1 knows files, 4 TCP, 6 signals and abstract sockets. 0 = none, or switched off.
int32_t evt_landlock_abi(void);

// From now on the process may read `file` (NULL: none) and do nothing else that this version of Landlock knows. Needs
// no_new_privs. Returns 0 or an errno. A file that is not there is not an error: it cannot be opened either.
int32_t evt_landlock_enter(int32_t abi, const char *file);

#endif
