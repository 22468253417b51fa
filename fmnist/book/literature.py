"""Figures that others published, from one file, each with its source and how far to trust it.

No chapter types such a figure by hand: prose has the role ``{literature}``, code has `get`.
"""

import difflib
import functools
import tomllib
from dataclasses import dataclass
from pathlib import Path

from fmnist.course import ROOT

INSTALLED = Path(__file__).with_suffix(".toml")  # a wheel has the figures in the package
FILE = INSTALLED if INSTALLED.is_file() else ROOT / "book" / "literature.toml"
SEEN = ("verified", "thread", "abstract")


class LiteratureError(Exception):
    """The file is not as it must be, or a figure is not in it; the message says which."""


@dataclass(frozen=True)
class Figure:
    """One published figure.

    Attributes:
        key: by which it is called.
        value: the number, in the unit that `text` names; accuracies are fractions.
        text: how it is printed.
        source: key of the source in ``book/references.bib``.
        seen: "verified" if it was computed from the published data or read in the source itself,
            "thread" if a discussion says so, "abstract" if only the abstract was read.
        note: what a reader must know before quoting it.
    """

    key: str
    value: float
    text: str
    source: str
    seen: str
    note: str

    def __str__(self) -> str:
        return self.text


def get(key: str) -> Figure:
    """Return the figure with this key.

    Raises:
        LiteratureError: there is none; the message names the nearest keys.
    """
    figures = load()
    if key not in figures:
        near = difflib.get_close_matches(key, figures, n=3, cutoff=0)
        raise LiteratureError(
            f"{FILE.name} has no figure {key!r}; the nearest are {', '.join(near)}."
        )
    return figures[key]


@functools.cache
def load(path: Path = FILE) -> dict[str, Figure]:
    """Return all figures by key.

    Raises:
        LiteratureError: the file is not TOML, or an entry lacks a field or has an unknown one.
    """
    try:
        document = tomllib.loads(path.read_text("utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise LiteratureError(f"{path.name} is not TOML: {error}.") from None
    figures = {}
    for key, entry in document.items():
        try:
            figures[key] = Figure(key=key, **entry)
        except TypeError as error:
            reason = str(error).partition("__init__() ")[2]
            raise LiteratureError(f"{path.name}, entry {key}: {reason}.") from None
        if figures[key].seen not in SEEN:
            raise LiteratureError(
                f"{path.name}, entry {key}: seen must be one of {', '.join(SEEN)}, "
                f"not {figures[key].seen!r}."
            )
    return figures
