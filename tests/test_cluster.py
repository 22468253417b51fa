"""A class that is graded on a cluster: a real scheduler with real workers, on loopback."""

import csv
import os
import platform
import shutil
import subprocess
import sys
import threading

import pytest

from examples import COUNTS
from fmnist.course import ROOT
from fmnist.tools import executors

RIGHT = COUNTS.reference.read_text("utf-8")
SLOW = "def class_counts(labels, classes=10):\n    while True: pass\n"


@pytest.mark.parametrize(
    ("address", "message"),
    [
        pytest.param("tcp://grading.example.edu:8786", "is not encrypted", id="foreign tcp"),
        pytest.param("grading.example.edu", "no address of a scheduler", id="no scheme"),
        pytest.param("tls://grading.example.edu", "no address of a scheduler", id="no port"),
        pytest.param("tcp://127.0.0.1:x", "no address of a scheduler", id="port that is none"),
        pytest.param("ws://127.0.0.1:8786", "no address of a scheduler", id="another scheme"),
    ],
)
def test_only_a_safe_way_to_a_scheduler_is_taken(address, message):
    """What is sent is run by whoever reads it, so strangers must not be able to speak."""
    with (
        pytest.raises(executors.NoCluster, match=message),
        executors.Place(address).open(),
    ):
        pass


def test_without_a_scheduler_one_line_says_so(monkeypatch):
    """Nobody listens: the message names the address."""
    monkeypatch.setattr(executors, "CONNECT_SECONDS", 2)
    with (
        pytest.raises(executors.NoCluster, match="no scheduler to be had at tcp:"),
        executors.Place("tcp://127.0.0.1:9").open(),
    ):
        pass


class Cluster:
    """A scheduler and workers as processes of their own."""

    def __init__(self, folder, protocol: str = "tcp"):
        self._folder = folder
        self._processes: list[subprocess.Popen] = []
        self._environment: dict[str, str] = {}
        where = ("--host", "127.0.0.1", "--port", "0", "--protocol", protocol)
        self.scheduler = self._start("scheduler", *where)
        for line in self.scheduler.stderr:
            if "Scheduler at:" in line:
                self.address = line.split()[-1]
                break
        self._drain(self.scheduler)

    def add_worker(self) -> subprocess.Popen:
        """Start a worker with one thread and return its process."""
        options = ("--nthreads", "1", "--no-nanny", "--no-dashboard")
        worker = self._start("worker", self.address, "--host", "127.0.0.1", *options)
        self._drain(worker)
        return worker

    def replace_workers(self, **environment: str) -> None:
        """Start one worker in this environment in the place of the others."""
        for process in self._processes[1:]:
            process.kill()
        self._environment = environment
        self.add_worker()

    def end(self) -> None:
        """End all processes."""
        for process in self._processes:
            process.kill()
            process.wait()

    def _start(self, kind: str, *arguments: str) -> subprocess.Popen:
        command = [sys.executable, "-m", f"distributed.cli.dask_{kind}", *arguments]
        process = subprocess.Popen(
            command,
            cwd=self._folder,
            env=os.environ | self._environment,
            stderr=subprocess.PIPE,
            text=True,
        )
        self._processes.append(process)
        return process

    def _drain(self, process: subprocess.Popen) -> None:
        def read() -> None:
            with process.stderr as lines:
                for _ in lines:
                    pass

        threading.Thread(target=read, daemon=True).start()


@pytest.fixture(name="cluster")
def _cluster(tmp_path):
    """A scheduler with two workers."""
    started = Cluster(tmp_path)
    started.add_worker()
    started.add_worker()
    yield started
    started.end()


@pytest.fixture(name="course")
def _course(tmp_path, sandbox):
    """Twenty submissions, every fourth with an endless loop, and the command to grade them."""
    for number in range(20):
        folder = tmp_path / "in" / f"s{number:02}"
        folder.mkdir(parents=True)
        (folder / "class_counts.py").write_text(RIGHT if number % 4 else SLOW)
    out = tmp_path / "out"
    command = [sys.executable, "-m", "fmnist", "grade", str(tmp_path / "in"), "--out", str(out)]
    return [*command, "--exercise", "class_counts", "--workers", "2"], out


