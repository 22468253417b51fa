"""A student's commands: what is typed, what is read, and the exit status."""

import importlib.util
import re
import zipfile

import click.testing
import pytest

from counted import public_checks
from examples import ANOTHER, COUNTS
from fmnist import cli, course
from fmnist.answer.source import MAX_SOURCE
from fmnist.course import PHASES, ROOT
from fmnist.exercises import catalog, checks, workspace

EXERCISES = catalog.load()
FIRST, SECOND = EXERCISES[:2]
FAST = catalog.fast_track(catalog.read())
SLOW = next(exercise for exercise in EXERCISES if exercise not in FAST)
RIGHT = COUNTS.reference.read_text("utf-8")
PUBLIC = public_checks("class_counts")


@pytest.fixture(name="typed")
def _typed():
    """Type a command in this process: whatever went wrong was told in words."""

    def typed(*args: object, **environment: str) -> click.testing.Result:
        words = [str(arg) for arg in args]
        done = click.testing.CliRunner(env=environment).invoke(cli.commands, words)
        assert done.exception is None or isinstance(done.exception, SystemExit), done.exc_info
        assert "Traceback" not in done.output
        return done

    return typed


def mistake(done: click.testing.Result) -> str:
    """Return the one line on standard error that a mistake is answered with."""
    assert done.exit_code == 1
    assert done.stderr.startswith("fmnist: ")
    assert done.stderr.count("\n") == 1
    return done.stderr.removeprefix("fmnist: ").rstrip("\n")


def solve(folder, exercise) -> None:
    """Edit an answer, and keep that all of its checks passed."""
    path = folder.answer(exercise)
    path.write_text(f"{path.read_text('utf-8')}# edited\n", "utf-8")
    folder.record(exercise, content=workspace.content_of(path), passed=5, of=5)


# --- start ---


def test_start_says_what_was_done_and_what_is_next(typed, tmp_path, monkeypatch):
    """All files are added; the second time there is nothing to do."""
    monkeypatch.chdir(tmp_path)
    done = typed("start")
    assert done.exit_code == 0
    files = 1 + 2 * len(EXERCISES) + len(catalog.read().projects)
    next_line = "Now type: cd fmnist-exercises, then fmnist next\n"
    assert done.output == f"fmnist-exercises: {files} added\n{next_line}"
    assert typed("start").output == f"fmnist-exercises: nothing to do\n{next_line}"
    assert typed("start", "mine").output.startswith(f"mine: {files} added\n")


def test_start_names_every_file_that_is_kept(typed, student, monkeypatch):
    """Edited and with a new version in the course: the student's stays, and is named."""
    path = student.answer(COUNTS)
    path.write_text(RIGHT)
    (student.path / workspace.MARK / "shipped.json").unlink()
    done = typed("start", student.path)
    name = path.relative_to(student.path)
    assert done.output.splitlines()[:2] == [
        f"{name}: yours is kept, although the course has a new version.",
        f"{student.path}: 1 kept",
    ]
    assert path.read_text() == RIGHT


def test_start_refuses_the_course_and_a_file(typed, student):
    """The course's own folder, a file of that name, and a folder that cannot be made."""
    assert mistake(typed("start", course.EXERCISES)) == (
        f"{course.EXERCISES} is the course's own. Give another folder."
    )
    file = student.answer(COUNTS)
    assert typed("start", file).exit_code == 2
    assert mistake(typed("start", file / "deeper")) == (
        f"{file / 'deeper'} cannot be written: Not a directory."
    )


