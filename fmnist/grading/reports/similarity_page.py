"""The page on answers that resemble each other, or the model answer: for the lecturer alone."""

import itertools
from collections.abc import Mapping, Sequence

from fmnist.grading.marks.gradebook import Row
from fmnist.grading.reports import templating
from fmnist.grading.reports.model_copies import ModelCopies
from fmnist.grading.reports.similarity import LEAST, MAX_RUN, MAX_TOKENS, Comparison
from fmnist.grading.reports.text import clean

MAX_TEXTS = 200  # pairs of answers of which the texts are shown


def html(
    comparison: Comparison,
    rows: Sequence[Row],
    sources: Mapping[str, Mapping[str, str]],
    model: ModelCopies,
) -> str:
    """Return the content of ``similarity.html``.

    Args:
        comparison: of all answers.
        rows: of the class.
        sources: text of each answer, by student and exercise.
        model: who handed in model answers.
    """
    return templating.html(
        "similarity.html",
        comparison=comparison,
        names={row.student.id: row.student.name or row.student.id for row in rows},
        sources=sources,
        marked=_marked,
        least=LEAST,
        model=model,
        most_texts=MAX_TEXTS,
        limit=MAX_TOKENS,
    )


def _marked(source: str, lines: frozenset[int]) -> list[tuple[bool, str]]:
    """Return a source in runs of lines, each with whether it stands in the other one too."""
    numbered = enumerate(source.replace("\r\n", "\n").split("\n"))
    return [
        (shared, clean("\n".join(line for _, line in run), MAX_RUN))
        for shared, run in itertools.groupby(numbered, key=lambda item: item[0] in lines)
    ]
