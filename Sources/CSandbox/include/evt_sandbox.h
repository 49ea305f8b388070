// evt_sandbox.h: code that is not trusted runs in a child process that can compute, and nothing else.
//
// A keeper, a process with one thread that has what the code needs in its memory, calls evt_sandbox_run once for every
// piece of such code. It forks a child, which locks itself down before `body` begins:
//
//   1. every descriptor is closed; the child dies with its keeper;
//   2. EVT_PRIVILEGES  no_new_privs, and no capability but reading others' files (root's child is no longer root);
//   3. EVT_LIMITS      address space, processor time; no file of any size, no core dump, no process, a few descriptors;
//   4. EVT_LANDLOCK    one file may be opened, for reading; no TCP, no abstract sockets, no signals to others;
//   5. EVT_SECCOMP     an allowlist of system calls, stage "loading": what dlopen needs. No memory is both writable and
//                      executable; whoever calls anything else is killed by SIGSYS.
//
// `body` loads the code (its constructors run, locked in already), calls evt_sandbox_seal, and runs the code. From the
// seal on nothing can be opened, and nothing can become executable. The child answers through memory that the
// keeper shared with it; what is there when it has ended is whatever the code wrote, and the keeper must check it all.
//
// The layers stand behind one another: each holds by itself against what the table in docs/threat-model.md says. A
// layer that the machine lacks is left out, and evt_sandbox_probe says so; one that it has and that fails ends the child.
//
// Functions return 0, or the errno of what failed. Nothing allocates, prints or keeps global state.
#ifndef EVT_SANDBOX_H
#define EVT_SANDBOX_H

#include <stdint.h>

enum {
    EVT_PRIVILEGES = 1,
    EVT_LIMITS = 2,
    EVT_LANDLOCK = 4,
    EVT_SECCOMP = 8,
    EVT_ALL_LAYERS = 15,
};

typedef struct {
    uint32_t layers;       // of those above, the ones to enter
    int32_t landlock_abi;  // of the machine's Landlock; 0 = none
} evt_sandbox_layers;

// What this machine has of `wanted`.
evt_sandbox_layers evt_sandbox_probe(uint32_t wanted);

typedef struct {
    evt_sandbox_layers layers;  // as evt_sandbox_probe says
    const char *file;           // the one file that may be opened; NULL = none
    int64_t memory;             // bytes of address space
    int64_t milliseconds;       // until the child is killed
} evt_sandbox;

typedef enum {
    EVT_EXITED = 0,     // value: the exit status
    EVT_SIGNALLED = 1,  // value: the signal
    EVT_TIMED_OUT = 2,  // killed after `milliseconds`
} evt_sandbox_ending;

typedef struct {
    evt_sandbox_ending ending;
    int32_t value;
    double seconds;  // of processor time, of the child: as the operating system counted it
} evt_sandbox_end;

// Exit status of a child that could not lock itself down.
enum { EVT_NOT_CONFINED = 125 };

// Forks a child that locks itself down, calls body(context) and exits with what it returns; waits for its end.
// The caller must have one thread only, and SIGCHLD must not be ignored.
int32_t evt_sandbox_run(const evt_sandbox *sandbox, int32_t (*body)(void *context), void *context,
                        evt_sandbox_end *end);

// In the child, when the code is loaded: no more files, nothing more becomes executable. There is no way back.
int32_t evt_sandbox_seal(const evt_sandbox *sandbox);

// Zeroed memory that a child forked later shares with its keeper. NULL when there is none to be had.
void *evt_sandbox_share(int64_t bytes);
void evt_sandbox_unshare(void *memory, int64_t bytes);

#endif
