"""The misconceptions of the course, read from ``exercises/misconceptions.toml``.

Each is explained once, on a page of the book. A wrong answer names the one that it comes from.
"""

import functools
from pathlib import Path
from typing import Annotated

from msgspec import Meta

from fmnist.course import EXERCISES
from fmnist.exercises.catalog import Phase
from fmnist.tools import toml_tables
from fmnist.tools.toml_tables import Entry

REGISTER = EXERCISES / "misconceptions.toml"

Text = Annotated[str, Meta(pattern=r"\S")]  # not blank


class Misconception(Entry, frozen=True):
    """Something that many learners believe and that is not so.

    Attributes:
        id: short name, unique in the course, of words joined by hyphens.
        phase: one of `PHASES`, in which it is explained.
        belief: what is believed, as a sentence.
        truth: what is so and how one sees it, in one to three sentences of Markdown.
        read: label of the section that explains the idea.
    """

    id: Text
    phase: Phase
    belief: Text
    truth: Text
    read: Text


class Register(Entry, frozen=True, rename={"misconceptions": "misconception"}):
    """All that the file says."""

    misconceptions: tuple[Misconception, ...] = ()


@functools.cache
def load(path: Path = REGISTER) -> dict[str, Misconception]:
    """Return all misconceptions by their ids, in the order of the file.

    Raises:
        TableError: the file cannot be read, see `toml_tables.read`, or an id is used twice.
    """
    return toml_tables.by_name(path, toml_tables.read(path, Register).misconceptions, "id")
