// evt_process.h: a child process that is talked to over one socket, and cannot outlive or be confused with its parent.
//
// Why C: posix_spawn attributes, prctl (variadic) and MSG_NOSIGNAL are awkward or missing in Swift's view of glibc.
// Times are in milliseconds.
#ifndef EVT_PROCESS_H
#define EVT_PROCESS_H

#include <stddef.h>
#include <stdint.h>

#include "evt_status.h"

typedef struct {
    int32_t pid;      // also its process group
    int32_t channel;  // socket connected to the child's standard input and output; the caller closes it
} evt_process;

// Starts the program at `path` in a process group of its own, with standard input and output on the channel, standard
// error discarded, no other descriptor, default signal handling and an empty signal mask. On failure writes
// one line into message[capacity].
//
// The child asks to be killed when the THREAD that called this ends (see evt_process_confine), so call it from a
// thread that lives as long as the child should.
evt_status evt_process_spawn(const char *path, char *const arguments[], char *const environment[],
                             evt_process *process, char *message, size_t capacity);

// Sends all bytes. EVT_UNAVAILABLE: the peer is gone or does not read within the time. Never raises SIGPIPE.
evt_status evt_process_send(int32_t channel, const void *bytes, int64_t count, int64_t timeout);

// Waits for bytes: returns how many came (at least 1), 0 when the peer is gone, -1 when the time is over.
int64_t evt_process_receive(int32_t channel, void *buffer, int64_t capacity, int64_t timeout);

// Waits up to `grace` for the child to end, then kills its whole process group. 1 when the child has ended and is
// only waiting for evt_process_reap; its pid stays reserved until then.
int32_t evt_process_end(int32_t pid, int64_t grace);

// Collects an ended child and describes its end in message[capacity], for example "SIGSEGV" or "exit status 3".
void evt_process_reap(int32_t pid, char *message, size_t capacity);

// Its name in message[capacity], for example "SIGSEGV".
void evt_process_signal_name(int32_t signal, char *message, size_t capacity);

// In the child, first thing: SIGKILL when the parent thread ends, no core dumps, SIGINT ignored (the terminal's
// Ctrl-C is the parent's business). EVT_UNAVAILABLE: `parent` is not the parent any more; exit at once.
evt_status evt_process_confine(int32_t parent);

// In the child: at most `bytes` of address space; an allocation beyond it fails.
evt_status evt_process_limit_memory(int64_t bytes);

#endif
