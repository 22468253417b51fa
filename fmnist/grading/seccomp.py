"""The system calls that a worker may not make, as a kernel filter.

The filter is compiled here, by libseccomp, and handed to the zygote as bytes: loading
libseccomp looks for compilers and caches, which a sandbox does not have.
"""

import errno
import tempfile

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
    "name_to_handle_at open_by_handle_at fanotify_init inotify_init inotify_init1 memfd_create"
).split()
CLONE_THREAD = 0x00010000


class Unavailable(Exception):
    """This machine cannot make the filter."""


def program() -> bytes:
    """Return the filter in the kernel's format: threads yes, processes and sockets no.

    Raises:
        Unavailable: libseccomp or its Python binding is missing.
    """
    try:
        import pyseccomp
    except (ImportError, RuntimeError, OSError) as error:
        raise Unavailable(f"libseccomp cannot be used: {error}") from None
    refuse = pyseccomp.ERRNO(errno.EPERM)
    rules = pyseccomp.SyscallFilter(pyseccomp.ALLOW)
    for name in REFUSED:
        try:
            rules.add_rule(refuse, name)
        except OSError:
            continue  # this machine's libseccomp or architecture does not know the call
    # clone makes threads and processes; the flag tells them apart.
    rules.add_rule(refuse, "clone", pyseccomp.Arg(0, pyseccomp.MASKED_EQ, CLONE_THREAD, 0))
    # The flags of clone3 stand in memory, where a filter cannot look; ENOSYS makes the C library
    # fall back to clone.
    rules.add_rule(pyseccomp.ERRNO(errno.ENOSYS), "clone3")
    with tempfile.TemporaryFile() as file:
        rules.export_bpf(file)
        file.seek(0)
        return file.read()
