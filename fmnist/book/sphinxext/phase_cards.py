"""The directive ``{phase-cards}``: the six phases at a glance, taken from the chapters themselves.

Title and question stand in a chapter's text, its minutes in the front matter, and its exercises
in the catalogue. A front page that repeated them would soon say something else.
"""

import re
from dataclasses import dataclass
from pathlib import Path

from docutils import nodes
from sphinx.util.docutils import SphinxDirective

from fmnist import course
from fmnist.book.sphinxext import chapter_text
from fmnist.exercises import catalog
from fmnist.tools import templates, wording

TITLE = re.compile(r"^# Phase (?P<title>\d+: .+)$", re.MULTILINE)
QUESTION = re.compile(r"^\*\*(?P<question>.+\?)\*\*$", re.MULTILINE)


class CardError(Exception):
    """A chapter lacks what its card shows; the message says what."""


@dataclass(frozen=True)
class Card:
    """What the front page says of one phase.

    Attributes:
        phase: one of `course.PHASES`.
        title: of the chapter, without the word "Phase".
        question: that guides it.
        read: minutes to read, above 0.
        run: minutes to run its code, above 0.
        practise: minutes for its exercises.
        exercises: how many there are.
    """

    phase: str
    title: str
    question: str
    read: float
    run: float
    practise: int
    exercises: int


class PhaseCards(SphinxDirective):
    """Puts one card for each phase into a page, and below them what they add up to."""

    def run(self) -> list[nodes.Node]:
        """Return the cards.

        Raises:
            docutils.parsers.rst.DirectiveError: a chapter lacks what its card shows.
        """
        self.env.note_dependency(str(course.EXERCISES / "exercises.toml"))
        cards = []
        for phase in course.PHASES:
            chapter = Path(self.env.doc2path(phase))
            self.env.note_dependency(str(chapter))
            try:
                cards.append(card(phase, chapter.read_text("utf-8")))
            except CardError as error:
                raise self.error(str(error)) from None
        return self.parse_text_to_nodes(markdown(cards))


def card(phase: str, text: str) -> Card:
    """Return the card of a chapter.

    Args:
        phase: one of `course.PHASES`.
        text: of the chapter.

    Raises:
        CardError: the chapter has no title, no question in bold type, or no minutes.
    """
    title, question = TITLE.search(text), QUESTION.search(text)
    minutes = chapter_text.front_matter(text).get("minutes", {})
    if not title:
        raise CardError(f"{phase}.md has no title `# Phase N: ...`")
    if not question:
        raise CardError(f"{phase}.md has no guiding question, a line of its own in bold type")
    if not (minutes.get("read") and minutes.get("run")):
        raise CardError(f"{phase}.md has no minutes {{read, run}} in its front matter")
    exercises = [exercise for exercise in catalog.load() if exercise.phase == phase]
    return Card(
        phase,
        title["title"],
        question["question"],
        minutes["read"],
        minutes["run"],
        sum(exercise.minutes for exercise in exercises),
        len(exercises),
    )


def markdown(cards: list[Card]) -> str:
    """Return the cards as a grid of sphinx-design, and a line that adds them up."""
    return templates.filled(
        "book/sphinxext/templates/phase_cards.md.jinja",
        cards=cards,
        hours=hours,
        counted=wording.counted,
    )


def hours(minutes: float) -> str:
    """Return minutes as a reader says them: in minutes below an hour, else to half an hour."""
    if minutes < 60:
        return in_minutes(minutes)
    halves = round(minutes / 30)
    number = f"{halves // 2} ½" if halves % 2 else f"{halves // 2}"
    return f"about {number} {'hour' if halves == 2 else 'hours'}"


def in_minutes(number: float) -> str:
    """Return a number of minutes with the noun."""
    return f"{number:g} {'minute' if number == 1 else 'minutes'}"
