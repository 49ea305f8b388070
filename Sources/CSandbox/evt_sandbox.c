#define _GNU_SOURCE
#include "evt_sandbox.h"

#include <errno.h>
#include <linux/capability.h>
#include <signal.h>
#include <stddef.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "evt_landlock.h"
#include "evt_seccomp.h"

evt_sandbox_layers evt_sandbox_probe(uint32_t wanted) {
    evt_sandbox_layers found = {.layers = wanted & (EVT_PRIVILEGES | EVT_LIMITS)};
    if (!(wanted & EVT_PRIVILEGES)) return found;  // without no_new_privs the others are the superuser's
    if (wanted & EVT_LANDLOCK) found.landlock_abi = evt_landlock_abi();
    if (found.landlock_abi > 0) found.layers |= EVT_LANDLOCK;
    if (wanted & EVT_SECCOMP && evt_seccomp_is_available()) found.layers |= EVT_SECCOMP;
    return found;
}

// --- In the child ----------------------------------------------------------------------------------------------------

// A superuser may have to read a kernel in another user's folder; Landlock says which.
static int32_t drop_privileges(void) {
    struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
    struct __user_cap_data_struct sets[2] = {0};
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)) return errno;
    if (syscall(SYS_capget, &header, sets)) return errno;
    uint32_t kept = 1u << CAP_DAC_READ_SEARCH;
    sets[0] = (struct __user_cap_data_struct){sets[0].effective & kept, sets[0].permitted & kept, 0};
    sets[1] = (struct __user_cap_data_struct){0};
    return syscall(SYS_capset, &header, sets) ? errno : 0;
}

static int32_t limit(const evt_sandbox *sandbox) {
    rlim_t seconds = (rlim_t)(sandbox->milliseconds / 1000 + 2);
    rlim_t memory = (rlim_t)sandbox->memory;
    const struct {
        __rlimit_resource_t what;
        struct rlimit limit;
    } limits[] = {
        {RLIMIT_AS, {memory, memory}},
        {RLIMIT_CPU, {seconds, seconds + 1}},  // SIGXCPU first, which has a name; then SIGKILL
        {RLIMIT_FSIZE, {0, 0}},
        {RLIMIT_CORE, {0, 0}},
        {RLIMIT_NPROC, {0, 0}},  // does not bind the superuser
        {RLIMIT_NOFILE, {4, 4}},
        {RLIMIT_MEMLOCK, {0, 0}},
        {RLIMIT_MSGQUEUE, {0, 0}},
    };
    for (size_t index = 0; index < sizeof limits / sizeof *limits; index++)
        if (setrlimit(limits[index].what, &limits[index].limit)) return errno;
    return 0;
}

// A handler of the keeper's (a language runtime has some, which print where it crashed) would make calls that are
// forbidden here, and hide how the code ended.
static void default_signals(void) {
    static const int crashes[] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT, SIGTRAP, SIGQUIT, SIGSYS, SIGXCPU};
    for (size_t index = 0; index < sizeof crashes / sizeof *crashes; index++) signal(crashes[index], SIG_DFL);
}

static int32_t confine(const evt_sandbox *sandbox, pid_t keeper) {
    uint32_t layers = sandbox->layers.layers;
    int32_t error = 0;
    default_signals();
    if (close_range(0, ~0u, 0))
        for (int descriptor = 0; descriptor < 1024; descriptor++) close(descriptor);
    if (prctl(PR_SET_PDEATHSIG, SIGKILL)) return errno;
    if (getppid() != keeper) return ESRCH;  // it ended before the line above
    if (layers & EVT_PRIVILEGES) error = drop_privileges();
    if (!error && layers & EVT_LIMITS) error = limit(sandbox);
    if (!error && layers & EVT_LANDLOCK) error = evt_landlock_enter(sandbox->layers.landlock_abi, sandbox->file);
    if (!error && layers & EVT_SECCOMP) error = evt_seccomp_enter(EVT_LOADING);
    return error;
}

int32_t evt_sandbox_seal(const evt_sandbox *sandbox) {
    return sandbox->layers.layers & EVT_SECCOMP ? evt_seccomp_enter(EVT_SEALED) : 0;
}

// --- In the keeper ---------------------------------------------------------------------------------------------------

static int64_t now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (int64_t)time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

// `ended`: the set of SIGCHLD, which is blocked, so that an end between a look and a wait is not missed.
static int32_t await(pid_t child, int64_t until, const sigset_t *ended, evt_sandbox_end *end) {
    int status = 0, expired = 0;
    struct rusage usage;
    for (;;) {
        pid_t reaped = wait4(child, &status, expired ? 0 : WNOHANG, &usage);
        if (reaped == child) break;
        if (reaped < 0 && errno != EINTR) return errno;
        int64_t left = until - now();
        if (reaped == 0 && left <= 0) {
            kill(child, SIGKILL);
            expired = 1;
        } else if (reaped == 0) {
            sigtimedwait(ended, NULL, &(struct timespec){left / 1000, left % 1000 * 1000000});
        }
    }
    end->ending = expired ? EVT_TIMED_OUT : WIFSIGNALED(status) ? EVT_SIGNALLED : EVT_EXITED;
    end->value = WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status);
    end->seconds = (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec)
        + 1e-6 * (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec);
    return 0;
}

int32_t evt_sandbox_run(const evt_sandbox *sandbox, int32_t (*body)(void *context), void *context,
                        evt_sandbox_end *end) {
    int64_t until = now() + sandbox->milliseconds;
    sigset_t ended, before;
    sigemptyset(&ended);
    sigaddset(&ended, SIGCHLD);
    if (sigprocmask(SIG_BLOCK, &ended, &before)) return errno;
    pid_t keeper = getpid();
    pid_t child = fork();
    if (child == 0) {
        sigprocmask(SIG_SETMASK, &before, NULL);
        _exit(confine(sandbox, keeper) ? EVT_NOT_CONFINED : body(context));
    }
    int32_t error = child < 0 ? errno : await(child, until, &ended, end);
    sigprocmask(SIG_SETMASK, &before, NULL);
    return error;
}

void *evt_sandbox_share(int64_t bytes) {
    void *memory = mmap(NULL, (size_t)bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    return memory == MAP_FAILED ? NULL : memory;
}

void evt_sandbox_unshare(void *memory, int64_t bytes) { munmap(memory, (size_t)bytes); }
