"""The system calls that a worker may not make, as a kernel filter.

The filter is compiled here, by libseccomp, and handed to the zygote as bytes: loading
libseccomp looks for compilers and caches, which a sandbox does not have.
"""

import contextlib
import errno
import os
import tempfile
from typing import Any

from fmnist.inside.zygote import PR_SET_DUMPABLE, PR_SET_PDEATHSIG

# A refused call fails with EPERM, so that the student's code sees a PermissionError.
REFUSED = (
    # other processes
    "fork vfork execve execveat kill tkill tgkill pidfd_open pidfd_send_signal pidfd_getfd ptrace "
    "process_vm_readv process_vm_writev kcmp setpgid setsid rt_sigqueueinfo rt_tgsigqueueinfo "
    # the network, and sockets of any kind
    "socket socketpair connect bind listen accept accept4 "
    # shared memory and queues that outlive a process
    "shmget shmat shmctl semget semop semctl semtimedop msgget msgsnd msgrcv msgctl mq_open "
    # the machine, the file systems, the kernel's large interfaces
    "mount umount2 pivot_root chroot unshare setns open_tree move_mount fsopen fsmount "
    "init_module finit_module delete_module kexec_load kexec_file_load reboot swapon swapoff "
    "bpf perf_event_open userfaultfd io_uring_setup io_uring_enter io_uring_register "
    "add_key request_key keyctl personality quotactl acct settimeofday clock_settime "
    "setuid setgid setreuid setregid setresuid setresgid setgroups capset prlimit64 setrlimit "
    "setpriority ioprio_set name_to_handle_at open_by_handle_at fanotify_init inotify_init "
    "inotify_init1 memfd_create "
    # names and contents of files, so that nothing is left even where a folder is open to all
    "creat mkdir mkdirat mknod mknodat link linkat symlink symlinkat unlink unlinkat rmdir rename "
    "renameat renameat2 truncate ftruncate fallocate chmod fchmod fchmodat fchmodat2 chown fchown "
    "lchown fchownat utime utimes utimensat futimesat setxattr lsetxattr fsetxattr removexattr "
    "lremovexattr fremovexattr sendfile splice tee vmsplice copy_file_range"
).split()
CLONE_THREAD = 0x00010000
MAP_SHARED = 0x01
F_SETFL, O_ASYNC = 4, 0x2000
F_SETOWN, F_SETSIG, F_SETOWN_EX = 8, 10, 15
FIOSETOWN, SIOCSPGRP, FIOASYNC = 0x8901, 0x8902, 0x5452
# O_TMPFILE and O_APPEND write only together with one of these.
WRITING = (os.O_WRONLY, os.O_RDWR, os.O_CREAT, os.O_TRUNC)

# Calls that are refused with some arguments only. A condition is the number of an argument, the
# name of a comparison and its operands; all conditions of a line must hold.
REFUSED_WITH: tuple[tuple[Any, ...], ...] = (
    # clone makes threads and processes; the flag tells them apart.
    ("clone", (0, "MASKED_EQ", CLONE_THREAD, 0)),
    # Signal-driven input would have the kernel send any signal to any process of the same user.
    *(("fcntl", (1, "EQ", command)) for command in (F_SETOWN, F_SETSIG, F_SETOWN_EX)),
    ("fcntl", (1, "EQ", F_SETFL), (2, "MASKED_EQ", O_ASYNC, O_ASYNC)),
    *(("ioctl", (1, "MASKED_EQ", 2**32 - 1, code)) for code in (FIOSETOWN, SIOCSPGRP, FIOASYNC)),
    # The zygote's priority would be inherited by the next submission.
    *((f"sched_set{part}", (0, "NE", 0)) for part in ("affinity", "attr", "param", "scheduler")),
    # The limit of memory counts private memory only.
    ("mmap", (3, "MASKED_EQ", MAP_SHARED, MAP_SHARED)),
    # Files are for reading. Of `open` the flags are the second argument, of `openat` the third.
    *(("open", (1, "MASKED_EQ", flag, flag)) for flag in WRITING),
    *(("openat", (2, "MASKED_EQ", flag, flag)) for flag in WRITING),
    # What the worker gave up, and that it ends with its parent.
    *(("prctl", (0, "EQ", option)) for option in (PR_SET_PDEATHSIG, PR_SET_DUMPABLE)),
)
# Their flags stand in memory, where a filter cannot look; ENOSYS makes the C library fall back to
# the calls above.
NOT_THERE = (("clone3",), ("openat2",))


def program() -> bytes:
    """Return the filter in the kernel's format: threads yes, processes and sockets no.

    Raises:
        ImportError, RuntimeError, OSError: libseccomp or its Python binding is missing.
    """
    import pyseccomp

    rules = pyseccomp.SyscallFilter(pyseccomp.ALLOW)
    refused = (*((name,) for name in REFUSED), *REFUSED_WITH)
    for number, calls in ((errno.EPERM, refused), (errno.ENOSYS, NOT_THERE)):
        for call, *conditions in calls:
            arguments = [
                pyseccomp.Arg(position, getattr(pyseccomp, comparison), *operands)
                for position, comparison, *operands in conditions
            ]
            # This machine's libseccomp or architecture may not know the call.
            with contextlib.suppress(OSError):
                rules.add_rule(pyseccomp.ERRNO(number), call, *arguments)
    with tempfile.TemporaryFile() as file:
        rules.export_bpf(file)
        file.seek(0)
        return file.read()
