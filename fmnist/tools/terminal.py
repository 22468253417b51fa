"""What a terminal shows: foreign text made harmless, and silence where TensorFlow loads."""

import codecs
import os
import re
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
