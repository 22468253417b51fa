"""What a person types, and what they read.

Parsing and printing are tested in this process; a command has one of its own where that matters.
"""

import errno
import os
import re

import click.testing
import pytest

from counted import first_fault, public_checks
from fmnist import cli
from fmnist.course import ROOT
from fmnist.exercises import catalog
from fmnist.tools import terminal

README = ROOT / "README.md"


def typed(*args: object, **environment: str) -> click.testing.Result:
    """Type a command in this process: whatever goes wrong is told in words."""
    words = [str(arg) for arg in args]
    done = click.testing.CliRunner(env=environment).invoke(cli.commands, words, prog_name="fmnist")
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exc_info
    assert "Traceback" not in done.output
    return done


def mistake(done: click.testing.Result) -> str:
    """Return the one line on standard error that a mistake is answered with."""
    assert done.exit_code == 1
    assert done.stderr.startswith("fmnist: ")
    assert done.stderr.count("\n") == 1
    return done.stderr.removeprefix("fmnist: ").rstrip("\n")


@pytest.mark.parametrize("name", cli.commands.commands)
def test_every_command_shows_an_example_and_is_in_the_readme(name):
    """Help has a worked example, and the README names the command."""
    done = typed(name, "--help")
    assert done.exit_code == 0
    assert re.search(rf"Example:\n\s+(\S+=\S+ )?fmnist {name}", done.stdout)
    assert f"fmnist {name}" in README.read_text("utf-8")


def test_the_program_has_help_and_ends_with_its_status(fmnist):
    """What is typed reaches the commands in this process, and the shell gets their exit status."""
    assert "Example:" in fmnist("check", "--help").stdout
    done = fmnist("check", "nope")
    assert done.returncode == 1
    assert done.stderr.startswith("fmnist: There is no exercise 'nope'. Choose one")
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        pytest.param(["check", "nope"], "There is no exercise 'nope'. Choose one", id="exercise"),
        pytest.param(["check", "class_counts", "--file", "x"], "There is no file x", id="file"),
        pytest.param(["train", "nope"], "There is no recipe 'nope'. Choose one of", id="recipe"),
        pytest.param(
            ["train", "mlp", "--images", "15"], "images must be a multiple of 10", id="images"
        ),
        pytest.param(["evaluate", "nope"], "'nope' is neither a kept run", id="run"),
        pytest.param(["evaluate", "mlp"], "No run of mlp is kept. Type: fmnist train", id="kept"),
        pytest.param(
            ["runs", "compare", "mlp", "nope"], "No run of mlp is kept", id="runs to compare"
        ),
        pytest.param(
            ["runs", "record", "nonsense"],
            "There is no experiment 'nonsense'. Choose among: ladder",
            id="experiment",
        ),
        pytest.param(["grade", "nope", "--out", "x"], "There is no folder nope", id="submissions"),
    ],
)
def test_a_mistake_is_answered_in_one_line(arguments, message, tmp_path):
    """Exit status 1, one line, no traceback; nothing is kept yet."""
    (tmp_path / "data").symlink_to(os.environ["FMNIST_TEST_IMAGES"])
    assert mistake(typed(*arguments, FMNIST_CACHE=str(tmp_path))).startswith(message)


@pytest.mark.parametrize("variable", ["3,4", "3,4,4"])
def test_seeds_that_cannot_be_are_answered_in_one_line(variable, monkeypatch):
    """Before anything is trained or built."""
    monkeypatch.setenv("FMNIST_TIER", "")  # the command sets it
    told = mistake(typed("book", FMNIST_SEEDS=variable))
    assert told.startswith("FMNIST_SEEDS must be 3 different whole numbers")
    assert told.endswith(f"not {variable!r}.")


def test_a_full_disk_is_answered_in_one_line_where_the_book_is_built(monkeypatch):
    """Whatever could not be written, and what becomes of the chapters that ran."""

    def build(**_) -> None:
        raise OSError(errno.ENOSPC, "No space left on device", "book.log")

    monkeypatch.setenv("FMNIST_TIER", "")  # the command sets it
    monkeypatch.setattr("fmnist.training.sweep.of_the_book", list)
    monkeypatch.setattr("fmnist.book.build.build", build)
    told = mistake(typed("book", "--tier", "smoke"))
    assert "No space left on device: 'book.log'. Mend that" in told


