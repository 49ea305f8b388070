#define _GNU_SOURCE
#include "evt_landlock.h"

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <sys/syscall.h>
#include <unistd.h>

// By hand, since Debian 12's header ends at version 2. The kernel takes a longer struct if it knows all that is set.
typedef struct {
    uint64_t files, network, scope;
} ruleset;

typedef struct {
    uint64_t access;
    int32_t descriptor;
} __attribute__((packed)) beneath;

enum { ASK_VERSION = 1, RULE_PATH_BENEATH = 1 };
enum { READ_FILE = 1 << 2 };
enum { TCP_BIND_AND_CONNECT = 3, ABSTRACT_SOCKETS_AND_SIGNALS = 3 };

// Every kind of access that the version knows: bits 0-12, then one more for moves, truncation and device ioctls.
static uint64_t all_files(int32_t abi) {
    if (abi >= 5) return 0xffff;
    if (abi >= 3) return 0x7fff;
    return abi == 2 ? 0x3fff : 0x1fff;
}

int32_t evt_landlock_abi(void) {
    long abi = syscall(SYS_landlock_create_ruleset, NULL, 0, ASK_VERSION);
    return abi > 0 ? (int32_t)abi : 0;
}

static int32_t allow(int rules, const char *file) {
    beneath rule = {READ_FILE, open(file, O_PATH | O_CLOEXEC)};
    if (rule.descriptor < 0) return 0;
    long failed = syscall(SYS_landlock_add_rule, rules, RULE_PATH_BENEATH, &rule, 0);
    int32_t error = failed ? errno : 0;
    close(rule.descriptor);
    return error;
}

int32_t evt_landlock_enter(int32_t abi, const char *file) {
    ruleset set = {
        .files = all_files(abi),
        .network = abi >= 4 ? TCP_BIND_AND_CONNECT : 0,
        .scope = abi >= 6 ? ABSTRACT_SOCKETS_AND_SIGNALS : 0,
    };
    int rules = (int)syscall(SYS_landlock_create_ruleset, &set, sizeof set, 0);
    if (rules < 0) return errno;
    int32_t error = file ? allow(rules, file) : 0;
    if (!error && syscall(SYS_landlock_restrict_self, rules, 0)) error = errno;
    close(rules);
    return error;
}
