"""The front page: its cards come from the chapters, its pictures from the images."""

import re
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from fmnist.book.sphinxext import chapter_text, phase_cards
from fmnist.course import PHASES, ROOT
from fmnist.data import splits
from fmnist.exercises import catalog
from fmnist.plots import covers

CHAPTER = """---
minutes: {read: 25, run: 2}
---

# Phase 1: Explore

**What is in the data?**

Text.
"""


def test_a_card_is_taken_from_its_chapter():
    """Title, question and minutes are the chapter's, exercises are the catalogue's."""
    exercises = [one for one in catalog.load() if one.phase == "phase1_explore"]
    minutes = sum(one.minutes for one in exercises)
    expected = phase_cards.Card(
        "phase1_explore", "1: Explore", "What is in the data?", 25, 2, minutes, len(exercises)
    )
    assert phase_cards.card("phase1_explore", CHAPTER) == expected


@pytest.mark.parametrize(
    ("lost", "message"),
    [
        pytest.param("# Phase 1: Explore", "no title `# Phase N: ...`", id="title"),
        pytest.param("**What is in the data?**", "no guiding question", id="question"),
        pytest.param("run: 2", r"no minutes \{read, run\}", id="minutes"),
    ],
)
def test_a_chapter_that_lacks_what_its_card_shows_is_named(lost, message):
    """The message says which chapter lacks what."""
    with pytest.raises(phase_cards.CardError, match=rf"phase1_explore\.md has {message}"):
        phase_cards.card("phase1_explore", CHAPTER.replace(lost, ""))


def test_a_lacking_chapter_fails_the_page(tmp_path):
    """The directive reports the fault as its own, at its own place."""
    (tmp_path / "phase1_explore.md").write_text("# Something else\n", "utf-8")

    class Reported(Exception):
        """Stands for docutils' own."""

    environment = SimpleNamespace(
        doc2path=lambda name: tmp_path / f"{name}.md", note_dependency=lambda _: None
    )
    with pytest.raises(Reported, match="has no title"):
        phase_cards.PhaseCards.run(SimpleNamespace(env=environment, error=Reported))


def test_the_cards_add_up():
    """The line below the cards has the sums of their minutes and exercises."""
    one = phase_cards.Card("phase1_explore", "1: Explore", "What?", 25, 2, 5, 1)
    other = phase_cards.Card("phase2_preprocess", "2: Preprocess", "Why?", 35, 1, 40, 2)
    text = phase_cards.markdown([one, other])
    assert text.count("{grid-item-card}") == 2
    assert "1 exercise: 5 min" in text
    assert "2 exercises: 40 min" in text
    assert "In all: about 1 hour to read, 3 minutes to run and 45 minutes for 3 exercises." in text


@pytest.mark.parametrize(
    ("minutes", "expected"),
    [(1, "1 minute"), (45, "45 minutes"), (60, "about 1 hour"), (80, "about 1 ½ hours"),
     (150, "about 2 ½ hours"), (170, "about 3 hours")],
)  # fmt: skip
def test_minutes_are_said_as_a_reader_would(minutes, expected):
    """Minutes below an hour, halves of hours above."""
    assert phase_cards.hours(minutes) == expected


def misstated(file: Path, pattern: str, right: str) -> list[str]:
    """Return what to write where a file says otherwise; the pattern finds what it says."""
    lines = enumerate(file.read_text("utf-8").splitlines(), start=1)
    found = [(number, match[0]) for number, line in lines if (match := re.search(pattern, line))]
    wrong = [
        f"{file.relative_to(ROOT)}, line {number}: write {right!r}, not {said!r}"
        for number, said in found
        if said != right
    ]
    return wrong if found else [f"{file.relative_to(ROOT)}: nothing says {right!r}"]


def test_readme_and_front_page_say_how_long_the_course_takes():
    """Numbers are those of the chapters' front matter and of the catalogue."""
    readme, front = ROOT / "README.md", ROOT / "book" / "index.md"
    chapters = [(ROOT / "book" / f"{phase}.md").read_text("utf-8") for phase in PHASES]
    read = sum(chapter_text.front_matter(one)["minutes"]["read"] for one in chapters)
    course = catalog.read()
    count = len(course.exercises)
    practise = sum(one.minutes for one in course.exercises)
    work = sum(one.minutes for one in course.projects)
    whole = f"about {round((read + practise + work) / 60)} hours"
    each = ("no", "one", "two", "three", "four", "five")[round(work / len(course.projects) / 60)]
    parts = (
        f"{whole}: {round(read / 60)} to read, {round(practise / 60)} for the {count} exercises, "
        f"{round(work / 60)} for the {len(course.projects)} projects."
    )
    wrong = [
        *misstated(readme, r"about \d+ hours: .*? projects\.", parts),
        *misstated(readme, r"\d+ exercises that check", f"{count} exercises that check"),
        *misstated(readme, r"^\| exercises \| \d+,", f"| exercises | {count},"),
        *misstated(front, r"the course takes about \d+ hours", f"the course takes {whole}"),
        *misstated(front, r"a project of about \w+ hours", f"a project of about {each} hours"),
    ]
    assert wrong == [], "\n".join(wrong)


@pytest.fixture(scope="module", name="split")
def _split():
    """Eight made-up images of each class; each is filled with a value of its own."""
    labels = np.repeat(np.arange(10, dtype=np.uint8), 8)
    images = (
        np.ones((80, *splits.IMAGE_SHAPE), np.uint8) * np.arange(80, dtype=np.uint8)[:, None, None]
    )
    return splits.Split("train", images, labels)


def test_the_strip_shows_every_class_in_its_own_colour_on_nothing(split):
    """Its background is transparent, garments are as opaque as bright, classes differ in colour."""
    figure = covers.strip(split, rows=4, columns=2)
    picture = figure.axes[0].images[0].get_array()
    side = splits.IMAGE_SHAPE[0] + covers.GAP
    corners = picture[::side, ::side]
    assert figure.get_facecolor()[3] == 0
    assert picture.shape == (4 * side - covers.GAP, 20 * side - covers.GAP, 4)
    assert (picture[side - 1, :, 3] == 0).all()  # between two rows
    assert np.allclose(corners[0, :2, 3] * 255, [0, 1])
    assert np.allclose(corners[3, -1, 3] * 255, 79)
    assert len({tuple(colour) for colour in corners[0, :, :3]}) == 10


def test_the_line_up_numbers_its_images_and_names_none(split):
    """Every image has its number, in order; nothing in the picture gives a label away."""
    figure = covers.line_up(split.take(np.arange(6)), columns=4)
    assert [axis.get_title() for axis in figure.axes if axis.images] == [
        "1",
        "2",
        "3",
        "4",
        "5",
        "6",
    ]
    shown = [axis.images[0].get_array()[0, 0] for axis in figure.axes if axis.images]
    assert shown == list(range(6))
