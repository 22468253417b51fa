"""Claims: what they keep, which of two sentences they choose, what a reader of a notebook sees."""

import math
from pathlib import Path

import nbformat
import numpy as np
import pytest

from fmnist.book.sphinxext import chapter_text
from fmnist.book.sphinxext import claim_marks as pages
from fmnist.course import PHASES, ROOT
from fmnist.evaluation import claims, results
from fmnist.evaluation.claims import (
    above,
    below,
    between,
    certain,
    claim,
    either,
    surely_above,
    true,
)

CORRECT = np.arange(1_000)[np.newaxis] < 905
ACCURACY = results.accuracy(CORRECT, split="validation", seeds=(0,), runs=("3f2a",))


@pytest.fixture(autouse=True)
def _full_tier(monkeypatch):
    """As a reader's notebook: all images, and no build around it."""
    monkeypatch.delenv("FMNIST_TIER", raising=False)
    monkeypatch.delenv(claims.IN_BOOK, raising=False)


@pytest.mark.parametrize(
    ("condition", "holds", "margin", "numbers"),
    [
        (above(3, 2, "points"), True, 1, "3 is not above 2 points"),
        (above(2, 2), False, 0, "2 is not above 2"),
        (below(1.5, 2), True, 0.5, "1.5 is not below 2"),
        (below(-0.0, -1), False, -1, "0 is not below \N{MINUS SIGN}1"),
        (between(3, 2, 10, "images"), True, 1, "3 is not between 2 and 10 images"),
        (between(12_345, 2, 10), False, -12_335, "12,345 is not between 2 and 10"),
        (above(ACCURACY, 90), True, 0.5, "90.5 is not above 90 percentage points"),
    ],
)
def test_a_condition_keeps_its_margin_and_the_numbers(condition, holds, margin, numbers):
    """Above 0 it holds; at the bound itself it does not."""
    assert condition.holds is holds
    assert condition.margin == pytest.approx(margin)
    assert condition.numbers == numbers


def test_conditions_of_numpy_can_be_kept():
    """Whatever a chapter compares, the outcome is written as JSON."""
    number, bound = np.float32(3), np.int64(2)
    for condition in (
        above(number, bound, error=np.float64(1)),
        below(number, bound),
        between(number, np.array(1), bound),
        true(number > bound),
    ):
        outcome = claim("a", condition)
        assert claims.Outcome.from_json(outcome.to_json()) == outcome


def test_a_result_brings_its_standard_error():
    """A 95 % interval is about four standard errors wide, in the unit that is printed."""
    condition = above(ACCURACY, 90)
    assert condition.unit == "percentage points"
    assert condition.error == pytest.approx(100 * math.sqrt(0.905 * 0.095 / 1_000), rel=0.05)
    whole = surely_above(ACCURACY, 90)
    assert whole.holds is False
    assert whole.margin == pytest.approx(100 * ACCURACY.interval[0] - 90)
    assert "the interval begins at" in whole.numbers


def test_of_several_conditions_the_one_nearest_to_failing_is_kept():
    """One that fails comes before all that hold; yes or no comes last."""
    near, far = above(3, 2), above(9, 2)
    assert claim("a", far, near, true(True)).condition == near
    assert claim("a", near, below(3, 2), far).condition.holds is False
    assert claim("a", true(True), true(False, "it is 3")).condition.numbers == "it is 3"
    with pytest.raises(ValueError, match="needs a condition"):
        claim("a")


def test_measured_results_of_a_small_tier_are_not_judged(monkeypatch):
    """What follows from logic is."""
    monkeypatch.setenv("FMNIST_TIER", "smoke")
    assert not claim("a", above(1, 2)).fails
    assert not claim("a", above(1, 2)).judged
    assert certain("a", above(1, 2)).fails
    assert certain("a", 1 > 2).fails


@pytest.mark.parametrize(("value", "sentence"), [(1, "Up."), (0, "Down."), (-1, "Down.")])
def test_of_two_sentences_the_true_one_is_chosen(value, sentence):
    """Whichever it is, nothing fails."""
    outcome = either("a", above(value, 0), "Up.", "Down.")
    assert outcome.sentence == sentence
    assert not outcome.fails


def test_a_notebook_tells_a_claim_that_does_not_hold_and_goes_on(capsys):
    """Nothing is denied to a reader whose machine gives other numbers."""
    claim("train-gap", above(1, 2, "points"))
    claim("train-other", above(3, 2))
    assert capsys.readouterr().out == (
        "The book's claim 'train-gap' does not hold on this machine: 1 is not above 2 points.\n"
    )


def test_outcomes_survive_a_notebook(monkeypatch):
    """What a cell glues is read back the same; a name that is used twice is an error."""
    glued = []
    monkeypatch.setenv(claims.IN_BOOK, "1")
    monkeypatch.setattr(
        "myst_nb.glue",
        lambda name, text, **_: glued.append(
            nbformat.v4.new_output(
                "display_data",
                data={pages.TEXT: repr(text)},
                metadata={"scrapbook": {"name": name}},
            )
        ),
    )
    stated = [claim("a", above(ACCURACY, 90)), either("b", true(False, "it's \N{MINUS SIGN}1"),
                                                      "Yes's.", 'No "s".')]  # fmt: skip
    cell = nbformat.v4.new_code_cell("", outputs=glued)
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell(""), cell])
    assert list(pages.of_notebook(notebook).values()) == stated
    cell.outputs *= 2
    with pytest.raises(ValueError, match="two claims are called 'a'"):
        pages.of_notebook(notebook)


# --- the chapters ---


@pytest.mark.parametrize("chapter", ["index", *PHASES])
def test_no_hidden_cell_of_a_chapter_asserts(chapter):
    """What may fail on another machine is a claim: a bare assertion would keep the page away."""
    cells = chapter_text.cells(text_of(chapter))
    hidden = [cell for cell in cells if "remove-cell" in cell.tags]
    assert [cell.line for cell in hidden if "assert " in cell.source] == []


@pytest.mark.parametrize("chapter", PHASES)
def test_no_claim_is_made_of_time(chapter):
    """Seconds are shown as those of here; nothing is compared with them."""
    stating = ("claim(", "certain(", "either(", "assert ")
    for cell in chapter_text.cells(text_of(chapter)):
        for line in cell.source.splitlines():
            if line.lstrip().startswith(stating):
                assert "seconds" not in line, f"{chapter}.md:{cell.line} {line}"


def test_every_name_of_a_claim_is_used_once():
    """In the whole book, so that the status page can name it."""
    names = []
    for chapter in ("index", *PHASES):
        prose = (line.text for line in chapter_text.lines(text_of(chapter)) if line.is_prose)
        names += [name for line in prose for name in pages.ROLE.findall(line)]
    assert len(names) > 50
    assert sorted({name for name in names if names.count(name) > 1}) == []


def text_of(chapter: str) -> str:
    """Return the source of a page."""
    return Path(ROOT / "book" / f"{chapter}.md").read_text("utf-8")
