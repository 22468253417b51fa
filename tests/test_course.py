"""An author's commands, in a copy of the checkout: what is new is unfinished, what is bad is named.

Each sabotage of an exercise that was whole gets a line that says what is wrong.
"""

import ast
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import click.testing
import pytest

from counted import verdicts
from examples import COUNTS
from fmnist import cli
from fmnist.course import PHASES, ROOT
from fmnist.exercises import catalog, checks

PARTS = ("exercises", "solutions", "book")
PHASE = COUNTS.phase
# One with exercises of this phase alone.
WEEK = next(
    one.name
    for one in catalog.read().assignments
    if {catalog.find(name).phase for name in one.exercises} == {PHASE}
)
STUB = f"exercises/{PHASE}/class_counts.py"
PUBLIC = f"exercises/{PHASE}/test_class_counts.py"
REFERENCE = f"solutions/{PHASE}/class_counts.py"
HIDDEN = f"solutions/{PHASE}/hidden_class_counts.py"
VICTIM = f"solutions/wrong/{PHASE}/class_counts/label_zero_skipped.py"
WRONG = next(one for one in COUNTS.wrong_answers if one.path == ROOT / VICTIM)
FIRST = checks.collect([COUNTS.public_checks])[0].name
CAUGHT, SAYS = WRONG.check, WRONG.sentence


class Author:
    """Somebody who works in a copy of the checkout.

    Attributes:
        folder: the copy of the code and of what an author edits.
    """

    def __init__(self, folder: Path):
        self.folder = folder
        ignored = shutil.ignore_patterns(".fmnist", "__pycache__")
        for part in ("fmnist", *PARTS):
            shutil.copytree(ROOT / part, folder / part, ignore=ignored)
        shutil.copy(ROOT / "pyproject.toml", folder)
        self._content = {path: path.read_bytes() for path in self.stamps()}
        self._stamps = self.stamps()

    def stamps(self) -> dict[Path, int]:
        """Return when each of the files was written."""
        found = [path for part in PARTS for path in (self.folder / part).rglob("*")]
        return {path: path.stat().st_mtime_ns for path in found if path.is_file()}

    def restore(self) -> None:
        """Put everything back as it was."""
        now = self.stamps()
        for path in now.keys() - self._stamps.keys():
            path.unlink()
        for path, stamp in self._stamps.items():
            if now.get(path) != stamp:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(self._content[path])
        self._stamps = self.stamps()

    def types(self, *args: str) -> subprocess.CompletedProcess:
        """Run Python there; whatever is wrong, it is told in words."""
        done = subprocess.run(
            [sys.executable, *args],
            capture_output=True,
            text=True,
            cwd=self.folder,
            env=os.environ | {"PYTHONPATH": str(self.folder)},
            timeout=300,
            check=False,
        )
        assert "Traceback" not in done.stdout + done.stderr
        return done

    def fmnist(self, *args: str) -> subprocess.CompletedProcess:
        """Type a command of the course."""
        return self.types("-m", "fmnist", "course", *args)

    def check(self, *names: str) -> list[str]:
        """Return the problems that `fmnist course check` finds; their number is told at the end."""
        done = self.fmnist("check", *names)
        problems = done.stdout.splitlines()
        assert done.returncode == 1
        plural = "s" * (len(problems) > 1)
        assert done.stderr == f"fmnist: {len(problems)} problem{plural} found.\n"
        return problems

    def replace(self, name: str, old: str, new: str) -> None:
        """Change a text in a file."""
        text = (self.folder / name).read_text("utf-8")
        assert old in text
        (self.folder / name).write_text(text.replace(old, new), "utf-8")

    def refused(self, *args: str) -> str:
        """Return the one line with which `fmnist course new` refuses; nothing is written."""
        before = self.stamps()
        done = self.fmnist("new", *args)
        assert (done.returncode, done.stdout) == (1, "")
        assert done.stderr.count("\n") == 1
        assert self.stamps() == before
        return done.stderr.removeprefix("fmnist: ").rstrip("\n")


@pytest.fixture(scope="module", name="copy")
def _copy(tmp_path_factory):
    """An author with a copy of the checkout."""
    return Author(tmp_path_factory.mktemp("checkout"))


@pytest.fixture(name="author")
def _author(copy):
    """The same, with a copy in which nothing has been changed yet."""
    yield copy
    copy.restore()


# --- course new ---


