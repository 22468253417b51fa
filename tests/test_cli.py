"""What a person types, and what they read."""

import re

import pytest

from fmnist import cli
from fmnist.cli import common
from fmnist.exercises import catalog

README = catalog.ROOT / "README.md"


@pytest.mark.parametrize("name", cli.commands.commands)
def test_every_command_shows_an_example_and_is_in_the_readme(fmnist, name):
    """Help has a worked example, and the README names the command."""
    done = fmnist(name, "--help")
    assert done.returncode == 0
    assert re.search(rf"Example:\n\s+(\S+=\S+ )?fmnist {name}", done.stdout)
    assert f"fmnist {name}" in README.read_text("utf-8")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        pytest.param(["check", "nope"], "There is no exercise 'nope'. Choose one", id="exercise"),
        pytest.param(["check", "small_cnn", "--file", "x"], "There is no file x", id="file"),
        pytest.param(["train", "nope"], "There is no recipe 'nope'. Choose one of", id="recipe"),
        pytest.param(["grade", "nope", "--out", "x"], "There is no folder nope", id="submissions"),
    ],
)
def test_a_mistake_is_answered_in_one_line(fmnist, arguments, message):
    """Exit status 1, one line, no traceback."""
    done = fmnist(*arguments)
    assert done.returncode == 1
    assert done.stderr.startswith(f"fmnist: {message}")
    assert done.stderr.count("\n") == 1


def test_data_that_is_not_there_is_answered_in_one_line(fmnist, tmp_path):
    """The line says what to type; nothing is trained."""
    done = fmnist("train", "linear", FMNIST_CACHE=str(tmp_path))
    assert done.returncode == 1
    assert done.stderr.strip().splitlines()[-1].endswith("Type: fmnist fetch")
    assert "Traceback" not in done.stderr


def test_an_output_that_cannot_be_written_is_answered_in_one_line(fmnist, tmp_path):
    """A file in the place of the folder is named."""
    (tmp_path / "in" / "ada").mkdir(parents=True)
    (tmp_path / "out").write_text("")
    done = fmnist("grade", tmp_path / "in", "--out", tmp_path / "out")
    assert done.returncode == 1
    assert "cannot be written" in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_record_that_cannot_be_written_is_answered_in_one_line(fmnist, tmp_path, sandbox):
    """A file in the place of the folder of records is named, and the gradebook is still written."""
    (tmp_path / "in" / "ada").mkdir(parents=True)
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "records").write_text("")
    done = fmnist("grade", tmp_path / "in", "--out", tmp_path / "out")
    assert done.returncode == 1
    assert "The record of 'ada' cannot be written" in done.stderr
    assert "Traceback" not in done.stderr
    assert (tmp_path / "out" / "grades.csv").read_text().startswith("student,state")


def test_check_says_what_is_missing(fmnist):
    """A stub is not started; a wrong answer reads call, result, expectation, idea and place."""
    done = fmnist("check", "class_counts")
    assert done.returncode == 1
    assert "0 of 5 public checks passed" in done.stdout
    assert "class_counts is not started" in done.stdout
    exercise = catalog.find("class_counts")
    done = fmnist("check", "class_counts", "--file", exercise.wrong_answers[0])
    for line in (
        "class_counts([2, 0, 2], classes=4)",
        "  came back: [1, 2], a list",
        "  expected:  a list of 4 ints",
        "  A class without images is still a class",
        "Read:  _build/html/phase1_explore.html#explore-balance",
    ):
        assert line in done.stdout


@pytest.mark.parametrize("discovery", ["", "1"], ids=["plugins found", "plugins not looked for"])
def test_check_praises_a_right_answer(fmnist, discovery):
    """All public checks passed, exit status 0, and a word on the hidden ones."""
    reference = catalog.find("class_counts").reference
    setting = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": discovery}
    done = fmnist("check", "class_counts", "--file", reference, **setting)
    assert done.returncode == 0
    assert "all 5 public checks passed" in done.stdout
    assert "hidden checks" in done.stdout


SIGNATURE = "def class_counts(labels, classes=10):\n    "


@pytest.mark.parametrize(
    ("source", "message"),
    [
        pytest.param(f"{SIGNATURE}while True: pass", "never ends", id="loop"),
        pytest.param("import os", "Line 1 imports os", id="import"),
        pytest.param(f"from random import _os\n{SIGNATURE}_os._exit(0)", "ended", id="exit"),
    ],
)
def test_check_survives_its_student(fmnist, tmp_path, source, message):
    """Loops, forbidden imports and exits get a sentence."""
    path = tmp_path / "answer.py"
    path.write_text(source)
    done = fmnist("check", "class_counts", "--file", path)
    assert done.returncode == 1
    assert message in done.stdout
    assert "Traceback" not in done.stdout + done.stderr


def test_train_keeps_a_run_and_finds_it_again(fmnist):
    """Training shows each epoch and a result; the second time there is nothing to train."""
    first = fmnist("train", "linear", "--epochs", "1", "--seed", "3", FMNIST_TIER="smoke")
    assert first.returncode == 0, first.stderr
    assert "epoch 1/1: loss" in first.stdout
    result = r"\d\d\.\d % \(95 % interval .*, n = 1,000, 1 seed, validation\)"
    assert re.search(result, first.stdout)
    second = fmnist("train", "linear", "--epochs", "1", "--seed", "3", FMNIST_TIER="smoke")
    assert "epoch" not in second.stdout.replace("epochs=", "")
    assert second.stdout.splitlines()[-1] == first.stdout.splitlines()[-1]
    assert "linear     seed 3    1 epochs  2,000 images" in fmnist("runs").stdout


def test_names_cannot_steer_the_terminal():
    """Control characters of a student's name are not obeyed."""
    assert common.shown("ada\x1b[2J") == "ada?[2J"