@pytest.mark.parametrize("command", ["next", "list", "check", "hint", "reset", "solution", "pack"])
def test_without_a_folder_every_command_says_what_to_type(typed, tmp_path, monkeypatch, command):
    """Neither here nor above, and no checkout either."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(course, "ROOT", tmp_path)
    done = typed(command, *[COUNTS.name] * (command in ("check", "hint", "reset", "solution")))
    assert mistake(done) == (
        "There are no exercises here. Type: fmnist start, then cd fmnist-exercises"
    )


@pytest.mark.parametrize("command", ["next", "list", "check", "hint", "solution", "pack"])
def test_a_broken_progress_file_is_explained_by_every_command(typed, student, command):
    """One line names the file."""
    student.answer(COUNTS).write_text(RIGHT)
    (student.path / workspace.MARK / "progress.json").write_text("{")
    done = typed(command, *[COUNTS.name] * (command in ("check", "hint", "solution")))
    assert "progress.json cannot be read (" in mistake(done)


# --- next and list ---


def test_next_introduces_the_first_that_is_not_solved(typed, student):
    """Name, phase, reason, section, file and command; then the following exercise."""
    done = typed("next")
    assert done.exit_code == 0
    lines = done.output.splitlines()
    assert lines[0] == f"{FIRST.name}: {FIRST.title}"
    assert lines[1].startswith(f"Phase 1: explore, exercise {FIRST.number}, ")
    assert lines[1].endswith(f"{FIRST.ladder}, {FIRST.minutes} minutes")
    reasons = [line for line in lines if line.startswith("Why:   to ")]
    assert len(reasons) == len(FIRST.objectives)
    where = rf"(.*{FIRST.phase}.html#{FIRST.read}|in the book, phase 1, section \u201c.+\u201d)$"
    assert re.search(rf"^Read:  ({where})$", done.output, re.MULTILINE)
    assert lines[-2:] == [
        f"Edit:  {student.answer(FIRST)}",
        f"Type:  fmnist check {FIRST.name}",
    ]
    solve(student, FIRST)
    assert typed("next").output.startswith(f"{SECOND.name}: ")
    student.answer(FIRST).write_text("changed")
    assert typed("next").output.startswith(f"{FIRST.name}: ")


def test_next_says_what_an_exercise_comes_after(typed, student):
    """Where a catalogue names an exercise to do before, the student reads it."""
    later = next(exercise for exercise in EXERCISES if exercise.after)
    for exercise in EXERCISES[: EXERCISES.index(later)]:
        solve(student, exercise)
    second_line = typed("next").output.splitlines()[1]
    assert second_line.endswith(f"{later.minutes} minutes, after {', '.join(later.after)}")


def test_when_all_is_solved_next_says_what_to_type(typed, student):
    """The fast track ends sooner than the whole."""
    end = "All exercises are solved. Type: fmnist pack\n"
    for exercise in FAST:
        solve(student, exercise)
    assert typed("next", "--fast-track").output == end
    assert typed("next").output.startswith(f"{SLOW.name}: ")
    for exercise in EXERCISES:
        solve(student, exercise)
    assert typed("next").output == end
    done = typed("list")
    assert f"{len(EXERCISES)} of {len(EXERCISES)} solved, nothing to go." in done.output


def test_list_shows_every_exercise_with_its_state(typed, student):
    """A sign before the name, the ladder, the minutes and the title; at the end the sum."""
    solve(student, FIRST)
    solve(student, SECOND)
    student.answer(SECOND).write_text("changed")
    tried = EXERCISES[2]
    student.answer(tried).write_text("tried")
    done = typed("list", COLUMNS="200")
    assert done.exit_code == 0
    signs = {FIRST: "✓", SECOND: "~", tried: "…"}
    rows = dict.fromkeys(EXERCISES)
    for exercise in EXERCISES:
        row = re.search(
            rf"^  (.) {exercise.number} {exercise.name} +(.*)$", done.output, re.MULTILINE
        )
        rows[exercise] = row[1]
        assert row[2].startswith(f"{exercise.ladder}, {exercise.minutes} min ")
        assert row[2].endswith(exercise.title)
    assert rows == dict.fromkeys(EXERCISES, " ") | signs
    minutes = sum(exercise.minutes for exercise in EXERCISES if exercise != FIRST)
    sum_ = f"1 of {len(EXERCISES)} solved, about {minutes} minutes to go. ~ changed"
    assert sum_ in done.output
    assert re.findall(r"^Phase \d: \w+$", done.output, re.MULTILINE) == [
        f"Phase {phase[5]}: {phase[7:]}" for phase in PHASES
    ]


@pytest.mark.parametrize("columns", [40, 50, 80, 300])
def test_list_fits_the_terminal_and_no_title_is_cut(typed, student, columns):
    """Long titles go on below themselves, or further to the left where there is no room."""
    rows = typed("list", COLUMNS=str(columns)).output.splitlines()[:-1]
    assert max(map(len, rows)) <= columns
    said = " ".join(" ".join(rows).split())
    assert [one.title for one in catalog.load() if one.title not in said] == []


def test_a_copy_that_knows_the_site_names_the_address(typed, student):
    """The setting of the folder, and before it the environment; what is no address is told."""
    settings = student.path / workspace.MARK / workspace.SETTINGS
    settings.write_bytes(workspace.settings("https://example.edu/fmnist"))
    address = f"Read:  https://example.edu/fmnist/{FIRST.phase}.html#{FIRST.read}\n"
    assert address in typed("next").output
    assert address in typed("check", FIRST.name).output
    other = typed("next", FMNIST_SITE="https://book.example.org/").output
    assert f"Read:  https://book.example.org/{FIRST.phase}.html#{FIRST.read}\n" in other
    settings.write_text('{"site": "file:///etc/passwd"}')
    told = typed("next")
    assert told.exit_code == 1
    assert "is no address of a site" in told.output


def test_list_of_the_fast_track_is_shorter(typed, student):
    """It holds what it takes to practise every objective, and nothing else."""
    done = typed("list", "--fast-track")
    assert f"0 of {len(FAST)} solved" in done.output
    shown = re.findall(r"^    [1-6]\.\d+ (\w+) ", done.output, re.MULTILINE)
    assert shown == [exercise.name for exercise in FAST]


# --- check ---


def test_check_of_a_stub_fails_and_of_an_answer_passes(typed, student):
    """Not started, then solved; the outcome is kept in between."""
    done = typed("check", "class_counts")
    assert done.exit_code == 1
    lines = done.output.splitlines()
    assert lines[0] == f"class_counts: 0 of {PUBLIC} public checks passed"
    assert lines[2].startswith("class_counts is not started: ")
    first = checks.collect([COUNTS.public_checks])[0]
    assert lines[4] == f"Check: {first.name}"
    assert lines[5].startswith("Read:  ")
    assert student.state(COUNTS) == workspace.NEW
    student.answer(COUNTS).write_text(RIGHT)
    done = typed("check", "class_counts")
    assert done.exit_code == 0
    assert done.output == (
        f"class_counts: all {PUBLIC} public checks passed\n"
        f"They are worth {COUNTS.points / 5:g} of {COUNTS.points} points; "
        "hidden ones test the same ideas on other inputs.\n"
    )
    assert student.state(COUNTS) == workspace.SOLVED


@pytest.mark.parametrize("name", ["class_counts.py", "phase1_explore/class_counts.py"])
def test_check_takes_the_name_of_a_file(typed, student, name):
    """A shell completes names of files."""
    assert typed("check", name).output.startswith(
        f"class_counts: 0 of {PUBLIC} public checks passed\n"
    )


def test_check_takes_the_name_of_a_phase(typed, student):
    """The short name and the whole name mean all exercises of the phase, in their order."""
    student.answer(COUNTS).write_text(RIGHT)
    of_phase = [exercise.name for exercise in EXERCISES if exercise.phase == COUNTS.phase]
    done = typed("check", "phase1")
    assert done.exit_code == 1
    scores = re.findall(r"^(\w+): (.*) public checks passed$", done.output, re.MULTILINE)
    assert [name for name, _ in scores] == of_phase
    assert dict(scores)["class_counts"] == f"all {PUBLIC}"
    assert "hidden checks" not in done.output
    assert catalog.named("phase1_explore") == catalog.named("phase1")


def test_an_assignment_is_a_name_for_its_exercises():
    """In its own order, which may be another than that of the catalogue."""
    for assignment in catalog.read().assignments:
        assert tuple(one.name for one in catalog.named(assignment.name)) == assignment.exercises


def test_check_all_means_what_was_edited(typed, student):
    """Stubs are left out; with nothing edited there is nothing to check."""
    nothing = "Nothing to check. Type: fmnist check NAME, or fmnist next"
    assert mistake(typed("check", "--all")) == nothing
    assert mistake(typed("check")) == nothing
    student.answer(COUNTS).write_text(RIGHT)
    done = typed("check", "--all")
    assert (done.exit_code, done.output.count(" public checks passed")) == (0, 1)


@pytest.mark.parametrize("command", ["check", "hint", "reset", "solution"])
def test_a_misspelt_name_is_answered_with_near_ones(typed, student, command):
    """Near names if there are any, else all; nothing is kept."""
    near = mistake(typed(command, "clas_count"))
    assert near.startswith("There is no exercise 'clas_count'. Choose one of: class_counts")
    assert len(near.split(", ")) <= 3
    far = mistake(typed(command, "phase7"))
    names = ", ".join(exercise.name for exercise in EXERCISES)
    assert far == f"There is no exercise 'phase7'. Choose one of: {names}."
    assert student.attempts() == {}


def test_check_takes_an_answer_from_anywhere(typed, student, tmp_path):
    """A file given by hand is judged, and changes nothing of what is known."""
    path = tmp_path / "my answer.py"
    path.write_text(RIGHT)
    done = typed("check", "class_counts", "--file", path)
    assert done.exit_code == 0
    assert student.attempts() == {}


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param([], id="no name"),
        pytest.param(["class_counts", ANOTHER.name], id="two names"),
        pytest.param(["phase1"], id="a phase"),
        pytest.param(["class_counts", "--all"], id="all"),
    ],
)
def test_one_file_is_for_one_exercise(typed, student, tmp_path, arguments):
    """A file cannot answer several."""
    path = tmp_path / "answer.py"
    path.write_text(RIGHT)
    assert mistake(typed("check", *arguments, "--file", path)) == (
        "--file is for one exercise: give one name."
    )


def test_check_of_a_missing_file_says_so(typed, student, tmp_path):
    """Given by hand, a folder, or deleted from the student's own."""
    student.answer(COUNTS).unlink()
    for arguments, path in (
        ([], student.answer(COUNTS)),
        (["--file", tmp_path], tmp_path),
        (["--file", tmp_path / "none.py"], tmp_path / "none.py"),
    ):
        assert mistake(typed("check", "class_counts", *arguments)) == (
            f"There is no file {path}. Give the answer with --file."
        )


