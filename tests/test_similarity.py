"""Answers that resemble each other: found whatever they are called, and nothing said of others."""

import ast
import random
import re
import subprocess
import sys
import time

import numpy as np
import pytest

from examples import ANOTHER, COUNTS
from fmnist.course import ROOT
from fmnist.exercises import catalog
from fmnist.grading.hand_ins.roster import Student
from fmnist.grading.judging.records import Record
from fmnist.grading.marks.gradebook import Row
from fmnist.grading.reports import model_copies, similarity, similarity_page

MATRIX = catalog.find("confusion_matrix")
ANSWER = '''def confusion_matrix(pixels, query, k=5):
    """Keep the best in a list."""
    found = []
    for place, image in enumerate(pixels):
        total = 0
        for row, other in zip(image, query):
            for a, b in zip(row, other):
                gap = int(a) - int(b)
                total = total + gap ** 2
        found.append([total, place])
    while len(found) > k:
        worst = max(found)
        found.remove(worst)
    return [entry[1] for entry in sorted(found)]
'''
OTHER = """def confusion_matrix(pixels, query, k=5):
    def far(n):
        return sum(abs(u - v) ** 2 for u, v in pairs(pixels[n], pixels[query]))

    order = dict(sorted({n: far(n) for n in range(len(pixels)) if n != query}.items()))
    best = list(order)[:k]
    if not best or k < 1:
        raise ValueError(f"no {k} neighbours in {len(pixels)} images")
    return tuple(best) if isinstance(pixels, tuple) else best
"""


def renamed(text: str) -> str:
    """Return an answer as somebody hides that it is a copy: names, comments, layout, texts."""
    for old, new in (("found", "candidates"), ("total", "d"), ("image", "img"), ("worst", "w")):
        text = text.replace(old, new)
    text = text.replace('"""Keep the best in a list."""', "'my own work'")
    return "# by me\n\n" + text.replace("    ", "\t").replace(" + ", "+").replace("\n", "  # !\n")


def of(exercise, **answers: str) -> dict[str, dict[str, str]]:
    """Return answers to one exercise by student."""
    return {student: {exercise.name: text} for student, text in answers.items()}


def rows_of(**names: str) -> list[Row]:
    """Return what a class page needs of students: ids and names."""
    return [
        Row(Student(who, name), Record(who, 1, "graded", 0, 0, "A", (), ()), {}, {}, (), 0, 0)
        for who, name in names.items()
    ]


def test_a_copy_with_other_names_comments_and_layout_is_found():
    """And lines that stand in both are known."""
    sources = of(MATRIX, ada=ANSWER, bo=renamed(ANSWER), cy=OTHER)
    found = similarity.find(sources, [MATRIX])
    (couple,) = found.couples
    (pair,) = couple.pairs
    assert (couple.students, pair.exercise) == (("ada", "bo"), MATRIX.name)
    assert pair.share > 0.9
    assert not pair.same
    assert pair.lines[0] >= set(range(2, 14))  # the body
    assert pair.lines[1] >= set(range(4, 16))
    assert found.compared == 3


def test_a_copy_inside_a_longer_answer_is_found():
    """The share is of the smaller one."""
    sources = of(MATRIX, ada=ANSWER, bo=OTHER + "\n\n" + renamed(ANSWER))
    assert similarity.find(sources, [MATRIX]).couples[0].pairs[0].share > 0.9


@pytest.mark.parametrize(
    "sources",
    [
        pytest.param({"ada": MATRIX.stub, "bo": MATRIX.stub}, id="the stub"),
        pytest.param({"ada": MATRIX.reference, "bo": MATRIX.reference}, id="the model answer"),
    ],
)
def test_what_the_course_explains_is_no_resemblance(sources):
    """Neither two untouched stubs nor two answers like the reference."""
    found = similarity.find(
        of(MATRIX, **{who: path.read_text("utf-8") for who, path in sources.items()}), [MATRIX]
    )
    assert (found.couples, found.compared, found.short) == ([], 0, 2)


def test_different_answers_and_short_ones_are_not_listed():
    """One line that two students write alike says nothing."""
    line = "def confusion_matrix(pixels, query, k=5):\n    return sorted(pixels)[:k]\n"
    found = similarity.find(of(MATRIX, ada=ANSWER, bo=OTHER, cy=line, di=line), [MATRIX])
    assert (found.couples, found.compared, found.short) == ([], 2, 2)


def test_what_many_students_write_is_how_one_writes_it():
    """Of a class in which a third hands in one text, nobody is suspected for it."""
    many = {f"s{number}": ANSWER for number in range(12)}
    assert similarity.find(of(MATRIX, **many), [MATRIX]).couples == []
    few = {f"s{number}": ANSWER for number in range(4)}
    couples = similarity.find(of(MATRIX, **few), [MATRIX]).couples
    assert len(couples) == 3  # that link the four
    assert all(pair.same for couple in couples for pair in couple.pairs)