def test_a_cache_that_cannot_be_written_is_answered_in_one_line(tmp_path):
    """Runs cannot be kept there: the line says where and what to set."""
    (tmp_path / "data").symlink_to(os.environ["FMNIST_TEST_IMAGES"])
    (tmp_path / "locks").write_text("")
    done = typed("train", "linear", FMNIST_CACHE=str(tmp_path), FMNIST_TIER="smoke")
    assert "Runs cannot be kept in" in mistake(done)


def test_outcomes_of_a_smoke_build_are_not_written_down():
    """They mean nothing, and the table is of whole trainings."""
    assert "means nothing. Unset FMNIST_TIER" in mistake(
        typed("runs", "record", FMNIST_TIER="smoke")
    )


def test_a_package_that_is_not_installed_is_answered_in_one_line(monkeypatch, capsys):
    """The line names it and what to type."""

    def missing() -> None:
        raise ModuleNotFoundError("No module named 'keras'", name="keras.src")

    monkeypatch.setattr(cli, "commands", lambda **_: missing())
    with pytest.raises(SystemExit, match="1"):
        cli.main()
    said = capsys.readouterr().err
    assert said.startswith("fmnist: This command needs keras, which is not installed. Type: pip")
    assert said.count("\n") == 1


def test_data_that_is_not_there_is_answered_in_one_line(tmp_path):
    """The line says what to type; nothing is trained."""
    said = mistake(typed("train", "linear", FMNIST_CACHE=str(tmp_path)))
    assert said.endswith("Type: fmnist fetch")


def test_an_output_that_cannot_be_written_is_answered_in_one_line(tmp_path):
    """A file in the place of the folder is named."""
    (tmp_path / "in" / "ada").mkdir(parents=True)
    (tmp_path / "out").write_text("")
    said = mistake(typed("grade", tmp_path / "in", "--out", tmp_path / "out"))
    assert "cannot be written" in said


def test_a_record_that_cannot_be_written_is_answered_in_one_line(fmnist, tmp_path, sandbox):
    """A folder in the place of the record is named, and the gradebook is still written."""
    (tmp_path / "in" / "ada").mkdir(parents=True)
    (tmp_path / "in" / "bo").mkdir(parents=True)
    what = ("--exercise", "class_counts")
    assert fmnist("grade", tmp_path / "in", "--out", tmp_path / "out", *what).returncode == 0
    kept = tmp_path / "out" / "records" / "ada.json"
    kept.unlink()
    kept.mkdir()
    done = fmnist("grade", tmp_path / "in", "--out", tmp_path / "out", *what)
    assert done.returncode == 1
    assert "ada.json cannot be written" in done.stderr
    assert "Traceback" not in done.stderr
    assert (tmp_path / "out" / "grades.csv").read_text().startswith("student,name,email,state")


def test_check_says_what_is_missing():
    """A stub is not started; a wrong answer reads call, result, expectation, idea and place."""
    done = typed("check", "class_counts")
    assert done.exit_code == 1
    assert f"0 of {public_checks('class_counts')} public checks passed" in done.stdout
    assert "class_counts is not started" in done.stdout
    exercise = catalog.find("class_counts")
    wrong = exercise.wrong_answers[0]
    site = "https://example.edu"
    done = typed("check", "class_counts", "--file", wrong.path, FMNIST_SITE=site)
    call, back, expected, idea = first_fault(exercise, wrong.path).splitlines()
    assert f"{call}\n{back}\n{expected}\n" in done.stdout
    assert (back[:13], expected[:12]) == ("  came back: ", "  expected: ")
    assert wrong.sentence in idea
    assert wrong.sentence in done.stdout
    assert f"{site}/{exercise.phase}.html#{exercise.read}" in done.stdout


