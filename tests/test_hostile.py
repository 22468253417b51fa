"""Every hostile submission gets the mark that it must get, and nothing else changes."""

import contextlib
import os
import re
import textwrap
import time

import psutil
import pytest

from fmnist.course import ROOT, SOLUTIONS
from fmnist.exercises import catalog
from fmnist.grading.hand_ins import entries, submissions
from fmnist.grading.judging import grader
from fmnist.grading.judging.grader import Grader
from fmnist.grading.sandbox import isolation, selftest
from fmnist.grading.sandbox.isolation import LEVELS, NoSandbox
from hostile import ATTACKS, COUNT, FORGING, FULL, REACH, Attack, body, one_ended

EXERCISE = catalog.find("class_counts")
# Modules that the attacks use: at level B a worker is another user, to whom the files of a Python
# in root's home are closed. What is tried must fail by the wall and not by a lack of modules.
USED = (
    "ctypes encodings.idna fcntl gc mmap multiprocessing resource socket subprocess threading time "
    "numpy.testing signal struct unittest"
).split()

PATIENCE = 60  # seconds; a machine may be busy

# C and D are for machines that have no better; a full run tries them, too.
LATER = [pytest.param(letter, marks=pytest.mark.slow) for letter in "CD"]


@pytest.fixture(scope="module", name="grade", params=["A", "B", *LATER])
def _grade(request, sandbox, tmp_path_factory):
    """Grade files of one student with a grader that serves all tests at one level."""
    level = LEVELS[request.param]
    try:
        # The checkout of a developer is open to all, for which level C would be refused.
        (isolation.command if level.letter == "C" else selftest.proved)(level)
    except NoSandbox as error:
        pytest.skip(str(error))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(grader, "PLAIN", (*grader.PLAIN, *USED))
        patch.setattr(grader, "STOPPED_CALLS", 1)
        before = psutil.Process().children()
        with contextlib.closing(Grader((EXERCISE,), level)) as one:
            one.letter, one.before = level.letter, before
            outcome(one, tmp_path_factory.mktemp("first") / "ada", HONEST)
            # Bubblewrap, the zygote in it, and the worker that it has ready.
            one.own = len(processes(one))
            yield one


def outcome(grade, folder, source: bytes, **others: bytes):
    """Grade a student who hands in this answer and other files; return the exercise's record."""
    folder.mkdir(exist_ok=True)
    for name, content in {"class_counts.py": source, **others}.items():
        (folder / name).write_bytes(content)
    entry = entries.Entry(folder.name, (folder,))
    made = grade.grade(submissions.read(entry, (EXERCISE,))).record
    return made.exercises[0], made


def processes(grade) -> list[psutil.Process]:
    """Return what this grader has started and is still there: not what others of this process."""
    found = []
    for first in psutil.Process().children():
        if first not in grade.before:
            with contextlib.suppress(psutil.NoSuchProcess):
                found += [first, *first.children(recursive=True)]
    return [one for one in found if _lives(one)]


def _lives(process: psutil.Process) -> bool:
    try:
        return process.status() != psutil.STATUS_ZOMBIE  # it has ended, and was not asked how
    except psutil.NoSuchProcess:
        return False


HONEST = (COUNT + body("return count(labels, classes)")).encode()


@pytest.mark.parametrize("attack", [pytest.param(one, id=one.name) for one in ATTACKS])
def test_an_attack_gets_its_mark(grade, tmp_path, attack: Attack):
    """State, points and sentence are as they must be; the next student's mark is untouched."""
    if grade.letter == "D" and attack not in FORGING:
        pytest.skip("level D has no wall")
    if grade.letter == "C" and attack.name == "the machine's load":
        pytest.skip("level C closes no file that is open to all")
    part, _ = outcome(grade, tmp_path / "eve", attack.source)
    told = " | ".join(verdict.message for verdict in part.verdicts if not verdict.hidden)
    assert part.state in attack.state, told
    assert part.points == attack.points, told
    assert re.search(attack.says, told), told
    for verdict in part.verdicts:  # can be kept, and does not flood a report
        assert len(verdict.message.encode("utf-8")) <= 8000
    assert outcome(grade, tmp_path / "ada", HONEST)[0].points == FULL
    # A worker is ended while the grader goes on: wait for whichever ends next.
    end = time.monotonic() + PATIENCE
    while len(left := processes(grade)) > grade.own:
        assert one_ended(left, seconds=end - time.monotonic()), left


