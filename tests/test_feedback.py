"""Feedback that arrives: in Moodle's forms, with links, and with what moved a mark and why."""

import csv
import dataclasses
import io
import json
import re
import shutil
import zipfile
from dataclasses import dataclass
from pathlib import Path

import msgspec
import pytest

from counted import verdicts
from examples import ANOTHER, COUNTS
from fmnist.exercises import catalog, reading
from fmnist.grading.hand_ins.roster import Student
from fmnist.grading.judging.record_keys import Key
from fmnist.grading.marks import kept_marks, mark_changes
from fmnist.grading.marks.kept_marks import Marked
from fmnist.grading.reports import feedback_files, tried

RIGHT = {one.name: one.reference.read_text("utf-8") for one in (COUNTS, ANOTHER)}
BEST_OF_BOTH = f"[[best]]\nof = ['{COUNTS.name}', '{ANOTHER.name}']\ncount = 1\n"
MOST = COUNTS.points + ANOTHER.points
BY_HAND = COUNTS.points - 0.5  # a mark
WRONG = "def class_counts(labels, classes=10):\n    return [1] * classes\n"
IMPORTS = "def class_counts(labels, classes=10):\n    __import__('shutil').rmtree('/')\n"
CATCHES = (
    RIGHT[ANOTHER.name] + "\ntry:\n    __import__('subprocess')\nexcept ImportError:\n    pass\n"
)
EXITS = "import math\nos = math.__loader__.__class__.__init__.__globals__\n"
ENDS = """import collections


def class_counts(labels, classes=10):
    collections._sys.modules["os"]._exit(3)
"""
# Columns of Moodle's worksheet: mod/assign/feedback/offline/locallib.php of moodle/moodle,
# `download_grades`.
COLUMNS = (
    "Identifier", "Full name", "Email address", "Status", "Grade", "Maximum Grade",
    "Grade can be changed", "Last modified (submission)", "Last modified (grade)",
    "Feedback comments",
)  # fmt: skip
CLASS = {"20": "Zoë <b>", "10": "Ada Lovelace", "30": "Bo_b/../C", "40": "Nobody"}
SITE = "https://example.edu/fmnist"


