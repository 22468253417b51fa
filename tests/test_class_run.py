"""A class run goes on after a stop, and loses, doubles or tears nothing."""

import csv
import json
import os
import re
import shutil
import signal
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import psutil
import pytest

from counted import verdicts
from examples import COUNTS
from fmnist.course import ROOT
from fmnist.exercises import sentences
from fmnist.grading.hand_ins.roster import Student
from fmnist.grading.judging import store
from fmnist.grading.marks import by_hand, policy
from fmnist.grading.marks.people import People
from fmnist.tools import results_folders
from fmnist.tools.toml_tables import TableError
from hostile import all_ended

RIGHT = COUNTS.reference.read_text("utf-8")
WRONG = "def class_counts(labels, classes=10):\n    return [1] * classes\n"
SLOW = "def class_counts(labels, classes=10):\n    while True: pass\n"
MARKS = "student,item,points,reason\n"
ADA = People([Student("ada")], whole=True)


class Course:
    """A folder of submissions, and how to grade it."""

    def __init__(self, place, fmnist):
        self.folder, self.out, self._fmnist = place / "in", place / "out", fmnist

    def hand_in(self, student: str, source: str) -> None:
        """Put an answer into the folder of a student."""
        (self.folder / student).mkdir(parents=True, exist_ok=True)
        (self.folder / student / "class_counts.py").write_text(source, "utf-8")

    def arguments(self, *more: str) -> list[str]:
        """Return what to type to grade it."""
        return ["grade", str(self.folder), "--out", str(self.out), *more]

    def grade(self, *more: str):
        """Grade one exercise, or what `more` says."""
        options = more if "--phase" in more else ("--exercise", "class_counts", *more)
        return self._fmnist(*self.arguments(*options))

    def rows(self) -> dict[str, dict[str, str]]:
        """Return the gradebook, by student."""
        with (self.out / "grades.csv").open(encoding="utf-8") as file:
            return {row["student"]: row for row in csv.DictReader(file)}

    def files(self) -> dict[str, bytes]:
        """Return what grading wrote, but for the times that it took."""
        return {
            str(path.relative_to(self.out)): path.read_bytes()
            for path in sorted(self.out.rglob("*"))
            if path.is_file() and not path.name.startswith(".")
            and "times" not in str(path.relative_to(self.out))
        }  # fmt: skip


@pytest.fixture(name="course")
def _course(tmp_path, fmnist, sandbox):
    """A class in which nobody has handed in yet."""
    return Course(tmp_path, fmnist)


@pytest.fixture(scope="module", name="graded_once")
def _graded_once(tmp_path_factory, fmnist, sandbox):
    """A class that was graded: Ada is right, Bob is wrong."""
    course = Course(tmp_path_factory.mktemp("graded"), fmnist)
    course.hand_in("ada", RIGHT)
    course.hand_in("bob", WRONG)
    done = course.grade()
    assert done.returncode == 0, done.stderr
    return course


@pytest.fixture(name="graded")
def _graded(tmp_path, fmnist, graded_once):
    """A copy of that class, to change."""
    course = Course(tmp_path, fmnist)
    shutil.copytree(graded_once.folder, course.folder)
    shutil.copytree(graded_once.out, course.out)
    return course


def test_what_is_graded_is_not_graded_again(graded):
    """A second run grades nothing, and no byte changes."""
    before = graded.files()
    again = graded.grade()
    assert "2 were graded before" in again.stdout
    assert graded.files() == before


def test_only_what_changed_is_graded_again(graded):
    """Another answer gets another mark, and the report says whose moved and why."""
    before = graded.rows()["bob"]["points"]
    assert 0 < float(before) < COUNTS.points
    graded.hand_in("bob", RIGHT)
    again = graded.grade()
    assert "1 was graded before" in again.stdout
    assert float(graded.rows()["bob"]["points"]) == COUNTS.points
    (moved,) = csv.DictReader((graded.out / "moved.csv").read_text("utf-8").splitlines())
    assert (moved["student"], moved["before"]) == ("bob", before)
    assert moved["after"] == f"{COUNTS.points}.0"
    assert moved["why"] == "another answer was handed in"
    wrong = verdicts(COUNTS, lambda _, classes=10: [1] * classes, [COUNTS.public_checks])
    assert next(one.check for one in wrong if not one.passed) in moved["checks"]


