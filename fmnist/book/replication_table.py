"""How the claims of the book fared with other seeds and in other arithmetics: a kept table.

The table, ``book/replications.csv``, is written by `fmnist.book.replication` and shown on the
status page.
"""

import csv
import io
from collections import defaultdict
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from fmnist.course import ROOT
from fmnist.tools import keeping, wording

FILE = ROOT / "book" / "replications.csv"
USUAL = "oneDNN, AVX2"  # the arithmetic of the book, see `fmnist.training.arithmetic`


@dataclass(frozen=True)
class Replication:
    """One condition of a claim in one draw.

    Attributes:
        chapter: in which it stands.
        claim: its name.
        part: number of the condition within the claim, from 1.
        seeds: of the networks, "3,4,5".
        arithmetic: see `arithmetic.name`.
        holds: whether it held; for a claim of two sentences, whether the first did.
        margin: distance from failing, in `unit`; empty for yes or no.
        unit: in words.
        code: hash of the chapter's cells and of all that they reach.
    """

    chapter: str
    claim: str
    part: int
    seeds: str
    arithmetic: str
    holds: bool
    margin: float | None
    unit: str
    code: str

    @property
    def draw(self) -> tuple[str, str]:
        """What tells one draw from another."""
        return self.arithmetic, self.seeds

    @property
    def unit_of_work(self) -> tuple[str, str, str]:
        """What is run, and kept, at once: a chapter of a draw."""
        return self.chapter, *self.draw


def read(path: Path = FILE) -> list[Replication]:
    """Return the table; empty if there is none."""
    if not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        return [
            Replication(
                **row
                | {
                    "part": int(row["part"]),
                    "holds": row["holds"] == "yes",
                    "margin": float(row["margin"]) if row["margin"] else None,
                }
            )
            for row in csv.DictReader(file)
        ]


def write(rows: list[Replication], path: Path = FILE) -> None:
    """Write the table, sorted, whole or not at all.

    Raises:
        OSError: it cannot be written.
    """
    text = io.StringIO()
    names = [field.name for field in fields(Replication)]
    writer = csv.DictWriter(text, names, lineterminator="\n")
    writer.writeheader()
    for row in sorted(rows, key=lambda row: (row.chapter, row.claim, *row.draw, row.part)):
        margin = "" if row.margin is None else f"{row.margin:.4g}"
        holds = "yes" if row.holds else "no"
        writer.writerow(asdict(row) | {"holds": holds, "margin": margin})
    keeping.write_whole(path, text.getvalue().encode(), mode=0o644)


def summary(rows: list[Replication] | None = None) -> dict[str, str]:
    """Return for each claim, by name, in how many draws it held, and its least margins."""
    by_claim: dict[str, list[Replication]] = defaultdict(list)
    for row in read() if rows is None else rows:
        by_claim[row.claim].append(row)
    return {name: _told(several) for name, several in by_claim.items()}


def _told(rows: list[Replication]) -> str:
    draws = {row.draw for row in rows}
    failed = {row.draw for row in rows if not row.holds}
    parts = []
    for what, usual in (("draws of seeds", True), ("other arithmetics", False)):
        if tried := {draw for draw in draws if (draw[0] == USUAL) is usual}:
            parts.append(f"{len(tried - failed)} of {len(tried)} {what}")
    margins = []
    for part in sorted({row.part for row in rows}):
        several = [(row.margin, row.unit) for row in rows if row.part == part]
        if known := [(margin, unit) for margin, unit in several if margin is not None]:
            margin, unit = min(known)
            margins.append(f"{wording.rough(margin)} {unit}".strip())
    if margins:
        noun = "least margin" if len(margins) == 1 else "least margins"
        parts.append(f"{noun} {wording.listed(margins)}")
    return "; ".join(parts)
