"""Have the whole of all libraries that a process has loaded in memory.

The kernel reads a page of them when it is first used, and keeps it for all processes: how long a
worker waits for one would tell it which of them an earlier worker has used.
"""

import ctypes
import resource

MADV_POPULATE_READ = 22  # from Linux 5.14 on
PT_LOAD = 1


class Segment(ctypes.Structure):
    """Of a library, as its header says it (Elf64_Phdr)."""

    _fields_ = (
        ("kind", ctypes.c_uint32),
        ("flags", ctypes.c_uint32),
        ("offset", ctypes.c_uint64),
        ("address", ctypes.c_uint64),
        ("physical", ctypes.c_uint64),
        ("in_file", ctypes.c_uint64),
        ("length", ctypes.c_uint64),
        ("alignment", ctypes.c_uint64),
    )


class Library(ctypes.Structure):
    """That is loaded (the beginning of dl_phdr_info)."""

    _fields_ = (
        ("address", ctypes.c_uint64),
        ("name", ctypes.c_char_p),
        ("segments", ctypes.POINTER(Segment)),
        ("count", ctypes.c_uint16),
    )


VISITOR = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(Library), ctypes.c_size_t, ctypes.c_void_p)


def read_in() -> int:
    """Read the libraries; return how many bytes are there now, 0 where the kernel cannot do so."""
    libc = ctypes.CDLL(None)
    if not hasattr(libc, "dl_iterate_phdr"):  # a system that grades without a wall
        return 0
    page = resource.getpagesize()
    there = 0
    for start, end in _segments(libc):
        begin = start - start % page
        length = ctypes.c_size_t(end - begin)
        if libc.madvise(ctypes.c_void_p(begin), length, MADV_POPULATE_READ) == 0:
            there += end - begin
    return there


def _segments(libc: ctypes.CDLL) -> list[tuple[int, int]]:
    """Return where all segments begin and end."""
    found = []

    @VISITOR
    def note(library: "ctypes._Pointer[Library]", _size: int, _data: int | None) -> int:
        one = library.contents
        for segment in one.segments[: one.count]:
            if segment.kind == PT_LOAD:
                start = one.address + segment.address
                found.append((start, start + segment.length))
        return 0

    libc.dl_iterate_phdr(note, None)
    return found