def test_regrade_makes_every_record_again(graded):
    """With --regrade nothing is taken over, and nothing moves if nothing changed."""
    before = graded.files()
    again = graded.grade("--regrade")
    assert "graded before" not in again.stdout
    assert graded.files() == before


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(lambda text: text[: len(text) // 2], id="torn", marks=pytest.mark.slow),
        pytest.param(
            lambda text: re.sub(r'"points": [0-9.]+', f'"points": {COUNTS.points}.0', text),
            id="edited",
        ),
        pytest.param(lambda _: "[]", id="something else", marks=pytest.mark.slow),
        pytest.param(lambda _: "\0\xff", id="rubbish"),
    ],
)
def test_a_damaged_record_is_made_again(graded, damage):
    """A record that is not as it was written counts for nothing."""
    path = graded.out / "records" / "bob.json"
    whole = path.read_text("utf-8")
    path.write_text(damage(whole), "utf-8")
    again = graded.grade()
    assert "bob: the record was damaged and has been made again" in again.stdout
    assert path.read_text("utf-8") == whole


def test_a_killed_run_goes_on(course):
    """Kill -9 leaves whole records only, and no process; the next run makes the others."""
    students = [f"student{number:02}" for number in range(12)]
    for student in students:
        course.hand_in(student, RIGHT)
    for student in students[4::5]:
        course.hand_in(student, SLOW)
    command = [sys.executable, "-m", "fmnist", *course.arguments("--exercise", "class_counts")]
    run = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    for line in run.stdout:
        if ": graded" in line:
            break
    others = psutil.Process(run.pid).children(recursive=True)
    run.kill()
    run.wait()
    assert len(others) > 2
    assert all_ended(others)
    run.stdout.close()
    kept = {path.stem: path.read_bytes() for path in (course.out / "records").glob("*.json")}
    assert 0 < len(kept) < len(students)
    assert all(json.loads(text)["record"]["state"] == "graded" for text in kept.values())
    assert course.grade().returncode == 0
    for student, content in kept.items():
        assert (course.out / "records" / f"{student}.json").read_bytes() == content
    marks = {student: float(row["points"]) for student, row in course.rows().items()}
    assert marks == dict.fromkeys(students, COUNTS.points) | dict.fromkeys(students[4::5], 0.0)
    assert not list(course.out.rglob(".writing*"))


def test_a_file_that_says_the_same_is_left_alone(tmp_path):
    """Unless others may read it: marks are their owner's."""
    path = tmp_path / "grades.csv"
    store.write_whole(path, "ada,1\n")
    first = path.stat()
    assert stat.S_IMODE(first.st_mode) == 0o600
    store.write_whole(path, "ada,1\n")
    assert path.stat().st_ino == first.st_ino
    path.chmod(0o644)
    store.write_whole(path, "ada,1\n")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    store.write_whole(path, "bob,1\n")
    assert path.read_text("utf-8") == "bob,1\n"
    assert [*tmp_path.iterdir()] == [path]


def test_what_a_killed_run_was_writing_is_removed(tmp_path):
    """Wherever a run writes, and nothing else."""
    half = ("", "records/", "records/attempt-2/", "students/ada/")
    mine = (".writing-mine", "students/ada/photos/.writing-abcd_123", "mine")
    results_folders.claim(tmp_path)
    for name in (*(f"{place}.writing-abcd_123" for place in half), *mine):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("half", "utf-8")
    with store.Store(tmp_path).alone():
        left = {
            path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.is_file()
        }
    assert left - {".lock", results_folders.MARK} == {*mine}


def test_two_runs_do_not_share_a_folder(course):
    """The second is told to wait; nothing is written twice."""
    course.hand_in("ada", RIGHT)
    with store.Store(course.out).alone():
        second = course.grade()
    assert second.returncode == 1
    assert second.stderr.startswith("fmnist: Another run is grading into")
    assert not list((course.out / "records").glob("*.json"))


def test_the_class_has_a_time_limit(course):
    """When the time is over, what is graded is kept and the rest is named as not done."""
    for number in range(4):
        course.hand_in(f"s{number}", SLOW)
    ended = course.grade("--minutes", "0.05", "--workers", "1")
    assert ended.returncode == 1
    assert "minutes are over" in ended.stderr
    assert len(course.rows()) < 4


