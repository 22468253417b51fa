"""What became of each hand-in: on the console, on the class page, in a file, for the student."""

import csv
import zipfile
from pathlib import Path

import pytest

from fmnist.exercises import catalog, sentences
from fmnist.exercises.verdicts import State
from fmnist.grading.hand_ins import places
from fmnist.grading.hand_ins.entries import Entry, HandedIn
from fmnist.grading.hand_ins.places import Place
from fmnist.grading.hand_ins.roster import Roster, Student
from fmnist.grading.hand_ins.submissions import Submission
from fmnist.grading.judging.record_keys import Keys
from fmnist.grading.judging.records import ExerciseRecord, Record, nothing
from fmnist.grading.marks import gradebook
from fmnist.grading.marks.policy import Policy
from fmnist.grading.reports import class_page, gradescope_results, lms, student_pages

COUNTS = catalog.find("class_counts")
GOOD = COUNTS.reference.read_text("utf-8")
BAD = "def class_counts(labels, classes=10):\n    return [1] * classes\n"
ONE = (COUNTS,)


class Class:
    """A folder of submissions, graded by the command."""

    def __init__(self, place: Path, fmnist):
        self.place, self._fmnist = place, fmnist
        self.out = place / "out"

    def put(self, name: str, text: str = GOOD) -> None:
        """Write a file among the submissions."""
        path = self.place / "in" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")

    def grade(self, roster: str = "", policy: str = "") -> str:
        """Grade, and return what the console shows."""
        more = []
        for option, text in (("--roster", roster), ("--policy", policy)):
            if text:
                path = self.place / f"file{option}"
                path.write_text(text, "utf-8")
                more += [option, path]
        done = self._fmnist(
            "grade", self.place / "in", "--out", self.out, "--exercise", "class_counts", *more
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def table(self, name: str) -> list[dict[str, str]]:
        """Return a table of the results."""
        with (self.out / name).open(encoding="utf-8", newline="") as file:
            return [*csv.DictReader(file)]

    def states(self) -> dict[str, tuple[str, str]]:
        """Return state and student of each place."""
        return {row["place"]: (row["state"], row["student"]) for row in self.table("hand-ins.csv")}

    def points(self) -> dict[str, float]:
        """Return the marks."""
        return {row["student"]: float(row["points"] or 0) for row in self.table("grades.csv")}

    def page(self) -> str:
        """Return the class page."""
        return (self.out / "index.html").read_text("utf-8")


@pytest.fixture(name="class_")
def _class(tmp_path, fmnist, sandbox):
    """A class in which nobody has handed in yet."""
    return Class(tmp_path, fmnist)


def test_a_canvas_class_is_told_whole(class_):
    """Every file and attempt; the last counts; another section's is nobody's."""
    class_.put("okaformira_8101_5501_class_counts.py", BAD)
    class_.put("okaformira_8101_5503_class_counts-1.py", GOOD)
    class_.put("okaformira_8101_5502_notes.pdf", "%PDF")
    class_.put("liwei_9002_6602_class_counts.py", GOOD)
    class_.put(".DS_Store", "x")
    roster = 'Student,ID,Section\n"Okafor, Mira",8101,A\n"Li, Wei",9001,A\n'
    told = class_.grade(roster)
    assert class_.points() == {"8101": 2, "9001": 0}
    assert class_.states() == {
        ".DS_Store": ("skipped", ""),
        "liwei_9002_6602_class_counts.py": ("skipped", ""),
        "okaformira_8101_5501_class_counts.py": ("replaced", "8101"),
        "okaformira_8101_5502_notes.pdf": ("counted", "8101"),
        "okaformira_8101_5503_class_counts-1.py": ("counted", "8101"),
    }
    assert "skipped liwei_9002_6602_class_counts.py: nobody on the roster has the id 9002" in told
    assert "replaced okaformira_8101_5501_class_counts.py: 8101, attempt 1; attempt 2" in told
    for name in ("liwei_9002_6602_class_counts.py", "okaformira_8101_5501_class_counts.py"):
        assert name in class_.page()
    best = '[attempts]\ncount = "best"\n'
    class_.put("okaformira_8101_5501_class_counts.py", GOOD)
    class_.put("okaformira_8101_5503_class_counts-1.py", BAD)
    told = class_.grade(roster, best)
    assert class_.points()["8101"] == 2
    assert class_.states()["okaformira_8101_5503_class_counts-1.py"] == ("replaced", "8101")
    assert "5503_class_counts-1.py: 8101, attempt 2; attempt 1 counts" in told


def test_no_table_steers_a_terminal(class_):
    """Whoever reads it there obeys no name of a folder, and no word of a file."""
    class_.put("esc\x1b[31m/class_counts.py", GOOD)
    class_.put("ada/class_counts.py", "x = = '\x1b]0;pwn\x07\u202e'\n")
    class_.put("bo/class_counts.py", GOOD)
    class_.grade("student\nada\nbo\n")
    text = (class_.place / "out" / "hand-ins.csv").read_text("utf-8")
    assert "ada" in text
    assert {one for one in text if not one.isprintable()} == {"\n"}


def test_doubtful_hand_ins_stop_nobody(class_):
    """None of two is chosen; the student has no mark yet, and the others have theirs."""
    class_.put("mira/class_counts.py", GOOD)
    with zipfile.ZipFile(class_.place / "in" / "mira.zip", "w") as archive:
        archive.writestr("class_counts.py", BAD)
    class_.put("jonas/Class_Counts.py", GOOD)
    class_.put("jonas/report.pdf", "%PDF")
    class_.put("0042317/class_counts.py", GOOD)
    class_.put("lena/clas_counts.py", "x = 1\n")
    class_.put("lena/n.pdf", "x")
    told = class_.grade("student\nmira\njonas\n42317\nlena\n")
    rows = {row["student"]: row for row in class_.table("grades.csv")}
    assert {name: row["state"] for name, row in rows.items()} == {
        "mira": "doubtful",
        "jonas": "graded",
        "42317": "missing",
        "lena": "missing",
    }
    assert class_.points()["jonas"] == 2
    assert class_.states()["mira"] == class_.states()["mira.zip"] == ("doubtful", "mira")
    assert class_.states()["0042317"] == ("skipped", "")
    assert "doubtful mira, mira.zip: Nobody can tell which" in told
    assert "near is 42317" in told
    assert "nothing from lena" not in told
    page = class_.page()
    assert "near is 42317" in page
    assert "Class_Counts.py" in page
    assert "`clas_counts.py`" in page
    assert "Doubtful: 1 submission" in page
    feedback = (class_.out / "students" / "mira" / "feedback.md").read_text("utf-8")
    assert "no mark yet" in feedback
    assert "Nothing was handed in" not in feedback
    feedback = (class_.out / "students" / "lena" / "feedback.md").read_text("utf-8")
    assert "Nothing was handed in" not in feedback
    assert "Perhaps `clas_counts.py`" in feedback
    feedback = (class_.out / "students" / "42317" / "feedback.md").read_text("utf-8")
    assert "Nothing was handed in" in feedback
    # When the doubt is gone, there is a mark.
    (class_.place / "in" / "mira.zip").unlink()
    class_.grade("student\nmira\njonas\n42317\nlena\n")
    assert class_.points()["mira"] == 2


def test_a_name_that_orders_a_runner_about_is_shown_otherwise(class_):
    """On a host that obeys lines of a log, what a hand-in is called is no order."""
    for name in ("::error title=x::y", "##[error]no", "mira"):
        class_.put(f"{name}/class_counts.py")
    told = class_.grade()
    assert told.count("2 of 2 points") == 3
    assert "error title=x" in told
    assert not [line for line in told.splitlines() if line.lstrip().startswith(("::", "##["))]


def test_what_a_run_writes_is_no_hand_in_of_the_next(class_):
    """Results may lie among the submissions."""
    class_.put("mira/class_counts.py")
    class_.out = class_.place / "in" / "results"
    for _ in range(2):
        told = class_.grade()
        assert class_.points() == {"mira": 2}
    assert "skipped results: results of fmnist grade, not a hand-in" in told


# --- the parts ---


def entry(student: str, *names: str, **more) -> Entry:
    """Return a hand-in of files."""
    return Entry(student, tuple(Path("in", name) for name in names), **more)


def test_each_place_has_its_state():
    """A file that counts in one attempt counts, and one of nobody is told, too."""
    handed_in = HandedIn(
        entries=(
            entry("ada", "a.py", "b.py"),
            entry("ada", "a.py", "b-1.py", attempt=2),
            entry("bob", "bob"),
            entry("cy", "cy", "cy.zip", doubt="?"),
            entry("dee", "group"),
            entry("eve", "group"),
        ),
        skipped={"x.txt": "no"},
        missing=("zoe",),
        doubtful={"cy": "which?", "cy.zip": "which?", "li": "whose?"},
    )
    made = places.of(handed_in, {"ada": 2, "cy": 1, "dee": 1, "eve": 1}, {"eve": "it is a RAR"})
    assert made == [
        Place("a.py", "ada", "counted", ""),
        Place("b-1.py", "ada", "counted", ""),
        Place("b.py", "ada", "replaced", "attempt 1; attempt 2 counts"),
        Place("bob", "bob", "not graded", ""),
        Place("cy", "cy", "doubtful", "which?"),
        Place("cy.zip", "cy", "doubtful", "which?"),
        Place("group", "dee", "counted", ""),
        Place("group", "eve", "no answer read", "it is a RAR"),
        Place("li", "", "doubtful", "whose?"),
        Place("x.txt", "", "skipped", "no"),
    ]
    assert {one.state for one in made} == {*places.STATES}


def row(state: str = "missing", *, message: str = "", **more) -> gradebook.Row:
    """Return a row of a student whose only exercise has a state."""
    verdicts = nothing("ada", ONE, isolation="A").exercises[0].verdicts
    if message:
        verdicts = (type(verdicts[0])(**(vars(verdicts[0]) | {"message": message})),)
    part = ExerciseRecord("class_counts", state, 0.0, 2, verdicts)
    record = Record("ada", 1, state, 0.0, 2, "A", (part,), **({"ignored": ()} | more))
    (made,) = gradebook.rows(
        {"ada": [gradebook.Attempt(record)]}, [Student("ada")], ONE, policy=Policy()
    )
    return made


@pytest.mark.parametrize("page", [student_pages.html, student_pages.markdown])
def test_nothing_is_said_only_to_who_handed_in_nothing(page):
    """Not to those whose file has another name, nor to those of whom there are notes."""
    assert "Nothing was handed in" in page(row(), ONE)
    for other in (
        row(ignored=("a.py",)),
        row(notes=("class_counts: too many files.",)),
        row(State.DOUBTFUL),
    ):
        assert "Nothing was handed in" not in page(other, ONE)


@pytest.mark.parametrize("page", [student_pages.html, student_pages.markdown])
def test_notes_on_files_reach_the_student_and_do_no_harm(page):
    """Whatever a file is called."""
    told = page(row("graded", notes=("read from `<script>\x1b[2J[x](y)`.",)), ONE)
    assert "How your files were read" in told
    assert "<script>" not in told
    assert "\x1b" not in told


def test_notes_on_files_reach_gradescope():
    """In the text above the tests."""
    told = gradescope_results.results(row("graded", notes=("read from `a`.",)), ONE)
    assert "read from `a`." in told["output"]


def test_a_doubtful_student_has_no_mark_elsewhere(tmp_path):
    """The cell for the platform stays empty, and the reason is told."""
    roster = Roster((Student("ada", row={"Student": "A", "ID": "1"}),), ("Student", "ID"), "canvas")
    (note, *_) = [
        one for one in lms.write([row(State.DOUBTFUL)], roster, tmp_path) if "no mark" in one
    ]
    assert "doubtful" in note
    assert row(State.DOUBTFUL).waits
    assert not row("missing").waits


def test_the_class_page_lists_what_does_not_count():
    """What is urgent first; names are shown and do nothing."""
    told = [
        Place("<b>x</b>.txt", "", "skipped", "no"),
        Place("a.py", "ada", "replaced", "attempt 1; attempt 2 counts"),
        Place("b.py", "ada", "counted", ""),
        Place("mira", "mira", "doubtful", "which?"),
    ]
    page = class_page.html([row()], ONE, moved=[], places=told)
    assert "1 doubtful, 1 skipped, 1 replaced, 1 counted" in page
    assert "<b>x" not in page
    assert page.index("which?") < page.index(".txt</bdi>") < page.index("attempt 2 counts")
    assert "b.py" not in page
    assert "What was handed in" not in class_page.html([row()], ONE, moved=[])


def test_a_class_in_doubt_has_no_average_of_it():
    """Nobody's mark is 0 because two hand-ins came."""
    page = class_page.html([row(State.DOUBTFUL)], ONE, moved=[])
    assert "<b>\u2013</b> points on average" in page


def test_a_near_miss_is_on_the_class_page():
    """With the file that came near; a plain absence is not."""
    near = "There is no file class_counts.py. Perhaps `Class.py` was meant."
    assert "`Class.py`" in class_page.html([row(message=near)], ONE, moved=[])
    plain = row(message=sentences.NO_FILE.format(name="class_counts"))
    assert "that are not the expected ones" not in class_page.html([plain], ONE, moved=[])
    several = row("doubtful", message="Several files could be class_counts.py: `a` and `b`.")
    assert "`a` and `b`" in class_page.html([several], ONE, moved=[])
    syntax = row("not gradable", message="Python 3.11 cannot read line 1.")
    page = class_page.html([syntax], ONE, moved=[])
    assert "that are not the expected ones" not in page
    assert page.count("cannot read line 1") == 1  # why it is not gradable


def test_a_note_decides_a_record():
    """It stands in it."""
    keys = Keys(ONE, isolation="A")
    plain = Submission("ada", {"class_counts": GOOD}, {}, ())
    noted = Submission("ada", {"class_counts": GOOD}, {}, (), notes=("read from a",))
    assert keys.of(plain) != keys.of(noted)