def marks(out) -> dict[str, float]:
    """Return the points by student."""
    with (out / "grades.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len({row["student"] for row in rows}) == len(rows)
    return {row["student"]: float(row["points"]) for row in rows}


WANTED = {f"s{number:02}": float(COUNTS.points) if number % 4 else 0.0 for number in range(20)}


def started(command: list[str], *more: str) -> subprocess.Popen:
    """Start grading and return once the first marks are out."""
    run = subprocess.Popen(
        [*command, *more],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    graded = 0
    for line in run.stdout:
        graded += ": graded" in line
        if graded == 3:
            break
    return run


@pytest.mark.slow
def test_a_worker_may_die_and_another_may_come(cluster, course):
    """A worker is killed in the middle and one is added: no mark is lost or doubled."""
    command, out = course
    dying = cluster.add_worker()
    run = started(command, "--cluster", cluster.address)
    dying.kill()
    cluster.add_worker()
    _, errors = run.communicate(timeout=300)
    assert run.returncode == 0, errors
    assert marks(out) == WANTED


@pytest.mark.slow
def test_without_its_scheduler_a_run_ends_and_can_go_on(cluster, course):
    """The run says that the cluster has gone; the next one, here, makes what is left."""
    command, out = course
    run = started(command, "--cluster", cluster.address)
    cluster.scheduler.kill()
    _, errors = run.communicate(timeout=300)
    assert run.returncode == 1
    assert "The cluster has gone" in errors
    assert "Traceback" not in errors
    kept = {path.stem: path.read_bytes() for path in (out / "records").glob("*.json")}
    assert 3 <= len(kept) < len(WANTED)
    resumed = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False
    )
    assert resumed.returncode == 0, resumed.stderr
    assert marks(out) == WANTED
    for student, record in kept.items():
        assert (out / "records" / f"{student}.json").read_bytes() == record


def test_a_cluster_gives_the_same_marks(cluster, course):
    """What a cluster grades is what this machine grades."""
    command, out = course
    only_right(out)
    done = grade(command, cluster)
    assert done.returncode == 0, done.stderr
    assert marks(out) == {student: points for student, points in WANTED.items() if points}


def test_a_scheduler_without_workers_is_told(tmp_path, monkeypatch):
    """With what to type on each machine; nobody waits for a day."""
    monkeypatch.setattr(executors, "WORKER_SECONDS", 1)
    alone = Cluster(tmp_path)
    try:
        place = executors.Place(alone.address)
        with pytest.raises(executors.NoCluster, match=f"dask worker {alone.address}"), place.open():
            pass
    finally:
        alone.end()


def test_a_worker_without_the_package_is_told_before_it_is_sent_anything(tmp_path, cluster):
    """It would write what it cannot read into its log: a student's answers."""
    (tmp_path / "sitecustomize.py").write_text("import sys\nsys.modules['fmnist'] = None\n")
    cluster.replace_workers(PYTHONPATH=str(tmp_path))
    place = executors.Place(cluster.address)
    refused = pytest.raises(executors.NoCluster, match=r"worker at tcp://.* has no package fmnist")
    with refused, place.open():
        pass


def test_who_grades_needs_the_sandbox_and_who_asks_does_not(cluster, course, monkeypatch):
    """A machine that lacks it is named."""
    command, out = course
    only_right(out)
    monkeypatch.setenv("PATH", str(out.parent))
    done = grade(command, cluster)
    assert done.returncode == 0, done.stderr
    assert marks(out) == {student: points for student, points in WANTED.items() if points}
    cluster.replace_workers(PATH=str(out.parent))
    refused = grade([*command, "--regrade"], cluster)
    assert refused.returncode == 1
    machine = f"On the machine {platform.node()}: Isolation A needs bubblewrap"
    assert machine in refused.stderr


@pytest.mark.slow
def test_a_sweep_on_a_cluster_brings_its_runs_home(cluster, empty_cache_with_images, fmnist):
    """Runs that workers have trained, in caches of their own, are kept here and found again."""
    there = empty_cache_with_images.with_name("there")
    there.mkdir()
    (there / "data").symlink_to(empty_cache_with_images / "data")
    cluster.replace_workers(FMNIST_CACHE=str(there), FMNIST_TIER="smoke")
    arguments = ("sweep", "linear", "--seeds", "2", "--cluster", cluster.address)
    environment = {"FMNIST_CACHE": str(empty_cache_with_images), "FMNIST_TIER": "smoke"}
    done = fmnist(*arguments, **environment)
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("trained: linear") == 2
    assert "2 seeds" in done.stdout
    assert len(list((empty_cache_with_images / "runs").glob("*/run.json"))) == 2
    again = fmnist(*arguments, **environment)
    assert "0 to train" in again.stdout


@pytest.fixture(name="certificates")
def _certificates(tmp_path, monkeypatch, openssl):
    """A certificate that this test alone trusts, in the environment as Dask reads it."""
    certificate, key = tmp_path / "certificate.pem", tmp_path / "key.pem"
    command = f"{openssl} req -x509 -nodes -newkey rsa:2048 -days 2 -subj /CN=test".split()
    subprocess.run([*command, "-keyout", key, "-out", certificate], check=True, capture_output=True)
    settings = {"CA_FILE": certificate}
    for role in ("CLIENT", "SCHEDULER", "WORKER"):
        settings |= {f"{role}__CERT": certificate, f"{role}__KEY": key}
    for name, path in settings.items():
        monkeypatch.setenv(f"DASK_DISTRIBUTED__COMM__TLS__{name}", str(path))
    return settings


@pytest.mark.slow
def test_a_cluster_behind_tls_grades_for_those_with_a_certificate(
    tmp_path, certificates, course, monkeypatch
):
    """The marks are right; whoever has no certificate is answered in one line."""
    command, out = course
    only_right(out)
    cluster = Cluster(tmp_path, "tls")
    try:
        assert cluster.address.startswith("tls://")
        cluster.add_worker()
        done = grade(command, cluster)
        assert done.returncode == 0, done.stderr
        assert marks(out) == {student: points for student, points in WANTED.items() if points}
        monkeypatch.setenv("DASK_DISTRIBUTED__COMM__TLS__CLIENT__KEY", "elsewhere.pem")
        refused = [grade([*command, "--regrade"], cluster)]
        for name in certificates:
            monkeypatch.delenv(f"DASK_DISTRIBUTED__COMM__TLS__{name}")
        refused.append(grade([*command, "--regrade"], cluster))
        for one, why in zip(refused, ("There is no file elsewhere.pem", "set DASK_"), strict=True):
            assert one.returncode == 1
            assert "no scheduler to be had at tls://" in one.stderr
            assert why in one.stderr
            assert "Traceback" not in one.stderr
    finally:
        cluster.end()


def only_right(out) -> None:
    """Leave the endless loops out; they take their time anywhere."""
    for student, points in WANTED.items():
        if points == 0:
            shutil.rmtree(out.parent / "in" / student)


def grade(command: list[str], cluster: Cluster) -> subprocess.CompletedProcess:
    """Grade on a cluster and return what it said."""
    return subprocess.run(
        [*command, "--cluster", cluster.address],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
