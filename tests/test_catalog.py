"""A catalogue with a mistake is refused with the entry and the key."""

import pytest

from fmnist.course import PHASES
from fmnist.exercises import catalog
from fmnist.tools.toml_tables import TableError

GOOD = """
[[objective]]
id = "count"
phase = "phase1_explore"
text = "count"

[[exercise]]
name = "one"
phase = "phase1_explore"
title = "One"
ladder = "free"
points = 1
minutes = 1
imports = []
seconds = 1
read = "label"
objectives = ["count"]
after = []
hints = ["a", "b", "c"]
"""
AGAIN = GOOD[GOOD.index("[[exercise]]") :]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        pytest.param("[[exercise]", "is not TOML", id="not TOML"),
        pytest.param(
            GOOD.replace("points = 1", ""),
            "exercise one: the table lacks the key `points`",
            id="missing key",
        ),
        pytest.param(GOOD + "extra = 1", "exercise one: .* unknown key, `extra`", id="unknown key"),
        pytest.param(
            GOOD.replace("points = 1", "points = '1'"),
            "exercise one, points: Expected `int`, received '1'",
            id="type",
        ),
        pytest.param(
            GOOD.replace("phase1_explore", "phase9"),
            "objective count, phase: .*phase1_explore.*received 'phase9'",
            id="phase",
        ),
        pytest.param(GOOD + AGAIN, "two exercises are called 'one'", id="same name"),
        pytest.param(GOOD + "[[lesson]]", "unknown key, `lesson`", id="unknown table"),
        pytest.param(
            GOOD.replace('"free"', '"hard"'), "ladder: .*worked.*received 'hard'", id="ladder"
        ),
        pytest.param(GOOD.replace('"c"]', "3]"), "hints 3: Expected `str`, received 3", id="text"),
        pytest.param(
            GOOD.replace(', "c"]', "]"), r"hints: .*length 3, received \['a', 'b'\]", id="hints"
        ),
        pytest.param(
            GOOD.replace("minutes = 1", "minutes = 0"),
            "minutes: Expected `int` >= 1, received 0",
            id="minutes",
        ),
        pytest.param(
            GOOD.replace('["count"]', "[]"),
            r"objectives: .*length >= 1, received \[\]",
            id="no objective",
        ),
        pytest.param(
            GOOD.replace('["count"]', '["sing"]'),
            "phase1_explore has no objective 'sing'; it has count",
            id="unknown objective",
        ),
        pytest.param(
            GOOD.replace("after = []", 'after = ["one"]'),
            "one: it comes after 'one', which must stand before it",
            id="circle",
        ),
        pytest.param(
            GOOD + '[[assignment]]\nname = "a"\ntitle = "A"\nexercises = ["two"]',
            "assignment a: there is no exercise 'two'",
            id="assignment",
        ),
    ],
)
def test_a_mistake_is_named(tmp_path, text, message):
    """Whoever edits the file reads what to mend."""
    path = tmp_path / "exercises.toml"
    path.write_text(text)
    with pytest.raises(TableError, match=message):
        catalog.load(path)


def test_a_missing_catalogue_is_named(tmp_path):
    """Outside a checkout the message says where to go."""
    with pytest.raises(TableError, match="run this in a checkout"):
        catalog.load(tmp_path / "exercises.toml")


def test_an_unknown_exercise_is_answered_with_the_known_ones():
    """A misspelt name shows the list."""
    with pytest.raises(catalog.CatalogError, match=r"no exercise 'nope'.*class_counts"):
        catalog.find("nope")


def test_every_phase_has_a_ladder_of_exercises():
    """From a worked example to a bare signature; most need no TensorFlow."""
    exercises = catalog.load()
    for phase in PHASES:
        steps = {exercise.ladder for exercise in exercises if exercise.phase == phase}
        missing = [step for step in catalog.LADDER if step not in steps]
        assert missing == [], f"README.md and book/working.md promise them in {phase}, too"
    assert sum(not exercise.keras for exercise in exercises) > len(exercises) / 2
    assert all(len(exercise.wrong_answers) >= 3 for exercise in exercises)


def test_the_fast_track_is_short_and_leaves_no_objective_out():
    """It practises whatever all exercises together practise, with what comes before."""
    found = catalog.read()
    track = catalog.fast_track(found)

    def practised(exercises):
        return {id_ for exercise in exercises for id_ in exercise.objectives}

    assert practised(track) == practised(found.exercises)
    names = {exercise.name for exercise in track}
    assert all(set(exercise.after) <= names for exercise in track)
    assert sum(one.minutes for one in track) < sum(one.minutes for one in found.exercises)
