"""Where to read about an exercise: the page and the section of the book that explain its idea.

A reply names an address where one is known: whoever gives the exercises out says with `--site`
where the book is on the web. Otherwise it names the book that was built here, or, in words, the
section.
"""

import functools
import os
import re
from pathlib import Path

import msgspec

from fmnist import course
from fmnist.exercises.catalog import Exercise
from fmnist.tools import sections
from fmnist.tools.user_errors import UserError

VARIABLE = "FMNIST_SITE"  # in which notebooks keep the address of the book
MADE = "sections.json"  # in the wheel, which has no chapters
ADDRESS = re.compile(r"https?://[\w.-]+(?::[0-9]{1,5})?(?:/[\w.~%/+,;=@-]*)?", re.ASCII)
BUILT = ("_build/html", "_build/smoke/_build/html")


class NoAddress(UserError):
    """What was given is no address of a site; the message says what one looks like."""


def site(text: str) -> str:
    """Return the address of a site as links begin with it; empty if there is none.

    Args:
        text: as a person gave it, perhaps with a slash or the name of the first page at its end.

    Raises:
        NoAddress: it is none.
    """
    address = text.strip()
    if not address:
        return ""
    if not ADDRESS.fullmatch(address):
        raise NoAddress(
            f"{text!r} is no address of a site; expected one such as https://example.edu/fmnist, "
            "without ? and #."
        )
    return address.removesuffix("index.html").rstrip("/")


def told_site() -> str:
    """Return the address that the environment names, as a notebook's first cell does.

    Raises:
        NoAddress: it is none.
    """
    return site(os.environ.get(VARIABLE, ""))


def link(exercise: Exercise, at: str) -> str:
    """Return the address of the section on a site."""
    return f"{at}/{_page(exercise)}"


def in_words(exercise: Exercise) -> str:
    """Return where the section stands in a book that the reader has somewhere."""
    title = _titles().get(exercise.read, "")
    phase = course.PHASES.index(exercise.phase) + 1
    return f"in the book, phase {phase}" + (f", section \u201c{title}\u201d" if title else "")


def where(exercise: Exercise, at: str = "") -> str:
    """Return where to read: an address, the file of a book that was built here, or words.

    Args:
        exercise: in question.
        at: address of the book's site; empty if nobody has said it.
    """
    if at:
        return link(exercise, at)
    for folder in BUILT:
        if (course.ROOT / folder / f"{exercise.phase}.html").is_file():
            path = course.ROOT / folder / _page(exercise)
            return str(path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path)
    return in_words(exercise)


def _page(exercise: Exercise) -> str:
    return f"{exercise.phase}.html#{exercise.read}"


@functools.cache
def _titles() -> dict[str, str]:
    made = course.EXERCISES / MADE
    if made.is_file():
        return msgspec.json.decode(made.read_bytes(), type=dict[str, str])
    return sections.titles(course.ROOT / "book")