@pytest.mark.parametrize("phase", [PHASES[0], PHASES[-1]])
def test_a_new_exercise_is_written_and_everything_to_do_is_named(author, phase):
    """Five files and an entry at the end of its phase; `check` names each thing to do."""
    done = author.fmnist("new", "nobodys_yet", "--phase", phase)
    assert done.returncode == 0, done.stderr
    files = [
        f"exercises/{phase}/nobodys_yet.py",
        f"exercises/{phase}/test_nobodys_yet.py",
        f"solutions/{phase}/nobodys_yet.py",
        f"solutions/{phase}/hidden_nobodys_yet.py",
        f"solutions/wrong/{phase}/nobodys_yet/fill_in.py",
    ]
    assert done.stdout.splitlines() == [
        *files,
        "exercises/exercises.toml",
        f"Show it in book/{phase}.md, and type: fmnist course check nobodys_yet",
    ]
    assert author.check("nobodys_yet") == [
        f"nobodys_yet: {problem}"
        for problem in (
            f"shown 0 times in {phase}.md, not once.",
            f"{phase}.md has no section (FILL-IN)=.",
            *(f"{file}: something is still to do." for file in files),
            "title or hints in exercises.toml are still to do.",
            f"wrong answers: 1, at least 3 are wanted in solutions/wrong/{phase}/nobodys_yet/.",
            "fill_in.py: misconceptions.toml has no 'FILL-IN'.",
            "fill_in.py: test_small_case does not reject it: passed",
        )
    ]
    text = (author.folder / "exercises" / "exercises.toml").read_text("utf-8")
    following = text.partition('name = "nobodys_yet"')[2].partition("\n# --- ")[2]
    assert following.startswith(f"phase {int(phase[5]) + 1} " if phase[5] != "6" else "assignments")


def test_an_exercise_in_the_middle_moves_the_numbers_of_those_after_it(author):
    """Its entry stands where it is to be met; no file of another exercise has a number."""
    before = author.types("-m", "fmnist", "list").stdout
    names = [one.name for one in catalog.load() if one.phase == PHASE]
    assert author.fmnist("new", "brightest_pixel", "--phase", PHASE).returncode == 0
    path = author.folder / "exercises" / "exercises.toml"
    start, mark, entry = path.read_text("utf-8").partition('[[exercise]]\nname = "brightest_pixel"')
    entry, end, rest = entry.partition("\n\n")
    at = f'[[exercise]]\nname = "{names[1]}"'
    path.write_text((start + rest).replace(at, mark + entry + end + at), "utf-8")
    after = author.types("-m", "fmnist", "list").stdout
    for found, expected in (
        (before, names),
        (after, [names[0], "brightest_pixel", *names[1:]]),
    ):
        numbers = re.findall(rf"^ +({PHASE[5]}\.\d+) (\w+) ", found, re.MULTILINE)
        assert numbers == [
            (f"{PHASE[5]}.{place}", name) for place, name in enumerate(expected, start=1)
        ]
    done = author.fmnist("check", names[0], names[-1])
    assert (done.returncode, done.stdout) == (0, "2 exercises are whole.\n")


@pytest.mark.parametrize("name", ["Bad", "2d", "../x", "class"])
def test_a_bad_name_is_refused(author, name):
    """The name becomes that of a function and of files."""
    assert author.refused(name, "--phase", PHASE) == (
        f"{name!r} is no name of a function: use small letters and underscores."
    )


def test_a_name_can_be_taken(author):
    """By an exercise of any phase, or by a file that the catalogue does not know."""
    assert author.refused("class_counts", "--phase", PHASES[3]) == (
        "There is an exercise 'class_counts' already; choose another name."
    )
    file = author.folder / "solutions" / PHASE / "mine.py"
    file.write_text("# a draft\n")
    assert author.refused("mine", "--phase", PHASE) == (
        f"There is a file {file} already; move it away first."
    )
    assert file.read_text() == "# a draft\n"


def test_a_bad_phase_is_refused(author):
    """The phases are listed; without one click says what is missing."""
    assert author.refused("mine", "--phase", "phase7") == (
        f"There is no phase 'phase7'. Choose one of: {', '.join(PHASES)}."
    )
    done = author.fmnist("new", "mine")
    assert done.returncode == 2
    assert "Missing option '--phase'" in done.stderr


# --- course check ---


def test_an_exercise_can_be_whole(author):
    """The one that the following tests damage."""
    done = author.fmnist("check", "class_counts")
    assert (done.returncode, done.stdout) == (0, "1 exercise is whole.\n")


def test_a_phase_or_an_assignment_can_be_checked(author):
    """As `fmnist check` takes their names; the exercises of others are left alone."""
    other = next(one for one in catalog.load() if one.phase == PHASES[1])
    author.replace(f"solutions/{other.phase}/{other.name}.py", "def ", "deff ")
    for name in (PHASE, "phase1", WEEK):
        done = author.fmnist("check", name)
        asked = len(catalog.named(name))
        assert (done.returncode, done.stdout) == (0, f"{asked} exercises are whole.\n")