@dataclass
class Class:
    """A class on Moodle: a folder of hand-ins, a worksheet, and how to grade them."""

    place: Path
    run: object

    def hand_in(self, student: str, **answers: str) -> None:
        """Put answers where Moodle's download has them."""
        folder = self.place / "in" / f"{student} {student}_{student}_assignsubmission_file"
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in answers.items():
            (folder / f"{name}.py").write_text(text, "utf-8")

    def worksheet(self, comments: dict[str, str]) -> None:
        """Write what Moodle lets download."""
        with (self.place / "moodle.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(COLUMNS)
            for number, name in CLASS.items():
                cells = [f"Participant {number}", name, f"{number}@x.org", "Submitted", ""]
                cells.append(f"{MOST}.00")
                writer.writerow([*cells, "Yes", "-", "-", comments.get(number, "")])

    def grade(self, *more: object):
        """Grade two exercises."""
        exercises = ("--exercise", "class_counts", "--exercise", ANOTHER.name)
        folders = (self.place / "in", "--out", self.place / "out")
        done = self.run("grade", *folders, *exercises, "--roster", self.place / "moodle.csv", *more)
        assert done.returncode == 0, done.stderr
        return done

    def text(self, *names: str) -> str:
        """Return what a file of the results says."""
        return Path(self.place, "out", *names).read_text("utf-8")

    def moved(self) -> list[dict[str, str]]:
        """Return the rows of the table of marks that moved."""
        return list(csv.DictReader(io.StringIO(self.text("moved.csv"))))

    def by_checks(self, student: str, exercise: catalog.Exercise) -> float:
        """Return what the checks gave a student, as the record has it."""
        record = json.loads(self.text("records", f"{student}.json"))["record"]
        (part,) = [one for one in record["exercises"] if one["name"] == exercise.name]
        return part["points"]

    def marks(self, *lines: str) -> Path:
        """Write a file of marks by hand."""
        path = self.place / "hand.csv"
        path.write_text("\n".join(["student,item,points,reason", *lines, ""]), "utf-8")
        return path


@pytest.fixture(scope="module", name="graded_once")
def _graded_once(tmp_path_factory, fmnist, sandbox):
    """A class that was graded, with the site; Nobody handed in nothing."""
    class_ = Class(tmp_path_factory.mktemp("feedback"), fmnist)
    class_.hand_in("10", **RIGHT)
    class_.hand_in("20", **{COUNTS.name: WRONG, ANOTHER.name: CATCHES})
    class_.hand_in("30", **{COUNTS.name: IMPORTS, ANOTHER.name: RIGHT[ANOTHER.name]})
    class_.worksheet({"10": "Well done"})
    class_.said = class_.grade("--site", f"{SITE}/index.html").stdout
    return class_


@pytest.fixture(name="graded")
def _graded(tmp_path, fmnist, graded_once):
    """A copy of that class, to change."""
    shutil.copytree(graded_once.place, tmp_path / "class")
    return Class(tmp_path / "class", fmnist)


# --- for Moodle ---


def moodle_reads(name: str) -> tuple[int, str, str, str] | None:
    """Return participant, plugin's kind and name, and file as Moodle finds them in a file's name.

    As `is_valid_filename_for_import` in mod/assign/feedback/file/importziplib.php of moodle/moodle.
    """
    base = name.rpartition("/")[2]
    if base.startswith((".", "~")):
        return None
    parts = ["", "import", *name.split("/")]
    while parts:
        info = parts.pop(0).split("_", 4)
        if len(info) >= 4 and re.fullmatch("[0-9]+", info[1]):
            rest = [info[4] if len(info) > 4 else "", *parts]
            return int(info[1]), info[2], info[3], "/".join(rest)
    return None


def test_moodle_gets_the_page_of_each_student(graded_once):
    """In an archive whose names it understands; the same pages, the same bytes."""
    with zipfile.ZipFile(graded_once.place / "out" / "feedback-moodle.zip") as archive:
        found = {moodle_reads(name): archive.read(name).decode() for name in archive.namelist()}
    expected = {
        (int(number), "assignsubmission", "file", "feedback.html"): graded_once.text(
            "students", number, "feedback.html"
        )
        for number in CLASS
    }
    assert found == expected
    assert "feedback-moodle.zip has the feedback pages" in graded_once.said


@pytest.mark.parametrize(
    "name",
    ["", "../../etc/passwd", "~root", ".hidden", "a_7_b_c_d", "C:\\x\\y", "\u202eevil\x00\n", "__",
     "Ångström, Ö.-J. O'Neil", "..", "名前", "x" * 500, "CON"],
)  # fmt: skip
def test_no_name_of_a_person_leads_moodle_or_a_folder_astray(name):
    """Whatever somebody is called: a plain file, and the right participant."""
    made = feedback_files.name_of(Student("7", name))
    assert moodle_reads(made) == (7, "assignsubmission", "file", "feedback.html")
    assert not {*made} & {*'/\\:*?"<>|'}
    assert made.isprintable()
    assert ".." not in made
    assert len(made.encode()) < 255


def test_comments_of_the_worksheet_are_filled(graded_once):
    """Points, what is open, in words; what a person wrote stays; nothing of a student's text."""
    rows = list(csv.DictReader(io.StringIO(graded_once.text("grades-moodle.csv"))))
    comments = {row["Identifier"]: row["Feedback comments"] for row in rows}
    ada = comments["Participant 10"]
    assert ada.startswith(f"Well done\n<p>Graded by fmnist: {MOST} of {MOST} points.</p><ul><li>")
    assert "Solved: every check passed." in ada
    by_checks = graded_once.by_checks("20", COUNTS)
    assert 0 < by_checks < COUNTS.points
    assert f"{by_checks:g} of {COUNTS.points} points" in comments["Participant 20"]
    assert "No file with an answer was handed in." in comments["Participant 40"]
    assert "shutil" not in comments["Participant 30"]


def test_letters_can_be_written_from_a_table(graded_once):
    """For every platform: who, where to, what, and which page; no formula."""
    rows = list(csv.DictReader(io.StringIO(graded_once.text("feedback.csv"))))
    assert [row["student"] for row in rows] == list(CLASS)
    assert rows[1]["email"] == "10@x.org"
    assert rows[1]["comment"].startswith(f"Graded by fmnist: {MOST} of {MOST} points.\n")
    assert rows[1]["page"] == "students/10/feedback.html"


# --- where to read ---


def test_a_site_makes_links(graded_once):
    """On the page and in Markdown; the slash and the first page's name do not double."""
    link = f"{SITE}/{COUNTS.phase}.html#{COUNTS.read}"
    words = reading.in_words(COUNTS)
    assert words.startswith("in the book, phase 1, section “")
    page = graded_once.text("students", "20", "feedback.html")
    assert f'<a href="{link}">{words}</a>' in page
    assert f"{words}: <{link}>" in graded_once.text("students", "20", "feedback.md").replace(
        "\\", ""
    )


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("", ""),
        ("https://example.edu", "https://example.edu"),
        ("http://localhost:8000/", "http://localhost:8000"),
        ("https://example.edu/~ada/book/index.html", "https://example.edu/~ada/book"),
        (" https://example.edu/a%20b/ ", "https://example.edu/a%20b"),
    ],
)
def test_an_address_is_kept_as_links_begin_with_it(given, kept):
    """A slash at the end, or none."""
    assert reading.site(given) == kept