def test_check_of_a_network_needs_tensorflow(typed, student, monkeypatch):
    """Where it is not installed, one line says what to type."""
    exercise = next(exercise for exercise in EXERCISES if exercise.keras)
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    said = mistake(typed("check", exercise.name))
    assert said.startswith("This command needs keras, which is not installed. Type: pip install")


def test_check_says_when_progress_cannot_be_kept(typed, student):
    """The folder became read-only, here by a file in the place of another."""
    (student.path / workspace.MARK / "progress.json").mkdir()
    assert "progress.json cannot be read (" in mistake(typed("check", "class_counts"))


# --- hint, reset, solution ---


def test_hints_grow_stronger(typed, student):
    """One at a time; after the last, the last."""
    told = [typed("hint", "class_counts").output for _ in range(4)]
    assert told == [f"Hint {number} of 3: {COUNTS.hints[number - 1]}\n" for number in (1, 2, 3, 3)]


def test_reset_says_where_the_file_is_kept(typed, student):
    """A file as it came needs no copy."""
    assert typed("reset", "class_counts").output == "class_counts: the stub is back.\n"
    student.answer(COUNTS).write_text(RIGHT)
    kept = student.answer(COUNTS).with_name("class_counts.py.kept-1")
    done = typed("reset", "class_counts")
    assert done.exit_code == 0
    assert done.output == f"class_counts: the stub is back. Your file is kept: {kept}\n"
    assert kept.read_text() == RIGHT


