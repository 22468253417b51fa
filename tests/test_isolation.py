"""The levels of isolation: chosen by trying, never lowered silently."""

import os
import shutil
from pathlib import Path

import pytest

from fmnist import course
from fmnist.answer import faults
from fmnist.answer.proxy import Answer
from fmnist.course import PHASES, ROOT, SOLUTIONS
from fmnist.grading.sandbox import isolation, seccomp, selftest
from fmnist.grading.sandbox.workers import Worker, WorkerSession
from fmnist.grading.sandbox.zygotes import Zygote


def test_without_bubblewrap_the_grader_says_what_to_install(monkeypatch):
    """Level A is never lowered silently."""
    monkeypatch.setattr("shutil.which", lambda _: None)
    with pytest.raises(isolation.NoSandbox, match="apt install bubblewrap"):
        selftest.strongest(least="A")


def test_without_libseccomp_the_grader_refuses(monkeypatch):
    """A sandbox without its filter is not level A."""

    def unavailable(**_):
        raise ImportError("libseccomp is not there")

    monkeypatch.setattr(seccomp, "program", unavailable)
    monkeypatch.setattr("shutil.which", lambda _: "/usr/bin/bwrap")
    with pytest.raises(isolation.NoSandbox, match="needs libseccomp"):
        selftest.strongest(least="A")


def test_a_wall_with_a_hole_is_refused(monkeypatch, sandbox):
    """The self-test finds a sandbox that shows the grader's files."""
    files = isolation._files
    hole = ["--ro-bind", str(ROOT), str(ROOT), "--chdir", "/"]
    for folder in ROOT.parents:  # bubblewrap makes them for itself alone
        hole = ["--perms", "0755", "--dir", str(folder), *hole]
    monkeypatch.setattr(isolation, "_files", lambda: [*files()[:-4], *hole])
    without_landlock = isolation.Level("A", "", filtered=True, landlock="")
    with pytest.raises(isolation.NoSandbox, match=r"could read .*hidden_"):
        selftest.proved(without_landlock)


def test_a_level_counts_only_after_it_was_tried(sandbox):
    """Where namespaces cannot be had, Landlock and the filter make level B, if that will do."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("shutil.which", lambda _: None)
        assert selftest.strongest(least="B").letter == "B"
        with pytest.raises(isolation.NoSandbox, match="asked for: --isolation B"):
            selftest.strongest(least="A")


def test_without_landlock_level_b_is_not_to_be_had(monkeypatch, sandbox):
    """Level B is refused where the kernel cannot close files."""
    open_ = isolation.Level("B", "", filtered=True, landlock="")
    with pytest.raises(isolation.NoSandbox, match="could read"):
        selftest.proved(open_, secrets=(ROOT / "README.md",))


@pytest.mark.skipif(os.getuid() != 0, reason="only root can give another user")
def test_level_c_holds_where_secrets_are_closed(tmp_path, monkeypatch, sandbox):
    """Another user cannot read what is closed to others; what is open is named."""
    solutions = tmp_path / "solutions"
    shutil.copytree(SOLUTIONS / PHASES[0], solutions / PHASES[0])
    monkeypatch.setattr(course, "SOLUTIONS", solutions)
    for folder in (tmp_path, *tmp_path.parents):
        if "pytest-of-" in str(folder):
            folder.chmod(0o755)  # pytest closes its own
    with pytest.raises(isolation.NoSandbox, match="chmod -R go="):
        selftest.proved(isolation.LEVELS["C"])
    solutions.chmod(0o700)
    assert selftest.proved(isolation.LEVELS["C"]).letter == "C"


@pytest.mark.parametrize(
    ("hole", "found"),
    [
        pytest.param(("socket",), "open a socket", id="sockets"),
        pytest.param(("fork", "clone", "vfork"), "start a process", id="processes"),
        pytest.param(("open", "openat"), "write a file, write a file in /tmp", id="files"),
        pytest.param(("listxattr",), "read attributes", id="attributes"),
        pytest.param(("flock",), "lock a file", id="locks"),
        pytest.param(("fcntl",), "lock a part of a file", id="locks of parts"),
        pytest.param(("mmap",), "take shared memory, take memory that grows", id="memory"),
    ],
)
def test_a_filter_with_a_hole_is_refused(monkeypatch, sandbox, hole, found):
    """The self-test finds out what a filter forgot, at the level that has nothing else."""
    rules = [rule for rule in seccomp.ALLOWED_WITH if rule[0] not in hole]
    monkeypatch.setattr(seccomp, "ALLOWED", [*seccomp.ALLOWED, *hole])
    monkeypatch.setattr(seccomp, "ALLOWED_WITH", rules)
    monkeypatch.setattr(seccomp, "THREADS", ())
    filtered = isolation.Level("B", "", filtered=True, landlock="")

    def made() -> set[Path]:
        return {path for folder in selftest.TRIED for path in Path(folder).glob("fmnist-*")}

    before = made()
    with pytest.raises(isolation.NoSandbox, match=found):
        selftest.proved(filtered)
    assert made() <= before


@pytest.mark.skipif(os.getuid() != 0, reason="only root is refused")
def test_root_never_runs_submissions_without_a_wall():
    """Level D as root is refused even when asked for."""
    with pytest.raises(isolation.NoSandbox, match="never as root"):
        selftest.proved(isolation.LEVELS["D"])


@pytest.mark.skipif(os.getuid() == 0, reason="root is refused at level D")
def test_without_a_wall_an_ordinary_user_still_has_the_limits():
    """Level D stops loops and survives exits, and that is all it promises."""
    started = Zygote.start(isolation.LEVELS["D"], preload=("numpy",))
    expected = {
        "def f(): return 1": 1,
        "def f():\n    while True: pass": faults.TimedOut,
        "def f(): return bytearray(3 * 2**30)": faults.Raised,
    }
    for source, outcome in expected.items():
        session = WorkerSession("f", source, imports=(), worker=Worker(lambda: started), seconds=1)
        if outcome == 1:
            assert Answer(session)() == 1
        else:
            with pytest.raises(outcome):
                Answer(session)()
        session.close()
    started.close()


def test_too_few_processes_are_told_and_no_weaker_level_is_advised(monkeypatch):
    """It would have as few."""
    monkeypatch.setattr(selftest, "_broken", lambda *_, **__: (["start only 33 threads"], ""))
    with pytest.raises(
        isolation.NoSandbox, match=r"start only 33 threads\. Allow .* ulimit -u"
    ) as told:
        selftest.strongest(least="A")
    assert "weaker" not in str(told.value)
    monkeypatch.setattr(selftest, "_broken", lambda *_, **__: (["start only 3 threads", "x"], ""))
    with pytest.raises(
        isolation.NoSandbox, match=r"could start only 3 threads, x\. A weaker level"
    ):
        selftest.strongest(least="A")
