"""What a terminal shows: foreign text made harmless, and silence where TensorFlow loads."""

import codecs
import errno
import io
import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

# What we print and not every console has; letters of other scripts are shown by their numbers.
PLAIN = {"\u2713": "+", "\u2026": "...", "\u2212": "-", "\u2013": "-", "\u2014": "-"}
ERRORS = "fmnist-plain"


def take_every_letter(*streams: Any) -> None:
    """Have streams show in another way what their encoding lacks, instead of ending a command."""
    codecs.register_error(ERRORS, _plain)
    for stream in streams:
        if hasattr(stream, "reconfigure"):  # what tests put in their place may not have it
            stream.reconfigure(errors=ERRORS)


def _plain(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    text = error.object[error.start : error.end]
    plain = (PLAIN.get(one) or one.encode("ascii", "backslashreplace").decode() for one in text)
    return "".join(plain), error.end


class _Output(io.FileIO):
    """A standard stream that a command outlives: what it does not take is let go.

    Attributes:
        fault: why it takes nothing any more; None if it does.
    """

    fault: OSError | None = None

    def write(self, content: Any, /) -> int:
        """Return the number of bytes, be they written or not."""
        if self.fault is None:
            try:
                return super().write(content)
            except OSError as error:
                self.fault = error
        return len(content)


def outlive_streams() -> None:
    """Have commands go on where a standard stream is closed, full, or read by nobody any more."""
    for descriptor in range(3):  # or the next file that is opened takes its number
        try:
            os.fstat(descriptor)
        except OSError:
            os.set_inheritable(os.open(os.devnull, os.O_RDWR), True)
    for name, descriptor in (("stdout", 1), ("stderr", 2)):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: PTH123, SIM115
        elif os.name == "posix" and _descriptor(stream) == descriptor:  # not Windows' console
            stream.flush()
            file = io.BufferedWriter(_Output(descriptor, "w", closefd=False))
            kept = io.TextIOWrapper(file, stream.encoding, stream.errors, line_buffering=True)
            setattr(sys, name, kept)


def _descriptor(stream: Any) -> int:
    try:
        return int(stream.fileno())
    except OSError:  # what others have put in its place
        return -1


def unsaid() -> str:
    """Return why standard output took not all that was said; empty if it did.

    Whoever stops reading knows that, and is not told.
    """
    file = getattr(sys.stdout, "buffer", None)
    output = getattr(file, "raw", None)
    if not isinstance(output, _Output):
        return ""
    sys.stdout.flush()
    if output.fault is None or output.fault.errno == errno.EPIPE:
        return ""
    return str(output.fault.strerror)


# Services that run tests obey lines of a log: "::" at the beginning of a line, blanks apart, and
# "##[" or "##name[" anywhere (actions/runner: src/Runner.Common/ActionCommand.cs;
# microsoft/azure-pipelines-agent, which has "##vso["). Two signs that stand apart are none.
COMMAND = re.compile(r"^\s*:(?=:)|#(?=#\w*\[)")


@contextmanager
def quiet() -> Iterator[None]:
    """Send standard error nowhere: TensorFlow writes there, past Python, whenever it is loaded."""
    kept, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)


def shown(text: str) -> str:
    """Return foreign text, in one line, without what a terminal or a reader of logs would obey."""
    line = "".join(character if character.isprintable() else "?" for character in text)
    return COMMAND.sub(lambda found: f"{found[0]}?", line)


def shown_lines(text: str) -> str:
    """Return text of several lines, each as `shown` has it."""
    return "\n".join(map(shown, text.split("\n")))
