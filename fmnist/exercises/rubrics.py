"""The rubric by which people mark a project: the table at the end of its task.

Its rows are criteria, each with its points in brackets and what earns none, half and all of them::

    | criterion | 0 | half | full |
    |---|---|---|---|
    | Judging (3 points) | no rule | a rule made before | ... and the judge did not know |
"""

import functools
import re
from dataclasses import dataclass

from fmnist.exercises.catalog import CatalogError, Project

HEADER = re.compile(r"^\| *criterion\b.*\|$", re.MULTILINE)
CRITERION = re.compile(r"(?P<name>.+?) \((?P<points>[0-9]+)( points?)?\)")
LEVELS = 3  # what earns none, half and all


@dataclass(frozen=True)
class Criterion:
    """One row of a rubric.

    Attributes:
        name: as the rubric has it.
        points: that it can earn.
        levels: what earns none, half and all of them.
    """

    name: str
    points: int
    levels: tuple[str, str, str]

    @property
    def column(self) -> str:
        """What a table of marks calls it, with its points."""
        return f"{self.name} ({self.points})"


@functools.cache
def of(project: Project) -> tuple[Criterion, ...]:
    """Return the criteria of a project, in their order.

    Raises:
        CatalogError: its task has no such table, or the points are not those of the project.
    """
    text = project.task.read_text("utf-8")
    header = HEADER.search(text)
    rows = text[header.end() :].strip().splitlines()[1:] if header else []
    criteria = []
    for row in rows:
        cells = [cell.strip() for cell in row.strip("|").split("|")]
        found = CRITERION.fullmatch(cells[0])
        if not found or len(cells) != LEVELS + 1:
            break
        _, none, half, full = cells
        criteria.append(Criterion(found["name"], int(found["points"]), (none, half, full)))
    points = sum(criterion.points for criterion in criteria)
    if points != project.points:
        raise CatalogError(
            f"{project.phase}/project.md: the criteria have {points} points, and the project has "
            f"{project.points}; expected rows such as | Judging (3) | none | half | all |."
        )
    return tuple(criteria)
