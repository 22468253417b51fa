"""The system calls that a worker may make, as a kernel filter: all others are refused.

The filter is compiled here, by libseccomp, and handed to the zygote as bytes: loading
libseccomp looks for compilers and caches, which a sandbox does not have.
"""

import contextlib
import errno
import os
import struct
import tempfile
from typing import Any

ALLOWED = (
    # memory
    "brk munmap mremap mprotect membarrier get_mempolicy "
    # the one socket, and what a worker has open
    "read readv pread64 preadv write writev recvfrom sendto lseek close close_range "
    "dup dup2 dup3 poll ppoll select pselect6 getcwd "
    # time
    "nanosleep gettimeofday time times pause "
    # itself, its threads and its signals
    "exit exit_group getpid getppid gettid getuid geteuid getgid getegid getresuid getresgid "
    "getgroups getpgrp getrlimit getrusage uname arch_prctl set_tid_address set_robust_list rseq "
    "futex futex_waitv sched_yield sched_get_priority_max sched_get_priority_min getcpu "
    "wait4 waitid restart_syscall "
    "rt_sigaction rt_sigprocmask rt_sigreturn rt_sigpending rt_sigtimedwait sigaltstack getrandom"
).split()
CLONE_THREAD = 0x00010000
CLONE_NEW = 0x7E020080  # namespaces of any kind
MAP_SHARED, MAP_GROWSDOWN, MAP_HUGETLB = 0x01, 0x0100, 0x40000
MADV_FREE, MADV_HUGEPAGE, MADV_NOHUGEPAGE, MADV_DONTDUMP = 8, 14, 15, 16
LAST_CLOCK = 11  # CLOCK_TAI
PR_SET_NAME, PR_GET_NAME, PR_SET_VMA = 15, 16, 0x53564D41
F_DUPFD, F_GETFD, F_SETFD, F_GETFL, F_SETFL, F_DUPFD_CLOEXEC = 0, 1, 2, 3, 4, 1030
O_ASYNC = 0x2000
TCGETS, TIOCGWINSZ, FIONREAD, FIONBIO, FIONCLEX, FIOCLEX = (
    0x5401, 0x5413, 0x541B, 0x5421, 0x5450, 0x5451,
)  # fmt: skip
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC
WHOLE = 2**32 - 1

