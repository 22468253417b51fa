"""Three golden submissions, and a first dozen of hostile ones, with the marks they must get."""

import csv
import json
import os
import textwrap
import time

import pytest

from fmnist.answer import faults
from fmnist.answer.proxy import Answer
from fmnist.exercises import catalog
from fmnist.grading import isolation, records, run, seccomp, selftest, submissions
from fmnist.grading.workers import WorkerSession, Zygote

COUNTS = catalog.find("class_counts").reference.read_text("utf-8")
MATRIX = catalog.find("confusion_matrix").reference.read_text("utf-8")
TRANSPOSED = COUNTS + "\n# unlike the matrix below\n"
LOOP = "def class_counts(labels, classes=10):\n    while True:\n        pass\n"


def hand_in(folder, student: str, **answers: str) -> None:
    """Write a student's answers, by name of the exercise."""
    for name, source in answers.items():
        path = folder / student / f"{name}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(source), "utf-8")


def rows(out) -> dict[str, dict[str, str]]:
    """Return the gradebook by student."""
    with (out / "grades.csv").open(encoding="utf-8") as file:
        return {row["student"]: row for row in csv.DictReader(file)}


@pytest.fixture(scope="module", name="out")
def _out(tmp_path_factory, fmnist, sandbox):
    """The gradebook of a small class, as an instructor makes it."""
    folder, out = tmp_path_factory.mktemp("submissions"), tmp_path_factory.mktemp("grades")
    hand_in(folder, "right", class_counts=COUNTS, confusion_matrix=MATRIX)
    transposed = catalog.find("confusion_matrix").wrong_answers[0].read_text("utf-8")
    hand_in(folder, "partly", class_counts=COUNTS, confusion_matrix=transposed)
    hand_in(folder, "loops", class_counts=LOOP, confusion_matrix=MATRIX)
    hand_in(folder, "=cmd()", class_counts=COUNTS)
    hand_in(folder, "broken", class_counts="def class_counts(:\n", confusion_matrix=MATRIX)
    (folder / "nothing").mkdir()
    hand_in(folder, "strays", class_counts=COUNTS, conftest="raise SystemExit", numpy="x = 1")
    names = ["--exercise", "class_counts", "--exercise", "confusion_matrix"]
    done = fmnist("grade", folder, "--out", out, *names)
    assert done.returncode == 0, done.stderr
    return out


def test_the_gradebook_has_the_promised_columns(out):
    """Student, state, points, maximum and isolation, then one column per exercise."""
    header = (out / "grades.csv").read_text("utf-8").splitlines()[0]
    assert header == ("student,state,points,max_points,isolation,class_counts,confusion_matrix")


@pytest.mark.parametrize(
    ("student", "state", "counts", "matrix"),
    [
        pytest.param("right", "graded", 2, 3, id="right"),
        pytest.param("partly", "graded", 2, 0.86, id="partly wrong"),
        pytest.param("loops", "graded", 0, 3, id="endless loop"),
        pytest.param("broken", "graded", 0, 3, id="syntax error"),
        pytest.param("nothing", "missing", 0, 0, id="nothing handed in"),
        pytest.param("'=cmd()", "graded", 2, 0, id="a name that a spreadsheet would compute"),
        pytest.param("strays", "graded", 2, 0, id="files that nobody asked for"),
    ],
)
def test_marks(out, student, state, counts, matrix):
    """Each submission gets the mark that it must get."""
    row = rows(out)[student]
    assert row["state"] == state
    assert (float(row["class_counts"]), float(row["confusion_matrix"])) == (counts, matrix)
    assert float(row["points"]) == counts + matrix
    assert row["isolation"] == "A"


def record(out, student: str) -> dict:
    """Return the record of a student."""
    return json.loads((out / "records" / f"{student}.json").read_text("utf-8"))


def test_each_exercise_has_its_state(out):
    """The record names what happened to an exercise."""
    states = {
        student: record(out, student)["exercises"] for student in ("loops", "broken", "right")
    }
    assert states["loops"][0]["state"] == "timed out"
    assert states["broken"][0]["state"] == "not gradable"
    assert "cannot read line 1" in states["broken"][0]["verdicts"][0]["message"]
    assert {part["state"] for part in states["right"]} == {"graded"}


