"""A class as an instructor grades it: what goes in, and the marks that come out."""

import csv
import json
import textwrap

import pytest

from counted import earned, verdicts
from fmnist.exercises import catalog

EXERCISE, OTHER = catalog.find("class_counts"), catalog.find("confusion_matrix")
COUNTS, MATRIX = (one.reference.read_text("utf-8") for one in (EXERCISE, OTHER))
TRANSPOSED = OTHER.wrong_answers[0].path
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
    partly = TRANSPOSED.read_text("utf-8")
    hand_in(folder, "partly", class_counts=COUNTS, confusion_matrix=partly)
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
    """Who, what became of it, points with their parts, when and by which rule, each exercise."""
    header = (out / "grades.csv").read_text("utf-8").splitlines()[0]
    assert header == (
        "student,name,email,state,points,max_points,exercise_points,project_points,open,attempt,"
        "submitted,deadline,days_late,percent_off,rule,isolation,class_counts,confusion_matrix"
    )


FULL, MOST = EXERCISE.points, OTHER.points
PARTLY = earned(OTHER, verdicts(OTHER, TRANSPOSED))


@pytest.mark.parametrize(
    ("student", "state", "counts", "matrix"),
    [
        pytest.param("right", "graded", FULL, MOST, id="right"),
        pytest.param("partly", "graded", FULL, PARTLY, id="partly wrong"),
        pytest.param("loops", "graded", 0, MOST, id="endless loop"),
        pytest.param("broken", "graded", 0, MOST, id="syntax error"),
        pytest.param("nothing", "missing", 0, 0, id="nothing handed in"),
        pytest.param("'=cmd()", "graded", FULL, 0, id="a name that a spreadsheet would compute"),
        pytest.param("strays", "graded", FULL, 0, id="files that nobody asked for"),
    ],
)
def test_marks(out, student, state, counts, matrix):
    """Each submission gets the mark that it must get."""
    row = rows(out)[student]
    assert row["state"] == state
    assert (float(row["class_counts"]), float(row["confusion_matrix"])) == (counts, matrix)
    assert float(row["points"]) == pytest.approx(counts + matrix)
    assert 0 < PARTLY < MOST
    assert row["isolation"] == "A"


def record(out, student: str) -> dict:
    """Return the record of a student."""
    return json.loads((out / "records" / f"{student}.json").read_text("utf-8"))["record"]


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
    """Grading again changes no byte of record or gradebook, whatever pytest is told elsewhere."""
    hand_in(tmp_path / "in", "one", class_counts=COUNTS)
    for out, setting in (("a", {}), ("b", {"PYTEST_ADDOPTS": "--collect-only"})):
        command = ("grade", tmp_path / "in", "--out", tmp_path / out, "--exercise", "class_counts")
        command = (*command, "--seed", "7")
        assert fmnist(*command, **setting).returncode == 0
    for name in ("grades.csv", "records/one.json"):
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()


# --- models, exceptions, repeated runs ---


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
    """Where it is asked for, the same folder has only what was graded now; the rest is aside."""
    hand_in(tmp_path / "in", "one", class_counts=COUNTS)
    hand_in(tmp_path / "in", "two", class_counts=COUNTS)
    arguments = ("grade", tmp_path / "in", "--out", tmp_path / "out", "--exercise", "class_counts")
    fmnist(*arguments)
    (tmp_path / "in" / "two" / "class_counts.py").unlink()
    (tmp_path / "in" / "two").rmdir()
    assert "add --set-aside" in fmnist(*arguments).stderr
    assert list(rows(tmp_path / "out")) == ["one", "two"]
    fmnist(*arguments, "--set-aside")
    assert list(rows(tmp_path / "out")) == ["one"]
    assert [path.name for path in (tmp_path / "out" / "records").iterdir()] == ["one.json"]
    assert list(rows(tmp_path / "out" / "earlier-1")) == ["one", "two"]