def test_an_unknown_exercise_is_one_line(author):
    """With near names."""
    done = author.fmnist("check", "class_count")
    assert done.returncode == 1
    assert done.stderr.startswith("fmnist: There is no exercise 'class_count'. Choose one of: cla")
    assert done.stderr.count("\n") == 1


def test_without_solutions_it_says_what_it_needs(author):
    """A student's copy of the course has none."""
    shutil.rmtree(author.folder / "solutions")
    done = author.fmnist("check", "class_counts")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "fmnist: solutions/ is missing: this needs a checkout with solutions.\n"


def test_checks_that_expect_nothing_are_found_out(author):
    """They pass on the stub, and let every wrong answer through."""
    tree = ast.parse((author.folder / PUBLIC).read_text("utf-8"))
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            node.body = [node.body[0], ast.Pass()]
    (author.folder / PUBLIC).write_text(ast.unparse(tree), "utf-8")
    problems = author.check("class_counts")
    stub = f"class_counts: the stub: {FIRST} says passed, not that it is not started."
    assert stub in problems
    for wrong in COUNTS.wrong_answers:
        assert f"class_counts: {wrong.name}: {wrong.check} does not reject it: passed" in problems


def test_a_hidden_check_must_prove_itself(author):
    """Without random cases, some wrong answer must get past the public checks and stop there."""
    with (author.folder / HIDDEN).open("a", encoding="utf-8") as file:
        file.write('\n\ndef test_again(answer):\n    """Again."""\n    expect(answer, [0]).value\n')
    assert author.check("class_counts") == [
        "class_counts: hidden check test_again: it has no parameter `seed`, and no wrong answer "
        "that the public checks let through is caught by it."
    ]


def test_a_wrong_answer_must_keep_its_promise(author):
    """Its check exists and rejects it, with its sentence, for a known misconception."""
    text = (author.folder / VICTIM).read_text("utf-8")
    misconception = f"Misconception: {WRONG.misconception}"
    fine = [f"caught-by: {CAUGHT}", f"says: {SAYS}", misconception, "def "]
    found = verdicts(COUNTS, WRONG.path)
    passing = next(one.check for one in found if one.passed)
    caught = next(one.message for one in found if one.check == CAUGHT)
    assert SAYS in caught
    damages = {
        "another_check": (fine[0], f"caught-by: {passing}"),
        "another_sentence": (fine[1], "says: Zero is a label, too."),
        "line_missing": (fine[1], ""),
        "no_such_check": (fine[0], "caught-by: test_nothing"),
        "syntax_error": (fine[3], "deff "),
        "unknown_misconception": (fine[2], "Misconception: nobody-thinks-so"),
    }
    for name, (old, new) in damages.items():
        assert old in text
        path = (author.folder / VICTIM).with_name(f"{name}.py")
        path.write_text(text.replace(old, new), "utf-8")
    problems = author.check("class_counts")
    collected = checks.collect([COUNTS.public_checks, COUNTS.hidden_checks])
    known = ", ".join(one.name for one in collected)
    told = [one.removeprefix("class_counts: ").partition(".py") for one in problems]
    assert {name: problem for name, _, problem in told} == {
        "another_check": f": {passing} does not reject it: passed",
        "another_sentence": f": {CAUGHT} does not say 'Zero is a label, too.', but: "
        + " ".join(caught.split()),
        "line_missing": ": its docstring has no line 'says: ...'.",
        "no_such_check": f": there is no check 'test_nothing'; there are {known}.",
        "syntax_error": " is not Python: invalid syntax (<unknown>, line 8).",
        "unknown_misconception": ": misconceptions.toml has no 'nobody-thinks-so'.",
    }
    assert len(problems) == len(damages)


@pytest.mark.parametrize(
    ("file", "old", "new", "problem"),
    [
        pytest.param(
            STUB,
            "raise NotImplementedError",
            "return ",
            f"the stub: {FIRST} says failed wrong: class_counts(",
            id="stub that is not one",
        ),
        pytest.param(
            REFERENCE,
            "+= 1",
            "+= 2",
            f"the reference: {FIRST} says failed wrong: class_counts(",
            id="reference that fails",
        ),
        pytest.param(
            REFERENCE,
            "return counts",
            "return counts if type(labels) is list else []",
            f"the reference with arrays for lists: {FIRST} says failed wrong: class_counts(",
            id="reference that needs lists",
        ),
    ],
)
def test_an_exercise_that_fails_its_own_checks_is_named(author, file, old, new, problem):
    """The check says what it says to a student, in one line."""
    author.replace(file, old, new)
    problems = author.check("class_counts")
    assert any(one.startswith(f"class_counts: {problem}") for one in problems), problems