def test_files_that_nobody_asked_for_are_listed(out):
    """Strays are named in the record, and nothing is done with them."""
    assert record(out, "strays")["ignored"] == ["conftest.py", "numpy.py"]


def test_hidden_checks_show_no_data(out):
    """A hidden check that fails gives its idea, and none of its numbers."""
    hidden = [
        verdict
        for part in record(out, "partly")["exercises"]
        for verdict in part["verdicts"]
        if verdict["hidden"] and verdict["outcome"] == "failed"
    ]
    assert hidden
    assert all("came back" not in verdict["message"] for verdict in hidden)


def test_marks_are_for_their_owner(out):
    """Gradebook and records cannot be read by other users."""
    for path in (out / "grades.csv", *(out / "records").iterdir()):
        assert path.stat().st_mode & 0o077 == 0


def test_the_same_class_gets_the_same_bytes(tmp_path, fmnist, sandbox):
    """Grading again changes no byte of record or gradebook."""
    hand_in(tmp_path / "in", "one", class_counts=COUNTS)
    for out in ("a", "b"):
        fmnist("grade", tmp_path / "in", "--out", tmp_path / out, "--exercise", "class_counts")
    for name in ("grades.csv", "records/one.json"):
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()


# --- hostile answers: what a worker says of them ---


@pytest.fixture(scope="module", name="zygote")
def _zygote(sandbox):
    """A warm interpreter in a sandbox."""
    started = Zygote(sandbox, preload=("numpy",))
    yield started
    started.close()


@pytest.fixture(name="run_hostile")
def _run_hostile(zygote):
    """Call f() of a source in a worker; at the end show that an honest one still works."""
    sessions = []

    def call(source: str, *args):
        imports = "ctypes fcntl mmap os socket subprocess sys time".split()
        session = WorkerSession(
            "f", textwrap.dedent(source), imports=imports, zygote_=lambda: zygote, seconds=1
        )
        sessions.append(session)
        return Answer(session)(*args)

    yield call
    assert call("def f():\n    return 42") == 42
    for session in sessions:
        session.end()