def test_a_run_that_stops_early_keeps_what_it_did_not_reach(course):
    """Who is at the end of the list, and handed in nothing new, keeps record and mark."""
    for student in ("a0", "a1", "a2", "z"):
        course.hand_in(student, RIGHT)
    course.grade()
    before = (course.out / "records" / "z.json").read_bytes()
    for student in ("a0", "a1", "a2"):
        course.hand_in(student, SLOW)
    ended = course.grade("--minutes", "0.01", "--workers", "1")
    assert "minutes are over" in ended.stderr
    assert (course.out / "records" / "z.json").read_bytes() == before
    told = re.search(r"^\d not graded yet, and in the gradebook with their earlier outcome: (.+)$",
                     ended.stdout, re.M)  # fmt: skip
    assert told
    assert told[1].startswith("a")
    assert "z" not in told[1]
    assert {name: float(row["points"]) for name, row in course.rows().items()} == dict.fromkeys(
        ("a0", "a1", "a2", "z"), float(COUNTS.points)
    )
    page = (course.out / "students" / "a2" / "feedback.md").read_text("utf-8")
    assert sentences.NOT_JUDGED_YET in page
    table = (course.out / "hand-ins.csv").read_text("utf-8")
    assert "a2,a2,not graded,an earlier outcome counts" in table


@pytest.mark.parametrize(
    "why",
    [
        pytest.param(("--cluster", "tcp://127.0.0.1:9"), id="no cluster"),
        pytest.param(("--regrade", "--cluster", "tcp://127.0.0.1:9"), id="no cluster to regrade"),
    ],
)
def test_an_early_end_takes_nobody_out(graded, why):
    """Gradebook and feedback are those of all records that are there, also of earlier answers."""
    before = graded.files()
    graded.hand_in("ada", WRONG)
    ended = graded.grade(*why)
    assert ended.returncode == 1
    assert {name: row["points"] for name, row in graded.rows().items()} == {
        "ada": f"{COUNTS.points}.0",
        "bob": before_points(before, "bob"),
    }
    assert {*graded.files()} >= {*before}
    assert "ada" in re.search("in the gradebook with their earlier outcome: (.+)", ended.stdout)[1]
    graded.hand_in("ada", RIGHT)
    assert graded.grade().returncode == 0
    assert graded.files() == before


def before_points(files: dict[str, bytes], student: str) -> str:
    """Return the points of a student in a gradebook."""
    rows = csv.DictReader(files["grades.csv"].decode().splitlines())
    return next(row["points"] for row in rows if row["student"] == student)


def test_a_regrading_that_ended_early_goes_on(course):
    """Each is judged once more, and no more often; then another regrading begins anew."""
    for number in range(6):
        course.hand_in(f"s{number}", RIGHT)
    course.grade()
    before = course.files()
    times = {}
    for _ in range(20):
        ended = course.grade("--regrade", "--minutes", "0.035", "--workers", "1")
        for path in (course.out / "times").glob("*.json"):
            times.setdefault(path.name, set()).add(path.read_bytes())
        if ended.returncode == 0:
            break
        assert (course.out / ".regrading").is_file()
    assert ended.returncode == 0, ended.stderr
    assert not (course.out / ".regrading").exists()
    assert course.files() == before
    assert {len(kept) for kept in times.values()} <= {1, 2}  # before, and after


@pytest.mark.slow
def test_a_drop_folder_is_graded_whenever_it_changes(course):
    """Who hands in, or hands in again, gets a mark at once; Ctrl-C ends it without a trace."""
    course.hand_in("ada", RIGHT)
    run = watching(course)
    wait_for(run, "Waiting for changes")
    for source, words in ((WRONG, "Waiting for changes"), (RIGHT, "1 mark moved")):
        with handing_in(course, "bob", source):
            wait_for(run, words)
    wait_for(run, "Waiting for changes")
    run.send_signal(signal.SIGINT)
    _, errors = run.communicate(timeout=60)
    assert (run.returncode, errors) == (0, "")
    assert {row["points"] for row in course.rows().values()} == {f"{COUNTS.points}.0"}