def test_two_students_are_one_row_whatever_they_share():
    """With the number of exercises, of those in which both say enough to be compared."""
    sources = {
        who: {MATRIX.name: text, COUNTS.name: text, ANOTHER.name: own}
        for who, text, own in (("ada", ANSWER, ANSWER), ("bo", renamed(ANSWER), OTHER))
    }
    (couple,) = similarity.find(sources, [MATRIX, COUNTS, ANOTHER]).couples
    assert couple.students == ("ada", "bo")
    assert [pair.exercise for pair in couple.pairs] == [MATRIX.name, COUNTS.name]
    assert couple.compared == 3


def test_who_shares_most_comes_first():
    """Two exercises of one pair before one of another, however close that is."""
    sources = {
        "ada": {MATRIX.name: ANSWER},
        "bo": {MATRIX.name: ANSWER, COUNTS.name: OTHER, ANOTHER.name: OTHER},
        "cy": {COUNTS.name: renamed(OTHER), ANOTHER.name: renamed(OTHER)},
    }
    couples = similarity.find(sources, [MATRIX, COUNTS, ANOTHER]).couples
    assert [couple.students for couple in couples] == [("bo", "cy"), ("ada", "bo")]
    assert [len(couple.pairs) for couple in couples] == [2, 1]


def test_a_pair_that_only_one_exercise_links_is_not_lost():
    """Three who are linked in one exercise, and two of them in another that the third has not."""
    sources = {
        "ada": {MATRIX.name: ANSWER, COUNTS.name: OTHER},
        "bo": {MATRIX.name: ANSWER, ANOTHER.name: OTHER},
        "cy": {COUNTS.name: OTHER, ANOTHER.name: OTHER},
    }
    couples = similarity.find(sources, [MATRIX, COUNTS, ANOTHER]).couples
    assert {couple.students for couple in couples} == {("ada", "bo"), ("ada", "cy"), ("bo", "cy")}


def test_the_model_answer_is_known_again_word_for_word():
    """Layout, comments, docstrings and imports apart; another name is another answer."""
    model = MATRIX.reference.read_text("utf-8")
    free = "# mine\nimport math\n\n" + model.replace('"""', '"""Mine. ', 1).replace("    ", "  ")
    names = (one.id for one in ast.walk(ast.parse(model)) if isinstance(one, ast.Name))
    other = re.sub(rf"\b{next(names)}\b", "differences", model)
    texts = {"ada": model, "bo": free, "cy": other, "di": ANSWER, "ed": "def ("}
    found = model_copies.find(of(MATRIX, **texts), [MATRIX])
    assert found.found == {"ada": (MATRIX.name,), "bo": (MATRIX.name,)}
    assert found.of == dict.fromkeys(texts, 1)
    assert found.counts == {MATRIX.name: 2}


def test_a_model_answer_of_a_few_words_says_nothing():
    """Many find the same ones; the page says what is left out."""
    model = COUNTS.reference.read_text("utf-8")
    found = model_copies.find(of(COUNTS, ada=model, bo=model), [COUNTS])
    assert (found.found, found.short) == ({}, (COUNTS.name,))


def test_broken_and_hostile_texts_are_compared_too():
    """Whatever a file holds, every character belongs to a token."""
    rng = random.Random(0)
    alphabet = "\"'\\#\n\t ()[]{}=+-*/azé0_\ud800\x00\u202e\u2028"
    for _ in range(200):
        text = "".join(rng.choices(alphabet, k=rng.randrange(300)))
        tokens = [found[0] for found in similarity._TOKEN.finditer(text)]
        assert "".join(tokens) == text
        similarity._fingerprints(text, similarity.WINDOW)
    texts = {"ada": ANSWER + "'''" * 999, "bo": ANSWER + "\x00\ud800(" * 999}
    assert similarity.find(of(MATRIX, **texts), [MATRIX]).couples


def test_only_the_beginning_of_a_very_long_answer_is_compared_and_that_is_told():
    """Nobody makes the comparison wait."""
    long = ANSWER + "x = 1\n" * similarity.MAX_TOKENS
    sources = of(MATRIX, ada=long, bo=renamed(ANSWER))
    found = similarity.find(sources, [MATRIX])
    assert found.cut == ((MATRIX.name, "ada"),)
    assert found.couples[0].pairs[0].share > 0.9
    page = similarity_page.html(
        found, rows_of(ada="Ada <L>", bo=""), sources, model_copies.find(sources, [MATRIX])
    )
    assert f"<bdi>Ada &lt;L&gt;</bdi> (<code>{MATRIX.name}</code>)." in page


PADDING = {
    "a comment": "# " + "x" * 10_000 + "\n",
    "many comments": "# padding\n" * 5_000,
    "blank lines": "\n" * 100_000,
    "a text": f'"""{"x" * 100_000}"""\n',
    "a long name": "x" * 50_000 + " = 1\n",
}


