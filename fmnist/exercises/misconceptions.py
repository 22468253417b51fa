"""The misconceptions of the course, read from ``exercises/misconceptions.toml``.

Each is explained once, on a page of the book. A wrong answer names the one that it comes from.
"""

import functools
from dataclasses import dataclass, fields
from pathlib import Path

from fmnist.course import EXERCISES, PHASES
from fmnist.exercises.catalog import CatalogError, read_toml

REGISTER = EXERCISES / "misconceptions.toml"


@dataclass(frozen=True)
class Misconception:
    """Something that many learners believe and that is not so.

    Attributes:
        id: short name, unique in the course, of words joined by hyphens.
        phase: one of `PHASES`, in which it is explained.
        belief: what is believed, as a sentence.
        truth: what is so and how one sees it, in one to three sentences of Markdown.
        read: label of the section that explains the idea.
    """

    id: str
    phase: str
    belief: str
    truth: str
    read: str


@functools.cache
def load(path: Path = REGISTER) -> dict[str, Misconception]:
    """Return all misconceptions by their ids, in the order of the file.

    Raises:
        CatalogError: the file is missing or not TOML, or an entry has a missing, unknown or
            ill-typed key, an unknown phase, or an id used before.
    """
    wanted = {field.name for field in fields(Misconception)}
    found: dict[str, Misconception] = {}
    for number, entry in enumerate(read_toml(path).get("misconception", []), start=1):
        where = f"{path.name}, entry {number} ({entry.get('id', 'no id')})"
        if entry.keys() != wanted:
            odd = ", ".join(sorted(entry.keys() ^ wanted))
            raise CatalogError(f"{where}: missing or unknown: {odd}.")
        for key, value in entry.items():
            if type(value) is not str or not value.strip():
                raise CatalogError(f"{where}: {key} must be a text, received {value!r}.")
        if entry["phase"] not in PHASES:
            raise CatalogError(f"{where}: phase must be one of {', '.join(PHASES)}.")
        if entry["id"] in found:
            raise CatalogError(f"{where}: the id is used twice; rename one.")
        found[entry["id"]] = Misconception(**entry)
    return found
