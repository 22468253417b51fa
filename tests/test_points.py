"""What is earned without any work, and hidden checks that draw from a seed of the class."""

import random
import re

import pytest

from counted import public_checks
from examples import COUNTS
from fmnist.answer.direct import DirectSession
from fmnist.answer.proxy import Answer
from fmnist.exercises import answers, catalog, checks, scores, shortcuts
from fmnist.exercises.expect import expect
from fmnist.exercises.feedback import Feedback
from fmnist.exercises.verdicts import Verdict
from fmnist.grading.judging import record_keys, store
from hostile import answered_in_public

EXERCISES = [one for one in catalog.load() if not one.keras]
(LABELS, CLASSES), KNOWN = next(iter(answered_in_public().items()))


def by_name(exercise) -> str:
    """Return the id of a parametrised test."""
    return exercise.name


def verdicts(public: str, hidden: str) -> list[Verdict]:
    """Return verdicts from signs: "+" passed, "-" failed."""
    return [
        Verdict("x", f"test_{place}", is_hidden, "passed" if sign == "+" else "failed", "", "")
        for is_hidden, signs in ((False, public), (True, hidden))
        for place, sign in enumerate(signs)
    ]


@pytest.mark.parametrize(
    ("public", "hidden", "share"),
    [
        ("++++", "--", 0.2),
        ("----", "++", 0.8),
        ("++--", "+-", 0.5),
        ("++", "", 1.0),
        ("", "+-", 0.5),
        ("+++", "+++", 1.0),
        ("", "", 0.0),
    ],
)
def test_public_checks_are_a_fifth(public, hidden, share):
    """However many there are: their inputs can be read, and their answers written down."""
    assert scores.share(verdicts(public, hidden)) == pytest.approx(share)


@pytest.mark.slow  # a minute for all; `course check` does it, too
@pytest.mark.parametrize("exercise", EXERCISES, ids=by_name)
def test_who_computes_nothing_earns_little(exercise):
    """A table of the public answers a fifth at most, a constant a tenth."""
    assert list(shortcuts.problems(exercise, seed=7)) == []


@pytest.mark.parametrize(
    ("check", "told"),
    [
        pytest.param("expect(answer, []).equals([0] * 10, idea='x')", "constant", id="constant"),
        pytest.param(
            f"expect(answer, {list(LABELS)}, classes={CLASSES}).equals({KNOWN}, idea='x')",
            "table",
            id="table",
        ),
    ],
)
def test_hidden_checks_that_a_shortcut_passes_are_refused(tmp_path, monkeypatch, check, told):
    """What is asked in public is no hidden question, and one fixed input is a constant's."""
    hidden = tmp_path / "hidden_class_counts.py"
    hidden.write_text(
        "from fmnist.exercises.expect import expect\n"
        f'def test_it(answer):\n    """It."""\n    {check}\n'
    )
    monkeypatch.setattr(catalog.Exercise, "hidden_checks", hidden)
    problems = list(shortcuts.problems(COUNTS))
    assert any(told in problem and "of it, and may earn" in problem for problem in problems)


def drawn(seed: int) -> list[object]:
    """Return the seeds of the hidden checks of an exercise, for a class."""
    collected = checks.collect([COUNTS.public_checks, COUNTS.hidden_checks])
    return [checks.seeded(one, seed).parameters.get("seed") for one in collected]


def test_hidden_inputs_are_those_of_the_class():
    """The same for all its students, others for the next class, and public ones as they are."""
    assert drawn(5) == drawn(5) != drawn(6)
    public = public_checks(COUNTS.name)
    assert drawn(5)[:public] == [None] * public
    # Those of the class without a seed of its own are the ones that the file of checks names.
    collected = checks.collect([COUNTS.hidden_checks])
    named = [one.parameters["seed"] for one in collected if "seed" in one.parameters]
    assert named
    given, others = ([seed for seed in drawn(of) if seed is not None] for of in (0, 5))
    assert given == named
    assert len(set(others)) == len(set(named))
    assert not set(others) & set(named)


@pytest.mark.parametrize("exercise", [*catalog.load()], ids=by_name)
def test_a_hidden_check_draws_from_a_seed_or_catches_a_wrong_answer(exercise):
    """A fixed input could be told from class to class; one that does not must catch somebody."""
    collected = checks.collect([exercise.hidden_checks])
    fixed = {one.name for one in collected if "seed" not in one.parameters}
    assert fixed <= {wrong.check for wrong in exercise.wrong_answers}


def test_the_seed_of_a_class_is_kept(tmp_path):
    """It is drawn once; records are made again with another."""
    out = tmp_path / "out"
    first = store.class_seed(out)
    assert first != store.class_seed(out)  # nothing is kept yet
    store.keep_class_seed(out, first)
    assert store.class_seed(out) == first > 0
    for damaged in ("", "x", "-1", "1" * 11, "\u00e9"):
        (out / store.SEED_FILE).write_text(damaged, "utf-8")
        with pytest.raises(store.StoreError, match="seed of the class"):
            store.class_seed(out)
    before, now = (record_keys.Key({"x": "a"}, {"x": "b"}, "", "c", seed, "A") for seed in (1, 2))
    assert record_keys.why_again(before, now, "x") == "the seed of the class is another one"


def test_who_passes_in_public_is_told_what_that_is_worth():
    """And what the rest depends on."""
    feedback = Feedback(COUNTS, tuple(verdicts("+++", "")))
    assert feedback.worth == (
        f"They are worth {COUNTS.points / 5:g} of {COUNTS.points} points; "
        "hidden ones test the same ideas on other inputs."
    )


NUMBER = re.compile(r"\d+(?:\.\d+)?")


@pytest.mark.parametrize("exercise", EXERCISES, ids=by_name)
def test_no_message_of_a_hidden_check_gives_its_input_away(exercise):
    """With another seed every wrong answer is told the same words: nothing of what was drawn."""
    for wrong in exercise.wrong_answers:
        told = []
        for seed in (3, 4):
            said = {}
            for check in checks.collect([exercise.hidden_checks]):
                verdict = checks.run(
                    checks.seeded(check, seed),
                    answer=lambda path=wrong.path: answers.answer(exercise, path),
                    reference=lambda: answers.reference(exercise),
                )
                if verdict.kind == "wrong":
                    said[check.name] = verdict.message
            told.append(said)
        written = exercise.hidden_checks.read_text("utf-8")
        for name in told[0].keys() & told[1].keys():
            for said in (told[0][name], told[1][name]):
                assert all(number in written for number in NUMBER.findall(said)), said


def test_an_input_in_an_idea_would_be_found():
    """The words of a hidden check are its idea: one that is made from an input shows it."""

    def careless(answer, seed):
        one = random.Random(seed).randrange(10**6)
        expect(answer, one).equals(one, idea=f"It is {one}.")

    check = checks.Check("class_counts", "test_x", True, "It.", careless, {"seed": 1})
    messages = {
        checks.run(
            checks.seeded(check, seed),
            answer=lambda: Answer(DirectSession("f", lambda _: None)),
            reference=lambda: None,
        ).message
        for seed in (3, 4)
    }
    assert len(messages) == 2


@pytest.mark.parametrize("passed", [(), (False,), (True,), (False, True), (False, False)])
def test_a_share_is_a_float_whatever_passed(passed):
    """In a record 0 and 0.0 are other bytes, and one that is read again has the second."""
    verdicts = [Verdict("x", str(at), False, "passed" if one else "failed", "", "")
                for at, one in enumerate(passed)]  # fmt: skip
    assert type(scores.share(verdicts)) is float