def test_two_hand_ins_of_one_name_do_not_stop_a_drop_folder(course):
    """Whoever drops a file that is called like another's folder stops nobody's grading."""
    course.hand_in("ada", RIGHT)
    for name, source in (("bob.py", RIGHT), ("ADA.py", WRONG)):
        (course.folder / name).write_text(source, "utf-8")
    run = watching(course)
    wait_for(run, "Waiting for changes")
    run.send_signal(signal.SIGINT)
    _, errors = run.communicate(timeout=60)
    assert (run.returncode, errors) == (0, "")
    marks = {name.lower(): (row["state"], row["points"]) for name, row in course.rows().items()}
    assert marks == {"ada": ("doubtful", ""), "bob": ("graded", f"{COUNTS.points}.0")}


def watching(course: Course) -> subprocess.Popen:
    """Start grading a folder whenever it changes."""
    start = (
        "import signal; signal.signal(2, signal.default_int_handler)\n"  # a parent may ignore it
    )
    start += "from fmnist.cli import main; main()"
    return subprocess.Popen(
        [sys.executable, "-c", start, *course.arguments("--exercise", "class_counts", "--watch")],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONUNBUFFERED": "1"},
    )


@contextmanager
def handing_in(course: Course, student: str, source: str) -> Iterator[None]:
    """Hand in, and again every few seconds: what comes before the folder is watched is not seen."""
    over = threading.Event()

    def again() -> None:
        course.hand_in(student, source)
        while not over.wait(5):
            course.hand_in(student, source)

    writing = threading.Thread(target=again)
    writing.start()
    try:
        yield
    finally:
        over.set()
        writing.join()


def wait_for(run: subprocess.Popen, words: str) -> None:
    """Read what a process says until there are these words in a line."""
    for line in run.stdout:
        if words in line:
            return
    raise AssertionError(f"it ended without {words!r}: {run.stderr.read()}")


def test_late_policy_marks_and_missing_students(graded, tmp_path):
    """The roster's silent students get a row; a person's mark stands, with its reason."""
    course = graded
    roster, rules, marks = tmp_path / "class.csv", tmp_path / "late.toml", tmp_path / "hand.csv"
    roster.write_text(
        "student,name,submitted\nada,Ada,2026-01-03T12:00:00+00:00\n"
        "bob,Bob,2026-01-01T12:00:00+00:00\nzoe,Zoe,\n"
    )
    rules.write_text("[late]\ndeadline = 2026-01-02T00:00:00Z\npercent_per_day = 10\n")
    marks.write_text(
        "student,item,points,reason\nbob,class_counts,1,Explained it in person.\n"
        "ada,phase1_explore,3,\n"
    )
    options = ("--roster", str(roster), "--policy", str(rules), "--marks", str(marks))
    done = course.grade(*options)
    assert done.returncode == 0, done.stderr
    rows = course.rows()
    assert "nothing from zoe" in done.stdout
    assert rows["zoe"]["state"] == "missing"
    after_two_days = 0.8 * COUNTS.points  # that have begun
    assert float(rows["ada"]["class_counts"]) == pytest.approx(after_two_days)
    assert float(rows["ada"]["phase1_explore"]) == 3
    assert float(rows["bob"]["points"]) == 1
    course.grade(*options, "--regrade")
    assert course.rows() == rows


@pytest.mark.parametrize(
    ("content", "message"),
    [
        pytest.param("[late]\ndeadline = 2026-01-02\n", "offset", id="time zone"),
        pytest.param("[lat]\n", "unknown key, `lat`", id="unknown table"),
        pytest.param("nonsense\n", "not TOML", id="no TOML"),
        pytest.param("", "late.toml is empty", id="empty"),
    ],
)
def test_rules_that_are_none_are_told(tmp_path, content, message):
    """The sentence says what is wrong in the file."""
    path = tmp_path / "late.toml"
    path.write_text(content)
    with pytest.raises(TableError, match=message):
        policy.read(path)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        pytest.param("student,item\nada,x\n", "expected the columns", id="columns"),
        pytest.param(f"{MARKS}x,class_counts,1,y\n", "no student 'x'", id="unknown student"),
        pytest.param(f"{MARKS}ada,nope,1,y\n", "'nope' is no exercise", id="unknown item"),
        pytest.param(
            f"{MARKS}ada,class_counts,{COUNTS.points + 1},y\n",
            f"give 0 to {COUNTS.points}",
            id="too many points",
        ),
        pytest.param(f"{MARKS}ada,class_counts,1,\n", "say why", id="no reason"),
        pytest.param("", "hand.csv is empty; expected a first line", id="empty"),
    ],
)
def test_marks_that_are_none_are_told(tmp_path, content, message):
    """The sentence says what is wrong in the line."""
    path = tmp_path / "hand.csv"
    path.write_text(content)
    with pytest.raises(by_hand.MarksError, match=message):
        by_hand.read(path, ADA)