@pytest.mark.parametrize(
    ("source", "fault", "message"),
    [
        pytest.param("import os\ndef f(): os._exit(0)", faults.Crashed, "status 0", id="os._exit"),
        pytest.param("import os\nos._exit(0)", faults.Crashed, "status 0", id="os._exit at import"),
        pytest.param(
            "import ctypes\ndef f(): ctypes.string_at(0)", faults.Crashed, "signal", id="segfault"
        ),
        pytest.param(
            """
            import time
            def f():
                while True:
                    try:
                        time.sleep(10)
                    except BaseException:
                        pass
            """,
            faults.TimedOut,
            "stopped",
            id="loop that swallows everything",
        ),
        pytest.param("def f(): return [0] * 10**10", faults.Raised, "memory", id="memory hog"),
        pytest.param(
            "import os\ndef f():\n    while True: os.fork()", faults.Raised, "not permitted",
            id="fork bomb",
        ),
        pytest.param(
            "import subprocess\ndef f(): subprocess.run(['/bin/sh'])", faults.Raised,
            "not permitted", id="shell",
        ),
        pytest.param(
            "import socket\ndef f(): socket.create_connection(('127.0.0.1', 9))", faults.Raised,
            "not permitted|name resolution", id="network",
        ),
        pytest.param(
            "def f(): open('/dev/shm/note', 'w')", faults.Raised, "No such file", id="leaves a file"
        ),
        pytest.param(
            "import os\ndef f(): return open(f'/proc/{os.getppid()}/mem', 'rb+')", faults.Raised,
            "denied", id="memory of the zygote",
        ),
        pytest.param(
            "import os\ndef f(): os.kill(os.getppid(), 9)", faults.Raised, "not permitted",
            id="kills the zygote",
        ),
        pytest.param(
            "import fcntl, os\ndef f():\n    r, w = os.pipe()\n"
            "    fcntl.fcntl(r, fcntl.F_SETOWN, os.getppid())",
            faults.Raised, "not permitted", id="has the kernel signal the zygote",
        ),
        pytest.param(
            "import fcntl, os\ndef f():\n    r, w = os.pipe()\n"
            "    fcntl.fcntl(r, fcntl.F_SETFL, os.O_ASYNC)",
            faults.Raised, "not permitted", id="signal-driven input",
        ),
        pytest.param(
            "import os\ndef f(): os.sched_setaffinity(os.getppid(), {0})", faults.Raised,
            "not permitted", id="slows the zygote",
        ),
        pytest.param(
            "import os\ndef f(): os.setpriority(os.PRIO_PROCESS, os.getppid(), 19)",
            faults.Raised, "not permitted", id="priority of the zygote",
        ),
        pytest.param(
            "import mmap\ndef f(): mmap.mmap(-1, 4096)", faults.Raised, "not permitted",
            id="shared memory",
        ),
        pytest.param(
            "import sys\nRefusal = sys.modules['fmnist.answer.host'].Refusal\n"
            "def f(): raise Refusal('not loaded', 'secret ' * 10**5)",
            faults.Raised, "^(secret )+", id="forged kind and endless sentence",
        ),
        pytest.param(
            "import os\nfor fd in range(3, 20):\n    try: os.write(fd, b'rubbish' * 9)\n"
            "    except OSError: pass\ndef f(): return 1",
            faults.Tampering, "sent", id="rubbish on the wire",
        ),
        pytest.param(
            "import os\ndef f(): os.closerange(3, 64)", faults.Crashed, "ended", id="closes all"
        ),
        pytest.param(
            "class Yes:\n    def __eq__(self, other): return True\ndef f(): return Yes()",
            faults.Unusable, "type Yes", id="always equal",
        ),
    ],
)  # fmt: skip
def test_hostile_code_is_contained_and_told(run_hostile, source, fault, message):
    """Each attempt ends in its sentence, and the next answer works as if nothing had been."""
    with pytest.raises(fault, match=message):
        run_hostile(source)


def test_a_forged_reply_is_tampering(run_hostile):
    """A worker that puts a reply of its own on the wire is found out by the request's number."""
    forge = """
        import os
        def f():
            reply = b'{"dict":[["returned",42]]}'
            start = bytes([0, 0, 0, 77, 0, 0, 0, len(reply), 0, 0, 0, 0])
            for descriptor in range(3, 20):
                try:
                    os.write(descriptor, start + reply)
                except OSError:
                    pass
        """
    with pytest.raises(faults.Tampering, match="no request"):
        run_hostile(forge)


def test_there_is_nothing_to_find(run_hostile):
    """In a worker there is no file of the course but the wall itself, and no secret variable."""
    seen = run_hostile(
        f"""
        import os, sys
        def f():
            files = []
            for top in ("/course", {str(catalog.ROOT)!r}):
                for folder, folders, names in os.walk(top):
                    folders[:] = [name for name in folders if name != ".venv"]
                    files += [f"{{folder}}/{{name}}" for name in names]
            return [sorted(files), sorted(os.environ), os.getuid(), sorted(
                name for name in sys.modules if name.startswith("fmnist"))]
        """
    )
    files, variables, uid, modules = seen
    assert not any("exercise" in file or "solution" in file for file in files)
    assert files
    assert all(file.startswith("/course/fmnist/") for file in files)
    assert uid != 0
    assert not [name for name in variables if "FMNIST" in name or "PYTEST" in name]
    assert "fmnist.exercises" not in modules


def test_a_worker_that_dies_is_replaced_for_the_next_call(zygote):
    """An endless loop costs its call; the next one is answered by a new worker."""
    session = WorkerSession(
        "f",
        "def f(again):\n    while again: pass\n    return 1",
        imports=(),
        zygote_=lambda: zygote,
        seconds=0.3,
    )
    answer = Answer(session)
    with pytest.raises(faults.TimedOut):
        answer(True)
    assert answer(False) == 1
    session.end()


