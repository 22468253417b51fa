"""Control groups: found where the kernel has them, entered, and left behind by nobody."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from fmnist.answer import faults
from fmnist.answer.proxy import Answer
from fmnist.grading.sandbox import cgroups
from fmnist.grading.sandbox.isolation import NoSandbox
from fmnist.grading.sandbox.workers import Worker, WorkerSession
from fmnist.grading.sandbox.zygotes import Zygote

SECOND = "30 23 0:26 / {mount} rw,nosuid shared:9 - cgroup2 cgroup2 rw,nsdelegate\n"
FIRST = (
    "35 31 0:32 / {mount}/memory rw,relatime - cgroup cgroup rw,memory\n"
    "39 31 0:36 / {mount}/pids rw,relatime - cgroup cgroup rw,pids\n"
)
KEEPS = """
kept = []
def f(megabytes):
    kept.extend(b"x" * 2**20 for _ in range(megabytes))
    return len(kept)
"""


@pytest.fixture(name="kernel")
def _kernel(tmp_path):
    """Write what the kernel would say of groups, and folders like its own."""

    def write(mounts: str, own: str, *folders: str, gives: str = "") -> tuple[Path, Path]:
        told = tmp_path / "cgroup", tmp_path / "mountinfo"
        told[0].write_text(own)
        told[1].write_text(f"1 0 8:1 / / rw - ext4 /dev/root rw\n{mounts.format(mount=tmp_path)}")
        for folder in folders:
            (tmp_path / folder).mkdir(parents=True, exist_ok=True)
            (tmp_path / folder / "cgroup.procs").write_text("")
        for folder in gives.split():
            (tmp_path / folder / "cgroup.subtree_control").write_text("cpu memory pids\n")
        return told

    return write


def test_of_the_second_version_it_is_the_nearest_group_that_gives_its_controllers_on(
    kernel, tmp_path
):
    """A group with processes cannot; the slice above it can."""
    told = kernel(
        SECOND, "0::/user/app/shell\n", "user/app/shell", "user/app", "user", gives="user user/app"
    )
    assert cgroups.homes(*told) == [tmp_path / "user" / "app"]


def test_of_the_second_version_there_may_be_none(kernel):
    """Nobody above gives memory and tasks on, as in most containers."""
    told = kernel(SECOND, "0::/\n", ".")
    assert cgroups.homes(*told) == []


def test_of_the_first_version_each_controller_has_its_own(kernel, tmp_path):
    """Also beside an empty second version, as systems have it on the way from one to the other."""
    told = kernel(FIRST + SECOND, "3:pids:/a\n2:memory:/b\n0::/\n", "memory/b", "pids/a", ".")
    assert cgroups.homes(*told) == [tmp_path / "memory" / "b", tmp_path / "pids" / "a"]


def test_one_controller_is_not_enough(kernel):
    """Without a bound on tasks there is no group."""
    told = kernel(FIRST, "2:memory:/b\n", "memory/b")
    assert cgroups.homes(*told) == []


def test_other_systems_have_none(tmp_path):
    """Where the kernel says nothing of groups, nothing is bounded by them."""
    assert cgroups.homes(tmp_path / "none", tmp_path / "none") == []


def test_without_a_group_a_command_stays_what_it_is(monkeypatch):
    """The limits of the workers stand alone."""
    monkeypatch.setattr(cgroups, "homes", list)
    group = cgroups.make()
    assert group.folders == ()
    assert group.entered_by(["a", "b"]) == ["a", "b"]
    group.remove()


def test_a_place_that_only_looks_open_gives_no_group(monkeypatch, tmp_path):
    """What was made before is removed."""
    (tmp_path / "file").write_text("")
    monkeypatch.setattr(cgroups, "homes", lambda: [tmp_path, tmp_path / "file"])
    assert cgroups.make().folders == ()
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_a_group_that_nobody_may_enter_is_none(monkeypatch, tmp_path):
    """It can be made, and the kernel refuses whoever would move there."""
    monkeypatch.setattr(cgroups, "homes", lambda: [tmp_path])
    monkeypatch.setattr(cgroups, "PROCESSES", "no/such/place")
    assert not cgroups.are_there()
    assert not [*tmp_path.iterdir()]


@pytest.fixture(name="real")
def _real():
    """Skip where the kernel lets this process make no groups."""
    if not cgroups.are_there():
        pytest.skip("This process may make no control groups.")


def test_a_command_and_what_it_starts_are_in_the_group(real):
    """The shell that enters becomes the command."""
    group = cgroups.make()
    try:
        command = group.entered_by(["/bin/sh", "-c", "cat /proc/self/cgroup"])
        told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        assert told.count(f"/{group.folders[0].name}\n") == 1
        assert told.count("/fmnist/") == len(group.folders)
    finally:
        group.remove()
    assert not any(folder.exists() for folder in group.folders)


def test_all_workers_together_are_bounded(real, sandbox, monkeypatch):
    """Each keeps less than its own limit; together they keep more than the group may."""
    make = cgroups.make
    monkeypatch.setattr(cgroups, "make", lambda: make(memory=500 * 2**20))
    zygote = Zygote.start(sandbox, preload=())
    folders = zygote._group.folders
    sessions = [
        WorkerSession("f", KEEPS, imports=(), worker=Worker(lambda: zygote), seconds=20)
        for _ in range(3)
    ]
    one, other, third = map(Answer, sessions)
    lost = 0
    try:
        for answer, megabytes in ((one, 300), (other, 300), (one, 0)):
            try:  # which of the two must go is for the kernel to say
                assert answer(megabytes) == 300
            except faults.Crashed:
                lost += 1
        assert lost == 1
        assert third(50) == 50
    finally:
        for session in sessions:
            session.close()
        zygote.close()
    assert folders
    assert not any(folder.exists() for folder in folders)


def test_all_sandboxes_together_are_bounded(real, level, monkeypatch):
    """Each sandbox keeps less than may be had; two of them do not fill the machine."""
    # In a group apart: what else runs here keeps its own bound.
    monkeypatch.setattr(cgroups, "NAME", f"fmnist-of-a-test-{os.getpid()}")
    monkeypatch.setattr(cgroups, "_all_memory", lambda: 500 * 2**20)
    started = [Zygote.start(level, preload=()) for _ in range(2)]
    sessions = [
        WorkerSession("f", KEEPS, imports=(), worker=Worker(lambda one=one: one), seconds=20)
        for one in started
    ]
    one, other = map(Answer, sessions)
    lost = 0
    try:
        for answer, megabytes in ((one, 300), (other, 300), (one, 0)):
            try:  # which of the two must go is for the kernel to say
                assert answer(megabytes) == 300
            except (faults.Crashed, NoSandbox):
                lost += 1
        assert lost == 1
    finally:
        for session in sessions:
            session.close()
        for zygote in started:
            zygote.close()


def test_groups_of_killed_runs_are_removed_by_the_next(real):
    """Nobody else would."""
    program = (
        "from fmnist.grading.sandbox import cgroups; "
        "print(*cgroups.make().folders, flush=True); input()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as run:
        folders = [Path(name) for name in run.stdout.readline().split()]
        assert all(folder.is_dir() for folder in folders)
        cgroups.make().remove()
        assert all(folder.is_dir() for folder in folders)
        run.kill()
    cgroups.make().remove()
    assert not any(folder.exists() for folder in folders)