# Calls that are allowed with some arguments only. A condition is the number of an argument, the
# name of a comparison and its operands; all conditions of a line must hold.
ALLOWED_WITH: tuple[tuple[Any, ...], ...] = (
    # What is shared, grows downwards or is huge is not counted as a worker's own memory.
    ("mmap", (3, "MASKED_EQ", MAP_SHARED | MAP_GROWSDOWN | MAP_HUGETLB, 0)),
    # Beyond these, memory is shared with others that have the same in theirs, or put out.
    ("madvise", (2, "LE", MADV_FREE)),
    *(("madvise", (2, "EQ", advice)) for advice in (MADV_HUGEPAGE, MADV_NOHUGEPAGE, MADV_DONTDUMP)),
    # No locks, which others would meet; no signals for input.
    *(
        ("fcntl", (1, "MASKED_EQ", WHOLE, command))
        for command in (F_DUPFD, F_GETFD, F_SETFD, F_GETFL, F_DUPFD_CLOEXEC)
    ),
    ("fcntl", (1, "MASKED_EQ", WHOLE, F_SETFL), (2, "MASKED_EQ", O_ASYNC, 0)),
    *(
        ("ioctl", (1, "MASKED_EQ", WHOLE, request))
        for request in (TCGETS, TIOCGWINSZ, FIONREAD, FIONBIO, FIONCLEX, FIOCLEX)
    ),
    *(
        ("prctl", (0, "MASKED_EQ", WHOLE, option))
        for option in (PR_SET_NAME, PR_GET_NAME, PR_SET_VMA)
    ),
    # Of itself alone, and limits to be read alone: what two can see of each other's processes
    # they can tell each other by.
    ("prlimit64", (0, "EQ", 0), (2, "EQ", 0)),
    *(
        (call, (0, "EQ", 0))
        for call in ("sched_getaffinity", "sched_getparam", "sched_getscheduler")
    ),
    # Beyond these, numbers of clocks stand for processes.
    *(
        (call, (0, "LE", LAST_CLOCK))
        for call in ("clock_gettime", "clock_getres", "clock_nanosleep")
    ),
)
# What those with TensorFlow may besides.
THREADS: tuple[tuple[Any, ...], ...] = (
    # It makes threads and processes; the flags tell them apart.
    ("clone", (0, "MASKED_EQ", CLONE_THREAD | CLONE_NEW, CLONE_THREAD)),
    # Each thread opens what gives random numbers, with flags that neither Python nor the C library
    # use themselves. That it is no other file is for Landlock to say.
    ("open", (1, "MASKED_EQ", WHOLE, os.O_RDONLY)),
    ("openat", (2, "MASKED_EQ", WHOLE, os.O_RDONLY)),
)
# The kernel remembers what was read and which names were asked for, and by the time that it takes
# a later worker could tell. All is imported, so these say that there is no such file. Of `open` the
# flags are the second argument, of `openat` the third.
NO_FILE: tuple[tuple[Any, ...], ...] = (
    ("open", (1, "MASKED_EQ", WRITING | os.O_CLOEXEC, os.O_CLOEXEC)),
    ("openat", (2, "MASKED_EQ", WRITING | os.O_CLOEXEC, os.O_CLOEXEC)),
    *((call,) for call in ("stat", "lstat", "newfstatat", "statx", "readlink", "readlinkat")),
    *((call,) for call in ("access", "faccessat", "faccessat2")),
)
# Their flags stand in memory, where a filter cannot look; ENOSYS makes the C library fall back to
# `clone` and `openat`.
NOT_THERE = (("clone3",), ("openat2",))
# Numbers are the same on all architectures from 424 on. What a kernel has beyond this one, nobody
# here has read: it is not there, as on the kernel that the C library can do without it.
NEWEST = 462

# Of the kernel's own filter language, in eight bytes each: load the number, compare, return.
INSTRUCTION = struct.Struct("HBBI")
LOAD, JUMP_IF_GREATER, RETURN, ERRNO = 0x20, 0x25, 0x06, 0x00050000


def program(*, threads: bool) -> bytes:
    """Return the filter in the kernel's format; a refused call fails with EPERM.

    Args:
        threads: whether a worker may start threads.

    Raises:
        ImportError, RuntimeError, OSError: libseccomp or its Python binding is missing.
    """
    import pyseccomp

    rules = pyseccomp.SyscallFilter(pyseccomp.ERRNO(errno.EPERM))
    allowed = (*((name,) for name in ALLOWED), *ALLOWED_WITH, *(THREADS if threads else ()))
    not_there, no_file = pyseccomp.ERRNO(errno.ENOSYS), pyseccomp.ERRNO(errno.ENOENT)
    for action, calls in (
        (pyseccomp.ALLOW, allowed),
        (not_there, NOT_THERE),
        (no_file, NO_FILE),
    ):
        for call, *conditions in calls:
            arguments = [
                pyseccomp.Arg(position, getattr(pyseccomp, comparison), *operands)
                for position, comparison, *operands in conditions
            ]
            # This machine's libseccomp or architecture may not know the call.
            with contextlib.suppress(OSError):
                rules.add_rule(action, call, *arguments)
    with tempfile.TemporaryFile() as file:
        rules.export_bpf(file)
        file.seek(0)
        return _newer_is_not_there() + file.read()


def _newer_is_not_there() -> bytes:
    """Return what a filter begins with."""
    return b"".join(
        INSTRUCTION.pack(*parts)
        for parts in (
            (LOAD, 0, 0, 0),
            (JUMP_IF_GREATER, 0, 1, NEWEST),
            (RETURN, 0, 0, ERRNO | errno.ENOSYS),
        )
    )