def test_a_file_of_marks_may_have_none(tmp_path):
    """The header alone is a file in which nobody has a mark by hand."""
    path = tmp_path / "hand.csv"
    path.write_text(MARKS)
    assert by_hand.read(path, ADA) == by_hand.Marks()


def test_wrong_files_are_told_before_anything_is_graded(course, tmp_path):
    """One line, no traceback, no record."""
    course.hand_in("ada", RIGHT)
    path = tmp_path / "file"
    path.write_text("[lat]\n")
    done = course.grade("--policy", str(path))
    assert done.returncode == 1
    assert done.stderr.startswith("fmnist: ")
    assert done.stderr.count("\n") == 1
    assert not list((course.out / "records").glob("*.json"))


LATER = """
import time
now, seconds = time.time, 366 * 86400
time.time = lambda: now() + seconds
time.time_ns = lambda: int(1e9 * time.time())
time.localtime = lambda at=None, real=time.localtime: real(time.time() if at is None else at)
time.gmtime = lambda at=None, real=time.gmtime: real(time.time() if at is None else at)
"""
RULES = """zone = "Europe/Berlin"
[late]
deadline = 2026-12-01T23:59:00
percent_per_day = 10
[submitted]
ada = 2026-12-02T08:30:00
"""


def test_a_year_later_and_elsewhere_a_class_gets_the_same_bytes(course, tmp_path, fmnist):
    """From the same files and the seed of the class; the page says which version made it."""
    (tmp_path / "rules.toml").write_text(RULES, "utf-8")
    (tmp_path / "later").mkdir()
    (tmp_path / "later" / "sitecustomize.py").write_text(LATER, "utf-8")
    for student, source in {"ada": RIGHT, "bo": WRONG, "cy": SLOW, "Zo\u00eb": "x ="}.items():
        course.hand_in(student, source)
    rules = ("--policy", str(tmp_path / "rules.toml"), "--exercise", "class_counts")
    assert course._fmnist(*course.arguments(*rules)).returncode == 0
    before = course.files()
    seed = (course.out / store.SEED_FILE).read_text("ascii").strip()
    there = tmp_path / "there"
    shutil.copytree(course.folder, there, copy_function=shutil.copyfile)
    course.folder, course.out = there, tmp_path / "elsewhere"
    elsewhere = {"PYTHONPATH": str(tmp_path / "later"), "TZ": "Asia/Tokyo", "LC_ALL": "C"}
    again = fmnist(*course.arguments(*rules, "--seed", seed, "--workers", "1"), **elsewhere)
    assert again.returncode == 0, again.stderr
    assert course.files() == before
    assert f"Graded by fmnist {results_folders.version()}" in before["index.html"].decode()


def test_a_process_that_is_killed_loses_no_mark(course):
    """When a grader's process ends in the middle, its submissions are graded by another one."""
    for number in range(8):
        course.hand_in(f"s{number}", SLOW if number % 4 == 1 else RIGHT)
    command = [sys.executable, "-m", "fmnist", *course.arguments("--exercise", "class_counts")]
    run = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    for line in run.stdout:
        if "graded" in line:
            break
    graders = [
        child
        for child in psutil.Process(run.pid).children()
        if "spawn_main" in " ".join(child.cmdline())
    ]
    graders[0].kill()
    run.communicate()
    assert run.returncode == 0
    marks = {student: float(row["points"]) for student, row in course.rows().items()}
    assert marks == {f"s{number}": 0.0 if number % 4 == 1 else COUNTS.points for number in range(8)}
    assert all_ended(graders)