@pytest.mark.parametrize(
    "given",
    ["javascript:alert(1)", "example.edu", "https://", "https://a b", "https://x/?q=1", "file:///x",
     "https://x/#top", "https://x/<script>", 'https://x/"onload="', "//x", "ftp://x"],
)  # fmt: skip
def test_what_is_no_address_of_a_site_is_told(given):
    """It would be a link on pages of students."""
    with pytest.raises(reading.NoAddress, match="expected one such as"):
        reading.site(given)


def test_every_exercise_has_a_section_with_a_title():
    """Where nobody knows the site, a reply says it in words, and no dead link."""
    for exercise in catalog.load():
        words = reading.in_words(exercise)
        assert re.fullmatch("in the book, phase [1-6], section “[^“”`]+”", words), exercise.name
        assert ".html" not in words


# --- on the terminal ---


def test_the_terminal_shows_marks_as_they_count_in_the_order_of_the_roster(graded):
    """With names; progress says only that somebody is graded."""
    rules = graded.place / "late.toml"
    rules.write_text(BEST_OF_BOTH, "utf-8")
    marks = graded.marks(f"20,class_counts,{BY_HAND},Explained in person")
    said = graded.grade("--policy", rules, "--marks", marks).stdout
    lines = [line for line in said.splitlines() if " points" in line and " of " in line]
    assert [line.partition(":")[0] for line in lines[:4]] == [
        *("Zoë <b> (20)", "Ada Lovelace (10)", "Bo_b/../C (30)", "Nobody (40)")
    ]
    most = ANOTHER.points  # it was answered rightly, and the other half so
    assert lines[0].startswith(f"Zoë <b> (20): {most} of {most} points")
    assert re.search(r": 0 of \d+ points, missing$", lines[3])
    progress = [line for line in said.splitlines() if line.endswith(": graded")]
    assert len(progress) == 3


# --- marks that move ---


def test_a_second_run_moves_nothing_and_says_the_same(graded):
    """What was told once stays."""
    marks = graded.marks(f"20,class_counts,{BY_HAND},Explained in person")
    graded.grade("--marks", marks)
    before = graded.text("students", "20", "feedback.html")
    first = ANOTHER.points + graded.by_checks("20", COUNTS)
    moved = f"from {first:g} to {ANOTHER.points + BY_HAND:g} of {MOST} points"
    assert f"Your mark moved {moved}" in before
    graded.grade("--marks", marks)
    assert graded.text("students", "20", "feedback.html") == before
    assert "moved" not in graded.text("students", "10", "feedback.html")


def test_a_mark_by_hand_and_its_end_are_told(graded):
    """On the student's page, on the class page and in the table."""
    graded.grade(
        "--marks", graded.marks(f"20,class_counts,{BY_HAND},Explained", "10,phase1_explore,7,")
    )
    assert [(row["student"], row["exercise"], row["why"]) for row in graded.moved()] == [
        ("20", "class_counts", "a person gave this mark"),
        ("10", "phase1_explore", "a person gave this mark"),
    ]
    assert graded.moved()[1]["before"] == "open"
    assert "a person gave this mark" in graded.text("index.html")
    graded.grade()
    assert {row["why"] for row in graded.moved()} == {
        f"the mark by hand ({BY_HAND}) is not given any more",
        "the mark by hand (7) is not given any more",
    }
    page = graded.text("students", "20", "feedback.html")
    with_hand, without = ANOTHER.points + BY_HAND, ANOTHER.points + graded.by_checks("20", COUNTS)
    last, first = (f"to {mark:g} of {MOST} points" for mark in (without, with_hand))
    assert page.index(last) < page.index(first)  # the last one first