def test_workers_draw_the_same_random_numbers(zygote):
    """The same answer gets the same mark: chance is the same in every worker."""
    drawn = []
    for _ in range(2):
        session = WorkerSession(
            "f",
            "import random\nimport numpy\ndef f(): return [random.random(), numpy.random.rand()]",
            imports=("numpy",),
            zygote_=lambda: zygote,
            seconds=1,
        )
        drawn.append(Answer(session)())
        session.end()
    assert drawn[0] == drawn[1]


def call_until_it_fails(answer: Answer) -> None:
    """Call for some seconds: the kernel ends a worker a moment after its zygote."""
    for _ in range(500):
        answer()
        time.sleep(0.01)


def test_a_lost_zygote_is_replaced(sandbox):
    """Should the warm interpreter ever end, the next answer gets a new one."""
    exercise = catalog.find("class_counts")
    with run.Zygotes(sandbox) as zygotes:
        session = WorkerSession(
            "f",
            "def f(): return 1",
            imports=(),
            zygote_=lambda: zygotes.for_exercise(exercise),
            seconds=5,
        )
        assert Answer(session)() == 1
        first = zygotes.for_exercise(exercise)
        first._process.kill()
        first._process.wait()
        with pytest.raises(faults.Crashed):
            call_until_it_fails(Answer(session))
        assert Answer(session)() == 1
        assert zygotes.for_exercise(exercise) is not first
        session.end()


def test_a_model_is_judged_by_what_it_is(tmp_path, fmnist, sandbox):
    """Methods that lie about a wrong model earn nothing: a clean host asks the model itself."""
    liar = """
        import math
        import keras
        def compiled_classifier(learning_rate=0.001):
            real = keras.Sequential(
                [keras.Input((28, 28, 1)), keras.layers.Flatten(), keras.layers.Dense(10)])
            real.compile(keras.optimizers.Adam(learning_rate), "mse")
            real.evaluate = lambda *_, **__: {"loss": math.log(10), "accuracy": 0.1}
            real.fit = lambda *_, **__: type("H", (), {"history": {"loss": [1.0, 0.0]}})
            return real
        """
    listed = """
        import keras
        def compiled_classifier(learning_rate=0.001):
            model = keras.Sequential(
                [keras.Input((28, 28, 1)), keras.layers.Flatten(), keras.layers.Dense(10)])
            model.compile(
                optimizer=keras.optimizers.Adam(learning_rate),
                loss=[keras.losses.SparseCategoricalCrossentropy(from_logits=True)],
                metrics=["accuracy", keras.metrics.sparse_top_k_categorical_accuracy])
            return model
        """
    hand_in(tmp_path / "in", "liar", compiled_classifier=liar)
    hand_in(tmp_path / "in", "listed", compiled_classifier=listed)
    done = fmnist(
        "grade", tmp_path / "in", "--out", tmp_path / "out", "--exercise", "compiled_classifier"
    )
    assert done.returncode == 0, done.stderr
    verdicts = {
        verdict["check"].partition("[")[0]: verdict["outcome"]
        for verdict in record(tmp_path / "out", "liar")["exercises"][0]["verdicts"]
    }
    assert verdicts["test_loss_is_the_cross_entropy_of_logits"] == "failed"
    assert verdicts["test_reports_accuracy"] == "failed"
    assert verdicts["test_training_lowers_the_loss"] == "failed"
    points = catalog.find("compiled_classifier").points
    assert float(rows(tmp_path / "out")["listed"]["points"]) == points


def test_hidden_inputs_do_not_come_out_by_an_exception(tmp_path, fmnist, sandbox):
    """Whatever a student raises in a hidden check, its text is not shown."""
    leak = "def class_counts(labels, classes=10):\n    raise {}(f'leak {{labels}}')\n"
    hand_in(tmp_path / "in", "one", class_counts=leak.format("NotImplementedError"))
    hand_in(tmp_path / "in", "two", class_counts=leak.format("ValueError"))
    fmnist("grade", tmp_path / "in", "--out", tmp_path / "out", "--exercise", "class_counts")
    for student in ("one", "two"):
        verdicts = record(tmp_path / "out", student)["exercises"][0]["verdicts"]
        assert any("leak" in verdict["message"] for verdict in verdicts if not verdict["hidden"])
        assert not any("leak" in verdict["message"] for verdict in verdicts if verdict["hidden"])