def test_reset_in_a_checkout_is_gits_business(typed, monkeypatch):
    """The stub of the course is not touched."""
    monkeypatch.chdir(ROOT)
    assert mistake(typed("reset", "class_counts")) == (
        "This is the course's own stub; in a checkout, type: git restore"
    )


def test_a_solution_is_shown_to_who_has_solved(typed, student):
    """Refused before; then shown, also if the answer was changed since."""
    refused = "class_counts is not solved yet. Type: fmnist hint class_counts"
    assert mistake(typed("solution", "class_counts")) == refused
    student.record(COUNTS, content="x", passed=4, of=5)
    assert mistake(typed("solution", "class_counts")) == refused
    solve(student, COUNTS)
    student.answer(COUNTS).write_text("changed")
    done = typed("solution", "class_counts", COLUMNS="40")
    assert done.exit_code == 0
    assert done.output == COUNTS.reference.read_text("utf-8")


def test_a_solution_that_is_not_installed_is_explained(typed, student, monkeypatch, tmp_path):
    """A wheel carries no solutions."""
    monkeypatch.setattr(course, "SOLUTIONS", tmp_path)
    solve(student, COUNTS)
    assert mistake(typed("solution", "class_counts")) == (
        "Solutions are not installed here; the book may show them."
    )


