#define _GNU_SOURCE
#include "evt_process.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static int64_t now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (int64_t)time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

static int spawn(const char *path, char *const arguments[], char *const environment[], int end, pid_t *pid) {
    posix_spawn_file_actions_t files;
    posix_spawnattr_t attributes;
    int error = posix_spawn_file_actions_init(&files);
    if (error) return error;
    error = posix_spawnattr_init(&attributes);
    if (error) {
        posix_spawn_file_actions_destroy(&files);
        return error;
    }
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    posix_spawn_file_actions_adddup2(&files, end, 0);
    posix_spawn_file_actions_adddup2(&files, end, 1);
    posix_spawn_file_actions_addopen(&files, 2, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_addclosefrom_np(&files, 3);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    posix_spawnattr_setpgroup(&attributes, 0);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &all);
    error = posix_spawn(pid, path, &files, &attributes, arguments, environment);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&files);
    return error;
}

evt_status evt_process_spawn(const char *path, char *const arguments[], char *const environment[],
                             evt_process *process, char *message, size_t capacity) {
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends)) {
        snprintf(message, capacity, "no socket: %s", strerror(errno));
        return EVT_UNAVAILABLE;
    }
    pid_t pid = 0;
    int error = spawn(path, arguments, environment, ends[1], &pid);
    close(ends[1]);
    if (error) {
        close(ends[0]);
        snprintf(message, capacity, "%s", strerror(error));
        return EVT_UNAVAILABLE;
    }
    *process = (evt_process){.pid = pid, .channel = ends[0]};
    return EVT_OK;
}

// 1 when the channel is ready for `events` before the monotonic time `until`.
static int ready(int channel, short events, int64_t until) {
    for (;;) {
        int64_t left = until - now();
        struct pollfd descriptor = {.fd = channel, .events = events};
        int count = poll(&descriptor, 1, left < 0 ? 0 : left > 1000000 ? 1000000 : (int)left);
        if (count > 0) return 1;
        if (count < 0 && errno != EINTR) return 0;
        if (count == 0 && now() >= until) return 0;
    }
}

evt_status evt_process_send(int32_t channel, const void *bytes, int64_t count, int64_t timeout) {
    int64_t until = now() + timeout;
    const char *next = bytes;
    while (count > 0) {
        if (!ready(channel, POLLOUT, until)) return EVT_UNAVAILABLE;
        ssize_t sent = send(channel, next, (size_t)count, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (sent > 0) {
            next += sent;
            count -= sent;
        } else if (errno != EAGAIN && errno != EINTR) {
            return EVT_UNAVAILABLE;
        }
    }
    return EVT_OK;
}

int64_t evt_process_receive(int32_t channel, void *buffer, int64_t capacity, int64_t timeout) {
    int64_t until = now() + timeout;
    for (;;) {
        if (!ready(channel, POLLIN, until)) return -1;
        ssize_t received = recv(channel, buffer, (size_t)capacity, MSG_DONTWAIT);
        if (received >= 0) return received;
        if (errno != EAGAIN && errno != EINTR) return 0;  // a reset connection is a gone peer
    }
}

int32_t evt_process_end(int32_t pid, int64_t grace) {
    int64_t until = now() + grace;
    int killed = 0;
    for (;;) {
        siginfo_t info = {0};
        // WNOWAIT leaves the child to be reaped, so its pid cannot be taken by a stranger meanwhile.
        int status = waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT | WNOHANG);
        if (status && errno != EINTR) return 0;
        if (!status && info.si_pid == pid) {
            kill(-pid, SIGKILL);  // what it may have started
            return 1;
        }
        if (!killed && now() >= until) {
            kill(-pid, SIGKILL);
            killed = 1;
        }
        nanosleep(&(struct timespec){.tv_nsec = 500000}, NULL);
    }
}

void evt_process_signal_name(int32_t signal, char *message, size_t capacity) {
    const char *name = sigabbrev_np(signal);
    if (name)
        snprintf(message, capacity, "SIG%s", name);
    else
        snprintf(message, capacity, "signal %d", signal);
}

void evt_process_reap(int32_t pid, char *message, size_t capacity) {
    int status = 0;
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {
    }
    if (WIFSIGNALED(status))
        evt_process_signal_name(WTERMSIG(status), message, capacity);
    else
        snprintf(message, capacity, "exit status %d", WEXITSTATUS(status));
}

evt_status evt_process_confine(int32_t parent) {
    struct rlimit none = {0, 0};
    if (prctl(PR_SET_PDEATHSIG, SIGKILL)) return EVT_UNAVAILABLE;
    // The parent may have ended before the line above.
    if (getppid() != parent) return EVT_UNAVAILABLE;
    setrlimit(RLIMIT_CORE, &none);
    signal(SIGINT, SIG_IGN);
    return EVT_OK;
}

evt_status evt_process_limit_memory(int64_t bytes) {
    struct rlimit limit = {(rlim_t)bytes, (rlim_t)bytes};
    return bytes > 0 && setrlimit(RLIMIT_AS, &limit) == 0 ? EVT_OK : EVT_UNAVAILABLE;
}
