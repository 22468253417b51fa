"""Figures that others published, from one file, each with its source and how far to trust it.

No chapter types such a figure by hand: prose has the role ``{literature}``, code has `get`.
"""

import difflib
import functools
from pathlib import Path
from typing import Annotated

from fmnist.course import ROOT
from fmnist.tools import toml_tables

INSTALLED = Path(__file__).with_suffix(".toml")  # a wheel has the figures in the package
FILE = INSTALLED if INSTALLED.is_file() else ROOT / "book" / "literature.toml"
SEEN = ("verified", "thread", "abstract")
# A name of its own: Sphinx reads annotations, and no stars in them.
Seen = Annotated[str, toml_tables.one_of(*SEEN)]


class Figure(toml_tables.Entry, frozen=True):
    """One published figure.

    Attributes:
        value: the number, in the unit that `text` names; accuracies are fractions.
        text: how it is printed.
        source: key of the source in ``book/references.bib``.
        seen: "verified" if it was computed from the published data or read in the source itself,
            "thread" if a discussion says so, "abstract" if only the abstract was read.
        note: what a reader must know before quoting it.
    """

    value: int | float
    text: str
    source: str
    seen: Seen
    note: str

    def __str__(self) -> str:
        return self.text


def get(key: str) -> Figure:
    """Return the figure with this key.

    Raises:
        TableError: there is none; the message names the nearest keys.
    """
    figures = load()
    if key not in figures:
        near = difflib.get_close_matches(key, figures, n=3, cutoff=0)
        raise toml_tables.TableError(
            f"{FILE.name} has no figure {key!r}; the nearest are {', '.join(near)}."
        )
    return figures[key]


@functools.cache
def load(path: Path = FILE) -> dict[str, Figure]:
    """Return all figures by key.

    Raises:
        TableError: the file cannot be read, see `toml_tables.read`.
    """
    return toml_tables.read(path, dict[str, Figure])