def test_a_project_is_called_by_its_title_where_students_read(graded):
    """In notes, in what moved, and in a comment; a table for programs keeps the name."""
    graded.grade("--marks", graded.marks("10,phase1_explore,7,Clear"))
    title = next(one.title for one in catalog.read().projects if one.phase == "phase1_explore")
    for name in ("feedback.html", "feedback.md", "results.json"):
        text = graded.text("students", "10", name).replace("\\u201c", "“").replace("\\u201d", "”")
        assert f"Project “{title}”: 7 points, given by a person: Clear." in text
        assert "phase1_explore: 7" not in text
    assert f"Project “{title}”: 7 points" in graded.text("feedback.csv")


def test_another_rule_is_told_although_nothing_is_graded_again(graded):
    """A deadline that was moved after grading, an exercise that does not count any more."""
    rules = graded.place / "rules.toml"
    rules.write_text(BEST_OF_BOTH, "utf-8")
    said = graded.grade("--policy", rules).stdout
    assert "3 were graded before" in said
    assert "marks moved" in said
    (ada, *_) = [row for row in graded.moved() if row["student"] == "10"]
    assert (ada["exercise"], ada["before"]) == ("total", f"{MOST}.0")
    left = COUNTS.points  # of two that are solved the first
    assert ada["after"] == f"{left}.0"
    why = "the rules on which exercises count have changed"
    assert ada["why"] == why
    told = f"Your mark moved from {MOST} of {MOST} to {left} of {left} points, because {why}."
    assert told in graded.text("students", "10", "feedback.html")


def test_another_answer_is_told(graded):
    """With the exercise, and the checks that say something else now."""
    before = graded.by_checks("20", COUNTS)
    graded.hand_in("20", class_counts=RIGHT["class_counts"])
    graded.grade()
    (row,) = graded.moved()
    assert (row["student"], row["exercise"]) == ("20", COUNTS.name)
    assert row["after"] == f"{COUNTS.points}.0"
    assert row["why"] == "another answer was handed in"
    wrong = verdicts(COUNTS, lambda _, classes=10: [1] * classes, [COUNTS.public_checks])
    assert next(one.check for one in wrong if not one.passed) in row["checks"]
    told = f"class_counts from {before:g} to {COUNTS.points}, because another answer was handed in."
    assert told in graded.text("students", "20", "feedback.html")


@pytest.mark.parametrize(
    ("content", "told"),
    [
        pytest.param("{", "cannot be read", id="cut off"),
        pytest.param('{"format": 99}', "has the format '99'", id="of another version"),
        pytest.param('{"format": 1}', "cannot be read", id="not whole"),
        pytest.param("[]", "cannot be read", id="something else"),
    ],
)
def test_marks_of_before_that_cannot_be_read_are_told(tmp_path, content, told):
    """Nobody is told that nothing moved."""
    assert kept_marks.earlier(tmp_path) == (None, "")
    (tmp_path / kept_marks.FILE).write_text(content, "utf-8")
    nothing, why = kept_marks.earlier(tmp_path)
    assert nothing is None
    assert why.startswith("Nobody knows which marks moved: ")
    assert told in why


KEY = Key({"class_counts": "mine"}, {"class_counts": "ours"}, "rest", "grader", 0, "A")
OTHER = {"class_counts": "x"}
MINE = {"class_counts": 1.0}


def made_by(**changes) -> Marked:
    """Return another mark, decided by another key."""
    return marked(2, key=dataclasses.replace(KEY, **changes))


def marked(points: float | None = 1.0, **changes) -> Marked:
    """Return the mark of one exercise of 2 points."""
    had = {} if points is None else {"class_counts": points}
    values = {
        "name": "Ada", "email": "", "state": "graded", "attempt": 1, "total": points,
        "max_total": 2, "points": had, "max_points": {"class_counts": 2}, "by_hand": {},
        "by_checks": had, "checks": {"class_counts": {"a": "passed", "b": "failed"}}, "key": KEY,
    }  # fmt: skip
    return Marked(**values | changes)


