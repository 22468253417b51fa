"""Whatever an answer returns, each check gives a verdict: passed, or wrong with a sentence."""

import functools
import tracemalloc

import numpy as np
import pytest

import zoo
from fmnist.answer import faults
from fmnist.answer.describe import describe
from fmnist.answer.direct import DirectSession
from fmnist.answer.proxy import Answer, ModelHandle
from fmnist.exercises import answers, catalog, checks
from fmnist.exercises.expect import Claim
from fmnist.exercises.verdicts import Outcome
from fmnist.grading.judging.reference_cache import CachedReference
from fmnist.inside import codec

EXERCISES = catalog.load()
WITHOUT_KERAS = [one for one in EXERCISES if not one.keras]
WITH_KERAS = [one for one in EXERCISES if one.keras]
MIB = 2**20


def test_the_zoo_has_of_every_kind():
    """As many as once found a hole, and none of them by accident of one type."""
    assert len(zoo.ZOO) >= 91
    assert len({type(one) for one in zoo.ZOO}) >= 30


def judged(exercise: catalog.Exercise, constants) -> list[str]:
    """Return what is wrong with the verdicts of an exercise's checks on some constants."""
    replies: dict = {}

    def reference() -> Answer:
        start = functools.partial(answers.in_this_process, exercise, exercise.reference)
        return answers.model_answer(CachedReference(exercise.name, start, replies))

    found = []
    for check in checks.collect([exercise.public_checks, exercise.hidden_checks]):
        for constant in constants:
            session = DirectSession(exercise.name, lambda *_, value=constant, **__: value)
            error = checks.fault(check, answer=lambda one=session: Answer(one), reference=reference)
            verdict = checks.verdict(check, error)
            good = verdict.outcome in (Outcome.PASSED, Outcome.FAILED)
            if not good or (verdict.outcome == Outcome.FAILED and not verdict.message.strip()):
                found.append(f"{check.name}: {describe(constant)}: {verdict.message}")
    return found


@pytest.mark.parametrize("exercise", WITHOUT_KERAS, ids=lambda one: one.name)
def test_every_constant_gets_a_verdict(exercise):
    """Whatever comes back: passed, or failed with a sentence."""
    assert judged(exercise, zoo.ZOO) == []


@pytest.mark.parametrize("exercise", WITH_KERAS, ids=lambda one: one.name)
def test_what_is_no_model_gets_a_verdict(exercise):
    """Where a model, or what only Keras makes, is asked for, too."""
    assert judged(exercise, zoo.ZOO[:: 7 if exercise.name == "tf_epochs" else 1]) == []


def around(right):
    """Yield what is nearly right: the model answer's result with a part of another kind in it."""
    yield from ([right], (right,), {"result": right}, (right, right), str(right)[:999])
    if type(right) in (list, tuple):
        for place in range(min(len(right), 3)):
            for part in zoo.PARTS:
                yield type(right)((*right[:place], part, *right[place + 1 :]))
        for part in zoo.PARTS:
            yield type(right)((*right, part))
        yield type(right)(right[:-1])
        yield (tuple if type(right) is list else list)(right)
        if right and type(right[0]) in (list, tuple):
            for inner in around(right[0]):
                yield type(right)((inner, *right[1:]))
    elif type(right) is np.ndarray:
        yield from (right.tolist(), right[..., None], right.ravel()[:0], right.astype(bool))
        yield from (right.astype(np.float16), right.astype(np.int64), right.reshape(-1)[:1])
        yield from (np.zeros((*right.shape, 0)), np.full(right.shape, np.nan), right[..., :0])
    elif type(right) is dict:
        for part in zoo.PARTS:
            yield right | {next(iter(right), 0): part}
            yield right | {"more": part}
    elif type(right) in (int, float, bool):
        yield from (np.float64(right), np.int64(right), np.array(right), complex(right))
        yield from (zoo.MOST, right * 1.0, int(right))


@pytest.mark.parametrize("exercise", WITHOUT_KERAS, ids=lambda one: one.name)
def test_what_is_nearly_right_gets_a_verdict(exercise):
    """With one part of another kind, at any place: an honest slip is wrong, and no fault of ours."""
    session = answers.in_this_process(exercise, exercise.reference)
    right = Answer(session)
    for check in checks.collect([exercise.public_checks, exercise.hidden_checks]):
        number, kinds = 0, 1
        while number < kinds:
            seen = []

            def nearly(*args, which=number, seen=seen, **kwargs):
                changed = list(around(right(*args, **kwargs)))
                seen.append(len(changed))
                return changed[which % len(changed)]

            error = checks.fault(
                check,
                answer=lambda one=nearly: Answer(DirectSession(exercise.name, one)),
                reference=lambda: answers.reference(exercise),
            )
            verdict = checks.verdict(check, error)
            assert verdict.outcome in (Outcome.PASSED, Outcome.FAILED), verdict
            assert verdict.passed or verdict.message.strip()
            number, kinds = number + 1, max(seen, default=0)
