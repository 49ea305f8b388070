#define _GNU_SOURCE
#include "evt_seccomp.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/futex.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifdef __x86_64__

enum { NO_ARGUMENT = -1, OWN_PID = -2, BOTH = EVT_LOADING | EVT_SEALED };

// A call is allowed where a row of its number matches: no argument is looked at, or (argument & mask) == value.
typedef struct {
    uint32_t number;
    int8_t stages;
    int8_t argument;
    uint32_t mask;
    int32_t value;  // OWN_PID: the process's own
} row;

enum { ANY = ~0 };
static const row rows[] = {
    // Loading: what dlopen does. One file may be opened for reading only; memory is writable or executable, never both.
    {SYS_openat, EVT_LOADING, 2, (uint32_t)ANY, O_RDONLY | O_CLOEXEC},
    {SYS_read, EVT_LOADING, NO_ARGUMENT, 0, 0},
    {SYS_pread64, EVT_LOADING, NO_ARGUMENT, 0, 0},
    {SYS_newfstatat, EVT_LOADING, NO_ARGUMENT, 0, 0},
    {SYS_fstat, EVT_LOADING, NO_ARGUMENT, 0, 0},
    {SYS_close, EVT_LOADING, NO_ARGUMENT, 0, 0},
    {SYS_mmap, EVT_LOADING, 2, PROT_WRITE, 0},
    {SYS_mprotect, EVT_LOADING, 2, PROT_WRITE, 0},
    {SYS_seccomp, EVT_LOADING, 1, (uint32_t)ANY, SECCOMP_FILTER_FLAG_SPEC_ALLOW},  // the seal
    // Memory. Of advice only "not needed": others reach hardware pages (MADV_HWPOISON).
    {SYS_mmap, BOTH, 2, PROT_EXEC, 0},
    {SYS_mprotect, BOTH, 2, PROT_EXEC, 0},
    {SYS_brk, BOTH, NO_ARGUMENT, 0, 0},
    {SYS_munmap, BOTH, NO_ARGUMENT, 0, 0},
    {SYS_mremap, BOTH, NO_ARGUMENT, 0, 0},
    {SYS_madvise, BOTH, 2, (uint32_t)ANY, MADV_DONTNEED},
    // Time, and the lazy initialisers of libraries, which wake nobody.
    {SYS_clock_gettime, BOTH, NO_ARGUMENT, 0, 0},
    {SYS_futex, BOTH, 1, FUTEX_CMD_MASK, FUTEX_WAKE},
    {SYS_getrandom, BOTH, NO_ARGUMENT, 0, 0},
    // The end; abort() by its own name, with glibc's last words (writev), for which no descriptor is open.
    {SYS_exit_group, BOTH, NO_ARGUMENT, 0, 0},
    {SYS_rt_sigprocmask, BOTH, NO_ARGUMENT, 0, 0},
    {SYS_gettid, BOTH, NO_ARGUMENT, 0, 0},
    {SYS_getpid, BOTH, NO_ARGUMENT, 0, 0},
    {SYS_tgkill, BOTH, 0, (uint32_t)ANY, OWN_PID},
    {SYS_writev, BOTH, NO_ARGUMENT, 0, 0},
};

enum { ROWS = sizeof rows / sizeof *rows, LONGEST = 6 * ROWS + 6 };

static int append(struct sock_filter *next, const row *row) {
    uint32_t value = row->value == OWN_PID ? (uint32_t)getpid() : (uint32_t)row->value;
    if (row->argument == NO_ARGUMENT) {
        next[0] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, row->number, 0, 1);
        next[1] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
        return 2;
    }
    // The lower half: what the kernel reads of these arguments (flags, numbers of processes) lies in it.
    uint32_t argument = (uint32_t)(offsetof(struct seccomp_data, args) + 8 * (uint32_t)row->argument);
    next[0] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, row->number, 0, 5);
    next[1] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, argument);
    next[2] = (struct sock_filter)BPF_STMT(BPF_ALU | BPF_AND | BPF_K, row->mask);
    next[3] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, value, 0, 1);
    next[4] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
    next[5] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr));
    return 6;
}

// Another architecture's numbers mean other calls: they are refused before any number is compared. Those of x32, which has
// the same architecture, carry a bit that no row has.
static unsigned short compile(struct sock_filter *program, evt_stage stage) {
    int length = 0;
    program[length++] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, arch));
    program[length++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, AUDIT_ARCH_X86_64, 1, 0);
    program[length++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS);
    program[length++] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr));
    for (int index = 0; index < ROWS; index++)
        if (rows[index].stages & (int)stage) length += append(program + length, &rows[index]);
    program[length++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS);
    return (unsigned short)length;
}

int evt_seccomp_is_available(void) {
    uint32_t action = SECCOMP_RET_KILL_PROCESS;
    return syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, &action) == 0;
}

int32_t evt_seccomp_enter(evt_stage stage) {
    struct sock_filter program[LONGEST];
    struct sock_fprog filter = {.filter = program};
    filter.len = compile(program, stage);
    // SPEC_ALLOW: kernels before 5.16 otherwise slow every filtered process down against attacks by speculation, which
    // read secrets of other processes; the time of a training is what is measured here.
    return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_SPEC_ALLOW, &filter) ? errno : 0;
}

#else  // The table holds numbers of x86-64.

int evt_seccomp_is_available(void) { return 0; }
int32_t evt_seccomp_enter(evt_stage stage) { return stage ? ENOSYS : EINVAL; }

#endif