def test_marks_of_an_earlier_run_do_not_stay(tmp_path, fmnist, sandbox):
    """Grading into the same folder leaves only what was graded now."""
    hand_in(tmp_path / "in", "one", class_counts=COUNTS)
    hand_in(tmp_path / "in", "two", class_counts=COUNTS)
    arguments = ("grade", tmp_path / "in", "--out", tmp_path / "out", "--exercise", "class_counts")
    fmnist(*arguments)
    (tmp_path / "in" / "two" / "class_counts.py").unlink()
    (tmp_path / "in" / "two").rmdir()
    fmnist(*arguments)
    assert list(rows(tmp_path / "out")) == ["one"]
    assert [path.name for path in (tmp_path / "out" / "records").iterdir()] == ["one.json"]


# --- the walls that are missing ---


def test_without_bubblewrap_the_grader_says_what_to_install(monkeypatch):
    """Level A is never lowered silently."""
    monkeypatch.setattr("shutil.which", lambda _: None)
    with pytest.raises(isolation.NoSandbox, match="apt install bubblewrap"):
        selftest.strongest(least="A")


def test_without_libseccomp_the_grader_refuses(monkeypatch):
    """A sandbox without its filter is not level A."""

    def unavailable():
        raise seccomp.Unavailable("libseccomp is not there")

    monkeypatch.setattr(seccomp, "program", unavailable)
    monkeypatch.setattr("shutil.which", lambda _: "/usr/bin/bwrap")
    with pytest.raises(isolation.NoSandbox, match="needs libseccomp"):
        selftest.strongest(least="A")


def test_a_wall_with_a_hole_is_refused(monkeypatch, sandbox):
    """The self-test finds a sandbox that shows the grader's files."""
    files = isolation._files
    monkeypatch.setattr(
        isolation,
        "_files",
        lambda: [*files()[:-4], "--ro-bind", str(catalog.ROOT), str(catalog.ROOT), "--chdir", "/"],
    )
    with pytest.raises(isolation.NoSandbox, match="read the grader's files"):
        selftest.proved(sandbox)


@pytest.mark.skipif(os.getuid() != 0, reason="only root is refused")
def test_root_never_runs_submissions_without_a_wall(monkeypatch):
    """Level D as root is refused even when asked for."""
    monkeypatch.setattr("shutil.which", lambda _: None)
    with pytest.raises(isolation.NoSandbox, match="never as root"):
        selftest.strongest(least="D")


@pytest.mark.skipif(os.getuid() == 0, reason="root is refused at level D")
def test_without_a_wall_an_ordinary_user_still_has_the_limits():
    """Level D stops loops and survives exits, and that is all it promises."""
    started = Zygote(isolation.LEVELS["D"], preload=("numpy",))
    expected = {
        "def f(): return 1": 1,
        "def f():\n    while True: pass": faults.TimedOut,
        "def f(): return bytearray(3 * 2**30)": faults.Raised,
    }
    for source, outcome in expected.items():
        session = WorkerSession("f", source, imports=(), zygote_=lambda: started, seconds=1)
        if outcome == 1:
            assert Answer(session)() == 1
        else:
            with pytest.raises(outcome):
                Answer(session)()
        session.end()
    started.close()


# --- the grader's own faults ---


def verdict(outcome: str, kind: str = "") -> records.Verdict:
    """Return a verdict on class_counts."""
    return records.Verdict("class_counts", "test", False, outcome, kind, "")


