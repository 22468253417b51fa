"""The text of the book: no metric typed by hand, and every part that a chapter must have."""

import re

import pytest

from fmnist.book import literature
from fmnist.book.sphinxext import chapter_text
from fmnist.course import PHASES, ROOT
from fmnist.exercises import catalog

BOOK = ROOT / "book"
TEXTS = {path.stem: path.read_text("utf-8") for path in sorted(BOOK.glob("*.md"))}
CHAPTERS = {phase: TEXTS[phase] for phase in PHASES}
every_chapter = pytest.mark.parametrize("phase", PHASES)

# --- metrics ---

# Roles, of which `glue` and `literature` give the metrics; code; formulas; addresses of links.
NOT_TYPED = re.compile(r"\{[\w:]+\}`[^`]*`|`[^`]*`|\$[^$]+\$|\]\([^)]*\)")
TERM = re.compile(r"\{term\}`([^`<]*)[^`]*`")  # a word of the sentence
QUOTED = re.compile(r'"[^"]*"')  # in the title of a box: what others say
METRIC = re.compile(
    r"\d[\d.,]*[ \N{NO-BREAK SPACE}]?(?:%|per ?cent\b)"
    r"|\d[\d.,]* percentage points|\d+\.\d+ points|(?<![\d.,])0?\.[1-9]\d+"
)
ALLOWED = re.compile(
    r"\b95 ?%(?=[^.;]{0,40}\b(?:intervals?|ranges?|level|confidence)\b)|\b(?:100|0) ?%"
)
SHOWN_OPTION = re.compile(r"\s*(?:alt|caption):")  # of a code cell


def typed_metrics(text: str) -> list[tuple[int, str]]:
    """Return line and wording of what looks like a measured result that somebody typed."""
    found, formula = [], False
    for line in chapter_text.lines(text):
        if line.text.strip().startswith("$$") and line.text.count("$$") == 1:
            formula = not formula
            continue
        shown = line.is_prose or line.mark or SHOWN_OPTION.match(line.text)
        if formula or not shown or chapter_text.FRONT in line.inside or line.text.startswith("%"):
            continue
        told = QUOTED.sub("", line.text) if line.mark else line.text
        prose = ALLOWED.sub("", NOT_TYPED.sub("", TERM.sub(r"\1", told)))
        found += [(line.number, match) for match in METRIC.findall(prose)]
    return found


@pytest.mark.parametrize("name", TEXTS)
def test_no_metric_is_typed_by_hand(name):
    """Numbers come from results through glue, or from the literature file."""
    assert typed_metrics(TEXTS[name]) == []


@pytest.mark.parametrize(
    "line",
    [
        "The network reaches 92.4 % on the validation images.",
        "It gains 1.3 percentage points.",
        "Dropout costs 0.4 points.",
        "Its accuracy is 0.924, and that of the linear model .83.",
        "Nine in ten, or 90 percent, are right; about 7% are shirts.",
        "A recall of 66\N{NO-BREAK SPACE}% for shirts.",
        "| small_cnn | 0.891 |",
        ":::{note}\nThe human score is 83.5 %.\n:::",
        "```{admonition} Predict: is it above 90 %?\n:class: predict\nGuess.\n```",
        '```{code-cell} ipython3\n---\nmystnb:\n  image:\n    alt: "A bar at 91.5 %."\n---\nx\n```',
    ],
)
def test_a_typed_metric_is_caught(line):
    """The check above can fail: in text, tables, boxes, their titles, and alternative texts."""
    assert typed_metrics(f"---\nminutes: {{read: 1}}\n---\n# One\n\n{line}\n")


@pytest.mark.parametrize(
    "line",
    [
        "The accuracy is {glue:text}`a-accuracy`, and people reach {literature}`human_accuracy`.",
        "Its 95 % {term}`confidence interval <interval>` is narrow.",
        "A 95 % interval covers the truth in 95 % of such intervals; half of 100 % is half.",
        "Of the 70,000 images 10,000 are for testing; the learning rate is 0.002, dropout 0.3.",
        "The momentum `0.99` and $\\beta_2 = 0.999$ are settings, no results.",
        "$$\n0.25 + 0.75 = 1\n$$",
        "A loss of ln 10, about 2.30 nats, is that of guessing.",
        "```python\naccuracy = 0.924  # 92.4 %\n```",
        "```{code-cell} ipython3\nprint(0.924, '92 %')\n```",
        "See [phase 4](phase4_train.md#a-0.92), version 1.0.4, page 157, in 2017.",
        '```{admonition} Misconception: "A loss of 0.88 means 88 % right"\n:class: x\nNo.\n```',
        "% A comment for writers: 92 %.",
    ],
)
def test_other_numbers_pass(line):
    """Settings, counts, formulas, code and glued results are not taken for typed metrics."""
    assert typed_metrics(f"---\nminutes: {{read: 1}}\n---\n# One\n\n{line}\n") == []