@pytest.mark.parametrize(
    ("now", "why"),
    [
        pytest.param(made_by(answers=OTHER), "another answer was", id="answer"),
        pytest.param(made_by(checks=OTHER), "the checks have", id="checks"),
        pytest.param(made_by(grader="x"), "the grader has", id="grader"),
        pytest.param(made_by(isolation="B"), "the sandbox is", id="level"),
        pytest.param(
            made_by(answers=OTHER, checks=OTHER),
            "another answer was handed in and the checks have changed", id="both",
        ),
        pytest.param(marked(2, attempt=2), "another attempt counts", id="attempt"),
        pytest.param(marked(2), "it was graded again", id="chance"),
        pytest.param(marked(0, key=None), "the hand-in is gone", id="gone"),
        pytest.param(marked(2, by_hand=MINE), "a person gave this mark", id="by hand"),
        pytest.param(
            marked(0.5, by_checks=MINE, percent=50.0, submitted="today"),
            "the time of the hand-in is another one (today in place of unknown) and lateness takes "
            "50 % off, and took nothing off before", id="late",
        ),
        pytest.param(
            marked(1.9, percent=5.0, rule="5 % a day"),
            "it was graded again and lateness takes 5 % off, and took nothing off before: 5 % a "
            "day",
            id="graded again, and late",
        ),
        pytest.param(marked(0.5, by_checks=MINE), "points are counted in another", id="unknown"),
        pytest.param(marked(None), "it was graded again", id="waits now"),
    ],
)  # fmt: skip
def test_a_reason_is_given_for_each_mark_that_moves(now, why):
    """The one that there is."""
    (moved,) = mark_changes.between("ada", marked(), now, other_rules=False)
    assert moved.why.startswith(why)
    assert f"because {why}" in mark_changes.sentence([moved], marked(), now)


def test_checks_that_came_or_went_are_named():
    """A removed check is the reason as much as one that says something else."""
    now = marked(2, checks={"class_counts": {"b": "failed", "c": "passed", "d (hidden)": "passed"}})
    (moved,) = mark_changes.between("ada", marked(), now, other_rules=False)
    assert moved.checks == ("c (new)", "d (hidden) (new)", "a (removed)")
    assert "c (new); d (hidden) (new); a (removed)" in mark_changes.table([moved])


def test_marks_of_another_assignment_have_not_moved():
    """One folder for two weeks in turn: nothing can be compared."""
    other = msgspec.structs.replace(marked(), points={"x": 0.0}, max_points={"x": 9}, total=0.0)
    assert mark_changes.between("ada", marked(), other, other_rules=True) == []


# --- what was tried ---


def test_what_answers_tried_is_shown_to_the_lecturer_alone(graded):
    """Stopped by the guard, caught by the answer itself, or an end of the process."""
    graded.hand_in("10", class_counts=ENDS)
    graded.grade()
    rows = list(csv.DictReader(io.StringIO(graded.text("tried.csv"))))
    tried = {(row["student"], row["exercise"]): row["tried"] for row in rows}
    assert tried == {
        ("10", "class_counts"): "an end of its process, call of _exit, use of modules, use of _sys",
        ("20", ANOTHER.name): "import of subprocess",
        ("30", "class_counts"): "import of shutil, call of rmtree",
    }
    page = graded.text("index.html")
    assert "Tried what no answer needs: 3 answers" in page
    assert "tried import of subprocess" in page
    for number in CLASS:
        for path in Path(graded.place, "out", "students", number).iterdir():
            text = path.read_text("utf-8").lower()
            assert "subprocess" not in text
            assert "tried" not in text.replace("was not tried", "")
            assert "model answer" not in text


@pytest.mark.parametrize("exercise", catalog.load(), ids=lambda one: one.name)
def test_no_reference_tries_anything(exercise):
    """What is named to a lecturer is not what an honest answer needs."""
    assert tried._written(exercise, exercise.reference.read_text("utf-8")) == []


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("import math\nsys = math.__loader__", "use of __loader__"),
        ("found = [].__class__.__base__.__subclasses__()", "use of __subclasses__"),
        ("def f(x):\n    return f.__globals__['__builtins__']", "use of __globals__"),
        ("import numpy\nos = numpy.linalg._os", "use of _os"),
    ],
)
def test_ways_round_the_import_guard_are_named(text, what):
    """Also where nothing came of them."""
    assert tried._written(COUNTS, text) == [what]


def test_students_read_nothing_of_sandboxes(graded_once):
    """The level of isolation says nothing to them."""
    for name in ("feedback.html", "feedback.md"):
        assert "isolation" not in graded_once.text("students", "10", name)
    assert "Isolation: A." in graded_once.text("index.html")