def test_what_does_not_fit_together_is_named(author):
    """The stub with its reference, and the exercise with its chapter."""
    author.replace(STUB, "labels, classes=10", "labels, classes=9")
    author.replace(STUB, "Complete the function", "In exercise 1.1 complete the function")
    author.replace(f"book/{PHASE}.md", "{graded-exercise} class_counts\n", "{note}\n")
    author.replace(f"book/{PHASE}.md", f"({COUNTS.read})=", "(elsewhere)=")
    assert author.check("class_counts") == [
        "class_counts: stub and reference differ outside the body of the function.",
        f"class_counts: shown 0 times in {PHASE}.md, not once.",
        f"class_counts: {PHASE}.md has no section ({COUNTS.read})=.",
        f"class_counts: {STUB} has the number 'exercise 1.1': leave it out, it follows from the "
        "place in exercises.toml.",
    ]


def test_files_that_cannot_be_read_are_named(author):
    """And nothing is run without them."""
    (author.folder / STUB).unlink()
    (author.folder / PUBLIC).unlink()
    author.replace(REFERENCE, "def ", "deff ")
    (author.folder / HIDDEN).write_bytes(b"# \xff\n")
    broken = f"{REFERENCE} is not Python: invalid syntax (<unknown>, line 8)."
    problems = author.check("class_counts")
    assert problems[:3] == [
        f"class_counts: {STUB} is missing.",
        f"class_counts: {PUBLIC} is missing.",
        f"class_counts: {broken}",
    ]
    assert problems[3].startswith(f"class_counts: {HIDDEN} is not Python: 'utf-8' codec can't ")


LINKS = """
from itertools import chain
from fmnist.exercises import quality
print(*chain(quality.of_the_course(), quality.of_strays()), sep="\\n")
"""


def links(author) -> list[str]:
    """Return what is wrong with the course as a whole."""
    done = author.types("-c", LINKS)
    assert done.returncode == 0, done.stderr
    return done.stdout.split("\n")[:-1]


def test_a_page_that_greets_is_no_stray(author):
    """One lies in each of both folders, and the check names neither."""
    for folder in ("exercises", "solutions"):
        assert (author.folder / folder / "README.md").is_file()
    assert links(author) == [""]


def test_what_belongs_to_nothing_is_named(author):
    """A stray file, and an objective and a misconception that nobody uses."""
    assert links(author) == [""]
    for name in ("exercises/stray.py", f"solutions/wrong/{PHASE}/class_count/typo.py"):
        (author.folder / name).parent.mkdir(exist_ok=True)
        (author.folder / name).write_text("")
    toml = author.folder / "exercises" / "exercises.toml"
    objective = f'[[objective]]\nid = "idle"\nphase = "{PHASE}"\ntext = "rest"\n\n'
    toml.write_text(objective + toml.read_text("utf-8"), "utf-8")
    register = author.folder / "exercises" / "misconceptions.toml"
    entry = f'\n[[misconception]]\nid = "rare"\nphase = "{PHASE}"\nbelief = "a"\ntruth = "b"\n'
    register.write_text(f'{register.read_text("utf-8")}{entry}read = "nowhere"\n', "utf-8")
    assert links(author) == [
        "objective idle: no exercise and no project practises it.",
        "misconception rare: no wrong answer comes from it.",
        f"misconception rare: {PHASE}.md has no section (nowhere)=.",
        "exercises/stray.py belongs to no exercise.",
        f"solutions/wrong/{PHASE}/class_count/typo.py belongs to no exercise.",
    ]


def test_a_phase_needs_its_project_and_its_objectives(author):
    """The file of the task, and the place of both in the chapter."""
    (author.folder / "exercises" / PHASE / "project.md").unlink()
    author.replace(f"book/{PHASE}.md", "{objectives}\n", "{note}\n")
    author.replace(f"book/{PHASE}.md", "{project}\n", "{note}\n")
    assert links(author) == [
        f"{PHASE}: one project with exercises/{PHASE}/project.md is wanted.",
        f"{PHASE}.md: the directive {{objectives}} is wanted once.",
        f"{PHASE}.md: the directive {{project}} is wanted once.",
    ]


@pytest.mark.parametrize("name", ["class.csv", "submissions/mira/class_counts.py"])
def test_a_synthetic_class_takes_the_place_of_no_real_one(tmp_path, name):
    """Neither a roster nor what was handed in."""
    path = tmp_path / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("real", "utf-8")
    done = click.testing.CliRunner().invoke(cli.commands, ["course", "class", str(tmp_path)])
    assert done.exit_code == 1
    assert "is there already; remove it, or give another name." in done.stderr
    assert [one for one in tmp_path.rglob("*") if one.is_file()] == [path]
    assert path.read_text("utf-8") == "real"