@pytest.mark.parametrize("padding", PADDING.values(), ids=PADDING)
def test_what_nobody_compares_hides_nothing(padding):
    """A copy below ten thousand characters that are no code is found, and its lines are shown."""
    sources = of(MATRIX, ada=ANSWER, bo=padding + renamed(ANSWER))
    found = similarity.find(sources, [MATRIX])
    assert (len(found.couples), found.cut) == (1, ())
    page = similarity_page.html(
        found, rows_of(ada="", bo=""), sources, model_copies.find(sources, [MATRIX])
    )
    assert page.count("worst") + page.count("w = max") >= 2
    assert len(page) < 60_000


def test_exercises_for_which_there_is_no_time_are_named():
    """What cannot be compared in time is left out rather than half compared."""
    sources = of(MATRIX, ada=ANSWER, bo=renamed(ANSWER))
    found = similarity.find(sources, [COUNTS, MATRIX], seconds=-1)
    assert (found.couples, found.left_out) == ([], (MATRIX.name,))


@pytest.mark.parametrize("highest", [2, 4, 10, 2**62])
def test_winnowing_selects_what_its_definition_says(highest):
    """Window by window: its smallest hash, the same place as long as that is in it."""
    rng = np.random.default_rng(highest)
    for _ in range(200):
        hashes = rng.integers(highest, size=rng.integers(1, 60))
        window = int(rng.integers(1, 9))
        selected: dict[int, int] = {}
        place = 0
        for end in range(len(hashes)):
            start = max(0, end - window + 1)
            smallest = hashes[start : end + 1].min()
            if place < start or hashes[place] != smallest:
                place = max(p for p in range(start, end + 1) if hashes[p] == smallest)
            selected.setdefault(int(smallest), place)
        values, places = similarity.winnow(hashes, window)
        assert dict(zip(values.tolist(), places.tolist(), strict=True)) == selected
        assert values.tolist() == sorted(selected)


def test_what_two_texts_share_in_a_window_is_selected_in_both():
    """What winnowing promises, whatever stands around it."""
    rng = np.random.default_rng(0)
    for _ in range(100):
        shared = rng.integers(2**62, size=similarity.WINDOW)
        texts = [
            np.concatenate([rng.integers(2**62, size=n), shared, rng.integers(2**62, size=n)])
            for n in (3, 9)
        ]
        first, second = (similarity.winnow(text, similarity.WINDOW)[0] for text in texts)
        assert np.isin(shared, np.intersect1d(first, second)).any()


def test_every_process_finds_the_same():
    """Python's own hashes differ from process to process; ours do not."""
    program = (
        "import sys; sys.path.insert(0, 'tests'); import test_similarity as t\n"
        "print(t.similarity._fingerprints(t.ANSWER, 3)[0].tolist())"
    )
    seen = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={"PYTHONHASHSEED": seed},
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in "12"
    }
    assert len(seen) == 1
    assert len(seen.pop()) > 100


def test_a_large_class_is_compared_in_time():
    """Five hundred different answers, two of them one copy: seconds, not minutes."""
    rng = random.Random(1)
    makers = (
        "{a} = [{b} for {b} in range({n})]",
        "if {a} > {n}: {b} = {a} * {n}",
        "{a} += {b}[{n}:]",
    )
    makers += ("while {a}: {b} = {a}.pop({n})", "for {a} in sorted({b}, key=len): {b}.append({n})")

    def answer() -> str:
        lines = [
            rng.choice(makers).format(a=rng.choice("xyz"), b=rng.choice("uvw"), n=rng.randrange(99))
            for _ in range(25)
        ]
        return "def confusion_matrix(pixels, query, k=5):\n    " + "\n    ".join(lines) + "\n"

    texts = {f"s{number}": answer() for number in range(500)}
    texts |= {"ada": ANSWER, "bo": renamed(ANSWER)}
    started = time.monotonic()
    found = similarity.find(of(MATRIX, **texts), [MATRIX])
    assert time.monotonic() - started < 20
    assert found.left_out == ()
    assert found.couples[0].students == ("ada", "bo")
    assert found.compared == 502


def test_the_page_shows_both_sides_escaped():
    """Sources are shown as text, control characters as escapes, shared lines marked."""
    hostile = renamed(ANSWER) + "# </pre><script>alert(1)</script>\x1b[31m\u202e\n"
    sources = of(MATRIX, ada=ANSWER, bo=hostile)
    rows = rows_of(ada="<b>Ada", bo="")
    model = model_copies.find(sources, [MATRIX])
    page = similarity_page.html(similarity.find(sources, [MATRIX]), rows, sources, model)
    assert "a reason to look, and no proof" in page
    assert "<mark>" in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;\\x1b[31m\\u202e" in page
    assert "&lt;b&gt;Ada" in page
    assert "<script" not in page
    assert "\x1b" not in page
