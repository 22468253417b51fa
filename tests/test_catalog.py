"""A catalogue with a mistake is refused with the entry and the key."""

import pytest

from fmnist.exercises import catalog

GOOD = """
[[exercise]]
name = "one"
phase = "phase1_explore"
title = "One"
points = 1
minutes = 1
imports = []
seconds = 1
read = "label"
hints = ["a"]
"""


@pytest.mark.parametrize(
    ("text", "message"),
    [
        pytest.param("[[exercise]", "is not TOML", id="not TOML"),
        pytest.param(GOOD.replace("points = 1", ""), "'points' is missing", id="missing key"),
        pytest.param(GOOD + "extra = 1", "unknown key 'extra'", id="unknown key"),
        pytest.param(GOOD.replace("points = 1", "points = '1'"), "points must be int", id="type"),
        pytest.param(GOOD.replace("phase1_explore", "phase9"), "phase must be one of", id="phase"),
        pytest.param(GOOD + GOOD, "two exercises are called 'one'", id="same name"),
    ],
)
def test_a_mistake_is_named(tmp_path, text, message):
    """Whoever edits the file reads what to mend."""
    path = tmp_path / "exercises.toml"
    path.write_text(text)
    with pytest.raises(catalog.CatalogError, match=message):
        catalog.load(path)


def test_a_missing_catalogue_is_named(tmp_path):
    """Outside a checkout the message says where to go."""
    with pytest.raises(catalog.CatalogError, match="run this in a checkout"):
        catalog.load(tmp_path / "exercises.toml")


def test_an_unknown_exercise_is_answered_with_the_known_ones():
    """A misspelt name shows the list."""
    with pytest.raises(catalog.CatalogError, match=r"no exercise 'nope'.*class_counts"):
        catalog.find("nope")


def test_every_phase_has_an_exercise():
    """The six phases are those of the catalogue."""
    assert {exercise.phase for exercise in catalog.load()} == set(catalog.PHASES)
    assert sum(exercise.keras for exercise in catalog.load()) == 2