@pytest.mark.parametrize(
    ("verdicts", "state"),
    [
        pytest.param([], "grader error", id="no verdict"),
        pytest.param([verdict("skipped")], "grader error", id="skipped"),
        pytest.param(
            [verdict("passed"), verdict("error", "grader error")], "grader error", id="ours"
        ),
        pytest.param([verdict("passed"), verdict("failed", "crashed")], "crashed", id="crashed"),
        pytest.param(
            [verdict("passed"), verdict("failed", "tampering suspected")],
            "tampering suspected",
            id="tampered",
        ),
        pytest.param([verdict("failed", "wrong")], "graded", id="wrong is graded"),
    ],
)
def test_no_evidence_is_never_a_pass(verdicts, state):
    """What got no verdict is named; it earns nothing and is no honest 0."""
    exercise = catalog.find("class_counts")
    handed_in = submissions.Submission("one", {}, {}, ())
    made = records.record(handed_in, (exercise,), verdicts, isolation="A")
    assert made.exercises[0].state == state
    assert made.points == (1.0 if state == "crashed" else 0.0)
    assert made.state == (state if state in ("grader error", "tampering suspected") else "graded")


def test_checks_that_cannot_be_imported_stop_the_grading(tmp_path, monkeypatch, sandbox):
    """A broken file of checks gives no marks at all."""
    checks = tmp_path / "test_class_counts.py"
    checks.write_text("import nothing_of_that_name\n")
    monkeypatch.setattr(catalog.Exercise, "public_checks", checks)
    given = []
    with pytest.raises(run.GraderError, match="cannot be imported"):
        run.grade(
            [submissions.Submission("one", {}, {}, ())],
            (catalog.find("class_counts"),),
            level=sandbox,
            on_record=given.append,
        )
    assert given == []


@pytest.mark.parametrize(
    ("make", "message"),
    [
        pytest.param(lambda _: None, "There is no folder", id="missing"),
        pytest.param(lambda path: path.mkdir(), "expected one per student", id="empty"),
    ],
)
def test_a_folder_without_submissions_is_told(tmp_path, make, message):
    """The message says what the grader expects to find."""
    make(tmp_path / "in")
    with pytest.raises(submissions.NoSubmissions, match=message):
        submissions.read_all(tmp_path / "in", catalog.load())


def test_what_is_no_submission_is_named_and_stops_nobody(tmp_path):
    """Links, hidden folders and unusable names are skipped with the reason; the rest is read."""
    hand_in(tmp_path, "ada", class_counts=COUNTS)
    for name in (".hidden", "x" * 200, "line\nbreak"):
        (tmp_path / name).mkdir()
    (tmp_path / "linked").symlink_to(tmp_path / "ada")
    (tmp_path / "notes.txt").write_text("")
    deep = tmp_path / "ada"
    for _ in range(60):
        deep /= "deeper"
    deep.mkdir(parents=True)
    (one,), skipped = submissions.read_all(tmp_path, (catalog.find("class_counts"),))
    assert one.student == "ada"
    assert one.sources == {"class_counts": COUNTS}
    assert {name[:4]: reason.split()[0] for name, reason in skipped.items()} == {
        ".hid": "hidden",
        "xxxx": "its",
        "line": "its",
        "link": "not",
        "note": "not",
    }


@pytest.mark.parametrize("name", ["=1", "'=1", " =1", "\n=1", "\uff1d1", "@x", "-1", "+1"])
def test_no_name_is_computed_or_confused(name):
    """A spreadsheet shows every name as text, and no two become one."""
    assert records._cell(name) == f"'{name}"
    assert records._cell("ada") == "ada"


def test_a_submission_cannot_point_out_of_its_folder(tmp_path):
    """A linked file or folder is not followed."""
    secret = tmp_path / "secret"
    secret.mkdir()
    (secret / "class_counts.py").write_text("stolen = 1")
    student = tmp_path / "in" / "eve"
    student.mkdir(parents=True)
    (student / "phase1_explore").symlink_to(secret)
    (student / "class_counts.py").symlink_to(secret / "class_counts.py")
    (one,), _ = submissions.read_all(tmp_path / "in", (catalog.find("class_counts"),))
    assert one.sources == {}
    assert "class_counts" in one.unreadable
