// What a kernel would do if our printer had a bug, or somebody could write kernels: every function returns 1 when its
// attack has succeeded, 0 when the operating system refused. WITNESS is a path the test gives: a file to write.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <netinet/in.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

static int opens(const char *path, int flags) {
    int descriptor = open(path, flags, 0600);
    if (descriptor < 0) return 0;
    close(descriptor);
    return 1;
}

static int writes_file(void) { return opens(WITNESS, O_CREAT | O_WRONLY); }
// As the dynamic linker opens files: the flags alone do not give it away.
static int reads_passwords(void) { return opens("/etc/passwd", O_RDONLY | O_CLOEXEC); }
static int reads_environment(void) { return opens("/proc/self/environ", O_RDONLY); }
static int opens_tcp(void) { return socket(AF_INET, SOCK_STREAM, 0) >= 0; }
static int opens_udp(void) { return socket(AF_INET, SOCK_DGRAM, 0) >= 0; }

static int forks(void) {
    pid_t child = fork();
    if (child == 0) _exit(0);
    if (child > 0) waitpid(child, NULL, 0);
    return child > 0;
}

static void *nothing(void *argument) { return argument; }

static int makes_thread(void) {
    pthread_t thread;
    return pthread_create(&thread, NULL, nothing, NULL) == 0;
}

// Machine code for `return 42`, made at run time.
static const unsigned char code[] = {0xb8, 42, 0, 0, 0, 0xc3};

static int runs(void *page) { return ((int (*)(void))page)() == 42; }

static int maps_executable(void) {
    void *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (page == MAP_FAILED) return 0;
    memcpy(page, code, sizeof code);
    return runs(page);
}

static int makes_executable(void) {
    void *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    memcpy(page, code, sizeof code);
    return mprotect(page, 4096, PROT_READ | PROT_EXEC) == 0 && runs(page);
}

// Succeeds by not returning: the shell writes the file.
static int runs_shell(void) {
    execl("/bin/sh", "sh", "-c", "echo > " WITNESS, (char *)NULL);
    return 0;
}

static int signals_parent(void) { return kill(getppid(), 0) == 0; }
static int traces_parent(void) { return ptrace(PTRACE_SEIZE, getppid(), NULL, NULL) == 0; }

static int reads_parent(void) {
    char bytes[8];
    struct iovec here = {bytes, sizeof bytes}, there = {(void *)getpid, sizeof bytes};
    return process_vm_readv(getppid(), &here, 1, &there, 1, 0) > 0;
}

// A reply as the worker would send it; and whatever a pipe takes.
static int writes_descriptors(void) {
    static const char forged[] = "{\"id\":1,\"result\":{\"trained\":{\"outcomes\":[],\"seconds\":0}}}\n";
    int written = 0;
    for (int descriptor = 0; descriptor < 64; descriptor++)
        written += write(descriptor, forged, sizeof forged - 1) > 0;
    return written > 0;
}

static int writes_giant_reply(void) {
    char *giant = malloc(64 << 20);
    memset(giant, 'x', 64 << 20);
    int written = 0;
    for (int descriptor = 0; descriptor < 64; descriptor++) written += write(descriptor, giant, 64 << 20) > 0;
    return written > 0;
}

static int closes_descriptors(void) {
    int closed = 0;
    for (int descriptor = 0; descriptor < 64; descriptor++) closed += close(descriptor) == 0;
    return closed > 0;
}

static int raises_limits(void) {
    struct rlimit limit = {64, 64};
    return setrlimit(RLIMIT_NOFILE, &limit) == 0;
}

static int calls_32_bit(void) {
    long number = 20;  // getpid of the 32-bit table; of ours, writev
    __asm__ volatile("int $0x80" : "+a"(number) : : "memory");
    return number > 0;
}

static int calls_x32(void) { return syscall(0x40000000 + SYS_getpid) > 0; }

static int segfaults(void) { return *(volatile int *)8; }

static int spins(void) {
    for (volatile int i = 0;; i++)
        if (i < 0) i = 0;
}

static int hogs(void) {
    for (int i = 0; i < 64; i++) {
        volatile char *more = malloc(1 << 28);
        *more = 1;  // a null pointer when there is no more
    }
    return 1;
}