# --- pack ---


def test_pack_counts_and_warns(typed, student):
    """What is in the archive, and which answers have not passed."""
    solve(student, COUNTS)
    student.answer(ANOTHER).write_text("not checked")
    done = typed("pack")
    assert done.exit_code == 0, done.output
    assert done.output == (
        f"{ANOTHER.name}: not checked as it is now; type: fmnist check {ANOTHER.name}\n"
        f"hand-in.zip: 2 of {len(EXERCISES)} exercises\n"
    )
    with zipfile.ZipFile(student.path / "hand-in.zip") as archive:
        assert len(archive.namelist()) == 2


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        pytest.param(
            "# Zähler\n".encode("latin-1"),
            "is not UTF-8 (byte 3); save it with that encoding.",
            id="encoding",
        ),
        pytest.param(
            b"#" * (MAX_SOURCE + 1), f"is larger than {MAX_SOURCE:,} bytes.", id="very long"
        ),
    ],
)
def test_pack_names_what_would_not_be_graded(typed, student, content, fault):
    """The archive is read as the grader reads it; the rest is in it all the same."""
    solve(student, ANOTHER)
    student.answer(COUNTS).write_bytes(content)
    done = typed("pack", "--out", "mine.zip")
    assert done.exit_code == 1
    assert done.output == (
        f"class_counts: it would not be graded: class_counts.py {fault}\n"
        f"mine.zip: 1 of {len(EXERCISES)} exercises\n"
    )


@pytest.mark.parametrize("name", ["ada", "ada.tar.gz", "class_counts.txt"])
def test_pack_makes_a_zip_that_is_called_so(typed, student, name):
    """A grader would pass over another one."""
    solve(student, COUNTS)
    told = f"--out {name}: the archive is a zip; give it a name that ends in .zip."
    assert mistake(typed("pack", "--out", name)) == told


def test_pack_says_what_a_check_found(typed, student):
    """What did not pass, as it is now."""
    student.answer(COUNTS).write_text("def class_counts(labels, classes=10):\n    return 1\n")
    typed("check", COUNTS.name)
    assert f"{COUNTS.name}: not all public checks have passed" in typed("pack").output


def test_pack_follows_a_link(typed, student, tmp_path):
    """The archive holds what a link leads to, which a grader can read; a dead link is no answer."""
    (tmp_path / "elsewhere.py").write_text(RIGHT)
    student.answer(COUNTS).unlink()
    student.answer(COUNTS).symlink_to(tmp_path / "elsewhere.py")
    student.answer(ANOTHER).unlink()
    student.answer(ANOTHER).symlink_to(tmp_path / "nowhere.py")
    done = typed("pack")
    assert done.exit_code == 0
    with zipfile.ZipFile(student.path / "hand-in.zip") as archive:
        assert archive.namelist() == ["phase1_explore/class_counts.py"]
        assert archive.read(archive.namelist()[0]).decode() == RIGHT


def test_pack_says_when_there_is_nothing_or_nowhere(typed, student):
    """Nothing edited, and an archive in a folder that does not exist."""
    assert mistake(typed("pack")) == "There is nothing to hand in yet: every file is as it came."
    student.answer(COUNTS).write_text(RIGHT)
    assert mistake(typed("pack", "--out", "nowhere/mine.zip")) == (
        "nowhere/mine.zip cannot be written: No such file or directory."
    )
    assert typed("pack", "--out", student.path).exit_code == 2


def test_a_file_of_another_folder_is_not_taken_for_the_own_one(typed, student, tmp_path):
    """It would be judged by what stands here; an exercise that is named twice is judged once."""
    other = tmp_path / "other" / f"{FIRST.name}.py"
    other.parent.mkdir()
    other.write_text("x = 1\n")
    done = typed("check", other)
    assert done.exit_code == 1
    assert f"Give it with --file {other}" in done.stderr
    own = student.answer(FIRST)
    assert typed("check", FIRST.name, own).output == typed("check", FIRST.name).output