def test_what_is_secret_cannot_be_read(grade, tmp_path):
    """References, hidden checks, other submissions, results and homes are not there."""
    if grade.letter in "CD":
        pytest.skip("files are closed by their modes, or not at all")
    (tmp_path / "bob").mkdir()
    places = [
        EXERCISE.reference,
        EXERCISE.hidden_checks,
        EXERCISE.public_checks,
        SOLUTIONS,
        ROOT / "README.md",
        tmp_path / "bob",
        tmp_path,
        *(os.path.expanduser(f"~/{name}") for name in (".bashrc", ".profile", ".ssh")),  # noqa: PTH111
        "/etc/passwd",
        f"/proc/{os.getpid()}/environ",
    ]
    source = f"""
    for place in {[str(place) for place in places]!r}:
        try:
            seen = os.listdir(place) if os.path.isdir(place) else open(place, 'rb').read(9)
        except OSError:
            continue
        if seen:
            raise ValueError(place)
    return count(labels, classes)
    """
    part, _ = outcome(grade, tmp_path / "eve", (REACH + COUNT + body(source)).encode())
    assert part.points == FULL, part.verdicts[0].message


def test_nothing_is_left_for_the_next_submission(grade, tmp_path):
    """Neither a module that was changed nor a name in the file system outlives its worker."""
    if grade.letter == "D":
        pytest.skip("level D has no wall")
    leaver = """
    reach('random').left = sys.left = True
    sys.modules['left'] = sys
    for place in ('/tmp', '/dev/shm', '/'):
        try:
            open(os.path.join(place, 'left'), 'w').close()
        except OSError:
            pass
    return count(labels, classes)
    """
    finder = """
    found = 'left' in sys.modules or hasattr(sys, 'left') or hasattr(reach('random'), 'left')
    for place in ('/tmp', '/dev/shm', '/'):
        found = found or os.path.exists(os.path.join(place, 'left'))
    return ['found'] if found else count(labels, classes)
    """
    for student, source in (("eve", leaver), ("mallory", finder)):
        part, _ = outcome(grade, tmp_path / student, (REACH + COUNT + body(source)).encode())
        assert part.points == FULL, part.verdicts[0].message


def test_only_the_files_on_the_list_are_read(grade, tmp_path):
    """Files that Python or pytest would obey are named, and do nothing."""
    cheat = textwrap.dedent(
        """
        import builtins
        builtins.sum = lambda *_: 500
        def pytest_runtest_makereport(item, call): call.excinfo = None
        """
    ).encode()
    names = ("conftest.py", "sitecustomize.py", "numpy.py", "random.py", "test_free.py")
    others = dict.fromkeys((*names, "pytest.ini", "cheat.pth", "__init__.py"), cheat)
    wrong = (COUNT + body("return [1] * classes")).encode()
    part, made = outcome(grade, tmp_path / "eve", wrong, **others)
    assert part.points < FULL / 2
    assert set(others) <= set(made.ignored)


def test_hidden_inputs_stay_hidden(grade, tmp_path):
    """Whatever a file prints or raises, no message of a hidden check shows it."""
    source = "raise NotImplementedError(f'leak {labels}')"
    part, _ = outcome(grade, tmp_path / "eve", body(source).encode())
    hidden = [verdict.message for verdict in part.verdicts if verdict.hidden]
    assert hidden
    assert not any("leak" in message for message in hidden)