# --- published figures ---


def test_every_published_figure_has_its_source_in_the_bibliography():
    """No key of a source is mistyped, and a note says what to know before quoting it."""
    known = set(re.findall(r"^@\w+\{([^,\s]+),", (BOOK / "references.bib").read_text(), re.M))
    for figure in literature.load().values():
        assert figure.source in known, figure.key
        assert len(figure.note) > 20, figure.key


# --- the parts of a chapter ---


@every_chapter
def test_a_chapter_begins_with_a_question_and_says_what_it_needs(phase):
    """Title, guiding question, objectives that begin with verbs, and prerequisites."""
    text = CHAPTERS[phase]
    assert re.search(rf"^# Phase {phase[5]}: \S", text, re.M), "title `# Phase N: ...`"
    assert re.search(r"^\*\*[^*]+\?\*\*$", text, re.M), "guiding question in bold type"
    items = [one.text for one in catalog.read().objectives if one.phase == phase]
    assert len(items) >= 3
    for item in items:
        assert re.match(r"[a-z]+", item), item
        vague = re.match(r"(understand|know|learn|be |see|appreciate)", item)
        assert not vague, f"not something that one can be seen to do: {item}"
    assert re.search(r"^You need ", text, re.M), "prerequisites in a sentence `You need ...`"


@every_chapter
def test_a_chapter_has_boxes_key_points_and_further_reading(phase):
    """Predictions, a misconception, key points, and sources to read on."""
    text = CHAPTERS[phase]
    boxes = re.findall(
        r"^(?:`{3,}|:{3,})\{admonition\} (.+)\n:class: (predict|misconception)$", text, re.M
    )
    kinds = {kind for _, kind in boxes}
    assert "predict" in kinds
    assert "misconception" in kinds
    for title, kind in boxes:
        assert kind == "predict" or title.startswith("Misconception: "), title
    points = re.search(r"^## Key points\n\n((?:- .+\n)+)", text, re.M)
    assert points, "a list under the heading `## Key points`"
    assert len(points[1].strip().splitlines()) >= 3
    reading = re.search(r"^## Further reading\n(.+)\Z", text, re.M | re.S)
    assert reading, "the last section is `## Further reading`"
    assert reading[1].count("{cite}`") >= 2


@every_chapter
def test_a_chapter_describes_itself_to_search_engines(phase):
    """A description of its own, of the length that is shown."""
    description = chapter_text.front_matter(CHAPTERS[phase])["myst"]["html_meta"]["description"]
    assert 60 <= len(description) <= 220


@every_chapter
def test_pictures_have_alternative_texts_that_say_something(phase):
    """A still picture's text is a sentence; live figures compute theirs."""
    alternatives = re.findall(r"^\s*:?alt: (.+)$", CHAPTERS[phase], re.M)
    for text in alternatives:
        assert len(text.strip("\"'")) >= 30, text


def reading_minutes(text: str) -> float:
    """Return the minutes of a sitting: 200 words, 12 lines of code, or one prediction a minute."""
    words = sum(len(line.text.split()) for line in chapter_text.lines(text) if line.is_prose)
    code = sum(
        bool(line.strip())
        for cell in chapter_text.cells(text)
        if not {"remove-cell", "remove-input", "hide-input"} & cell.tags
        for line in cell.source.splitlines()
    )
    return words / 200 + code / 12 + text.count("\n:class: predict\n")


@every_chapter
def test_the_stated_reading_time_is_what_the_words_take(phase):
    """A sitting can be planned: the minutes in the front matter are within a third."""
    stated = chapter_text.front_matter(CHAPTERS[phase])["minutes"]
    estimated = reading_minutes(CHAPTERS[phase])
    assert abs(stated["read"] - estimated) <= estimated / 3, f"estimated: {estimated:.0f}"
    assert 0 < stated["run"] <= 5


@pytest.mark.parametrize("name", TEXTS)
def test_one_sentence_a_line(name):
    """A change in one sentence is a change in one line; items of lists and tables are exempt."""
    abbreviation = r"(?<!e\.g)(?<!i\.e)(?<!cf)(?<!vs)(?<!Dr)"
    for line in chapter_text.lines(TEXTS[name]):
        if line.is_prose and not re.match(r"[|%]|\s*(?:[-*]|\d+\.) ", line.text):
            prose = re.sub(r"\([^)]*\)", "", NOT_TYPED.sub("", line.text))
            sentences = re.findall(rf"[a-z)]{abbreviation}[.!] +[A-Z]", prose)
            assert not sentences, f"{name}.md:{line.number}: {line.text}"