@pytest.mark.parametrize(
    "setting",
    [
        {},
        {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        {"PYTEST_ADDOPTS": "--no-such-option"},
        {"PYTEST_ADDOPTS": "--collect-only"},
        {"PYTEST_PLUGINS": "no.such.plugin"},
    ],
    ids=lambda setting: "".join(f"{name}={value}" for name, value in setting.items()),
)
def test_check_praises_a_right_answer(fmnist, setting):
    """Whatever else pytest is told to do: all public checks passed, and a word on hidden ones."""
    reference = catalog.find("class_counts").reference
    done = fmnist("check", "class_counts", "--file", reference, **setting)
    assert done.returncode == 0
    assert f"all {public_checks('class_counts')} public checks passed" in done.stdout
    assert "hidden ones test the same ideas" in done.stdout


SIGNATURE = "def class_counts(labels, classes=10):\n    "


@pytest.mark.parametrize(
    ("source", "message"),
    [
        pytest.param(f"{SIGNATURE}while True: pass", "never ends", id="loop"),
        pytest.param("import os", "Line 1 imports os", id="import"),
        pytest.param(f"from random import _os\n{SIGNATURE}_os._exit(0)", "ended", id="exit"),
    ],
)
def test_check_survives_its_student(tmp_path, source, message):
    """Loops, forbidden imports and exits get a sentence."""
    path = tmp_path / "answer.py"
    path.write_text(source)
    done = typed("check", "class_counts", "--file", path)
    assert done.exit_code == 1
    assert message in done.stdout


# --- networks: train, list, compare, evaluate, predict ---

QUICK = ["linear", "--epochs", "1"]


@pytest.fixture(scope="module", name="course")
def _course(fmnist, tmp_path_factory):
    """Run commands in the smoke tier, with a cache of their own in which two recipes are kept."""
    cache = tmp_path_factory.mktemp("course")
    (cache / "data").symlink_to(os.environ["FMNIST_TEST_IMAGES"])

    settings = {"FMNIST_TIER": "smoke", "FMNIST_CACHE": str(cache)}

    def course(*args):
        return typed(*args, **settings)

    trained = fmnist("train", "linear", "mlp", "--seed", "0", "--seed", "1", **settings)
    assert trained.returncode == 0, trained.stderr
    course.first, course.cache = trained.stdout, cache
    return course


def test_train_shows_every_epoch_and_a_result(course):
    """Four trainings: what each is, how it goes, and the accuracy with its interval."""
    assert "4 to train" in course.first
    assert "linear, 2 epochs, seed 1: epoch 2, loss" in course.first
    result = r"\d\d\.\d % \(95 % interval .*, n = 1,000, 1 seed, validation\)"
    assert len(re.findall(result, course.first)) == 4


def test_train_finds_what_was_kept(course):
    """The second time nothing is trained, and the result is the same."""
    again = course("train", "linear", "--seed", "1")
    assert "epoch " not in again.stdout
    assert again.stdout.splitlines()[-1] in course.first


def test_runs_lists_what_was_kept(course):
    """One line per run, with recipe, size and accuracy."""
    lines = [line for line in course("runs").stdout.splitlines() if " epochs" in line]
    assert len(lines) == 4
    row = r"^ *\w{16} +linear, 2 epochs, seed 0 +7,850 +2,000 +\d\d\.\d % +\d+"
    assert re.search(row, lines[0])


def test_runs_compares_recipes_over_their_seeds(course):
    """Both accuracies, and the difference on the same images with its interval."""
    compared = course("runs", "compare", "linear", "mlp")
    assert compared.exit_code == 0, compared.stderr
    assert re.search(r"gain: [+\N{MINUS SIGN}]\d.* percentage points .*2 seeds", compared.stdout)


def test_runs_prune_removes_only_what_nothing_asks_for(course):
    """A run of other epochs goes, those of the recipes stay."""
    course("train", *QUICK)
    before = course("runs").stdout
    pruned = course("runs", "prune", "--yes")
    assert "Removed 1." in pruned.stdout
    after = course("runs").stdout
    assert len(before.splitlines()) == len(after.splitlines()) + 1
    assert "Nothing to remove" in course("runs", "prune").stdout


def test_a_damaged_run_is_told_set_aside_and_trained_again(course):
    """Both commands that look for runs name it; the new one is found like any other."""
    course("train", *QUICK)
    found = re.search(r"^ *(\w{16}) +linear, 1 epoch,", course("runs").stdout, re.MULTILINE)
    assert found
    key = found[1]
    weights = course.cache / "runs" / key / "weights.npz"
    weights.write_bytes(weights.read_bytes()[:-1])
    told = f"Cannot be read, and trained again when asked for: {key}"
    assert told in course("runs").stdout
    again = course("train", *QUICK)
    assert again.exit_code == 0, again.stderr
    assert f"Run {key} cannot be read: it is set aside, and trained again." in again.stdout
    assert "Cannot be read" not in course("runs").stdout
    assert "Removed 2." in course("runs", "prune", "--yes").stdout


def test_evaluate_names_classes_and_confusions(course):
    """Accuracy over seeds, a row per class, and the most frequent confusions."""
    shown = course("evaluate", "mlp").stdout
    assert re.search(r"n = 1,000, 2 seeds, validation\)", shown)
    assert re.search(r"Ankle boot +\d+\.\d % +\d+\.\d % +\d+\.\d %", shown)
    confused = re.findall(r"^confused: (.+)$", shown, re.MULTILINE)
    assert len(confused) == 3
    assert "ConfusedPair(" not in shown


def test_evaluate_opens_the_test_set_for_a_reason_only(course):
    """With a reason the result is one on test images; an empty reason is refused."""
    assert "2 seeds, test)" in course("evaluate", "linear", "--test", "a report").stdout
    assert "needs a reason" in mistake(course("evaluate", "linear", "--test", " "))


def test_predict_takes_images_as_the_network_knows_them(course, tmp_path):
    """An image of the data set is labelled; the three likeliest classes are named."""
    from PIL import Image

    from fmnist.data import splits

    _, validation = splits.train_and_validation()
    path = tmp_path / "garment.png"
    Image.fromarray(validation.images[0]).save(path)
    predicted = course("predict", path, "--with", "mlp")
    assert predicted.exit_code == 0, predicted.stderr
    line = next(line for line in predicted.stdout.splitlines() if "garment.png: " in line)
    assert re.search(r"(\w.* \d+ %, ){2}\w.* \d+ %$", line)


def test_predict_refuses_other_images_until_they_are_prepared(course, tmp_path):
    """A colour photo is refused in one line; with --prepare its steps are shown."""
    from PIL import Image

    path = tmp_path / "photo.jpg"
    picture = Image.new("RGB", (300, 200), "white")
    picture.paste((30, 60, 90), (100, 50, 180, 150))
    picture.save(path)
    assert "--prepare" in mistake(course("predict", path, "--with", "mlp"))
    prepared = course("predict", "--prepare", path, "--with", "mlp")
    assert prepared.exit_code == 0, prepared.stderr
    assert "photo.jpg: " in prepared.stdout
    assert "28" in prepared.stdout


def test_names_cannot_steer_the_terminal():
    """Control characters of a student's name are not obeyed."""
    assert terminal.shown("ada\x1b[2J") == "ada?[2J"


@pytest.mark.parametrize(
    ("text", "harmless"),
    [
        ("::error title=x::y", ":?:error title=x::y"),
        ("  ::add-mask::a", "  :?:add-mask::a"),
        ("ada ##[error]no", "ada #?#[error]no"),
        ("##vso[task.complete]", "#?#vso[task.complete]"),
        ("##teamcity[x]", "#?#teamcity[x]"),
        ("a\r::b\u2028::c\x9b1m\u202e", "a?::b?::c?1m?"),
        (":::x", ":?::x"),
        ("std::vector #1 ## two", "std::vector #1 ## two"),
    ],
)
def test_no_line_of_ours_commands_a_log(text, harmless):
    """Neither in one line nor in several can a name or a message begin an order to a runner."""
    assert terminal.shown(text) == harmless
    assert terminal.shown_lines(f"{text}\n{text}") == f"{harmless}\n{harmless}"
