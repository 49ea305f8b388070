// evt_seccomp.h: allowlists of system calls, as programs for the kernel's filter machine (BPF).
#ifndef EVT_SECCOMP_H
#define EVT_SECCOMP_H

#include <stdint.h>

typedef enum { EVT_LOADING = 1, EVT_SEALED = 2 } evt_stage;

// Whether this kernel takes filters that kill the whole process: 1 or 0.
int evt_seccomp_is_available(void);

// From now on the process may make the stage's system calls only. Filters add up: a later one only takes away.
// Returns 0 or an errno.
int32_t evt_seccomp_enter(evt_stage stage);

#endif
