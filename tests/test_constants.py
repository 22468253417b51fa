"""Whatever an answer returns, each check gives a verdict: passed, or wrong with a sentence."""

import functools
import tracemalloc

import numpy as np
import pytest

import zoo
from fmnist.answer import faults
from fmnist.answer.describe import describe
from fmnist.answer.direct import DirectSession
from fmnist.answer.proxy import Answer, ModelHandle, load
from fmnist.exercises import answers, catalog, checks
from fmnist.exercises.expect import Claim
from fmnist.exercises.verdicts import Outcome
from fmnist.grading.judging.reference_cache import Run
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
    start = functools.partial(answers.in_this_process, exercise, exercise.reference)
    found = []
    for check in checks.collect([exercise.public_checks, exercise.hidden_checks]):
        remembered: list = []
        for constant in constants:
            session = DirectSession(exercise.name, lambda *_, value=constant, **__: value)
            run = Run(exercise.name, start, remembered)
            error = checks.fault(
                check,
                answer=lambda one=session: Answer(one),
                reference=lambda run=run: answers.model_answer(run.session()),
            )
            run.remember()
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


def test_a_model_where_none_is_asked_for_is_wrong():
    """Who gives the network instead of what it was trained by is told so, at each check."""
    exercise = catalog.find("tf_epochs")
    source = "import keras\ndef tf_epochs(*_, **__): return keras.Sequential([keras.Input((4,))])"
    start = functools.partial(answers.in_this_process, exercise, exercise.reference)
    for check in checks.collect([exercise.public_checks, exercise.hidden_checks]):
        session = DirectSession(exercise.name)
        load(session, source, filename="tf_epochs.py", imports=("keras",))
        verdict = checks.run(
            check,
            answer=lambda one=session: Answer(one),
            reference=lambda: answers.model_answer(start()),
        )
        assert verdict.outcome == Outcome.FAILED, verdict
        assert verdict.hidden or "a Keras model" in verdict.message
        assert "ModelHandle" not in verdict.message  # a name of ours


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
    """With one part of another kind, at any place: an honest slip, and no fault of ours."""
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


def bounded(work) -> None:
    """Do something, and expect that it needed little memory."""
    tracemalloc.start()
    try:
        work()
        assert tracemalloc.get_traced_memory()[1] < 8 * MIB
    finally:
        tracemalloc.stop()


HUGE = [
    *(
        np.zeros(shape)
        for shape in ((2**31 - 1, 0), (2**20, 2**20, 0), (0, 2**40), (12,) * 7 + (0,))
    ),
    np.lib.stride_tricks.as_strided(np.zeros(1), (2**30,), (0,)),
    np.lib.stride_tricks.as_strided(np.zeros(1), (2**10, 2**10, 2**10), (0, 0, 0)),
    np.array([["x" * 2**20] * 3] * 3, object),
    np.zeros(3, dtype=[(f"field{number}", "f8") for number in range(9999)]),
    np.zeros(2, "S1000000"),
    np.zeros(1, dtype=[("a", "f8", (2**16,))])[0],
]
INSIDE = {
    "alone": lambda value: value,
    "in a list": lambda value: [value] * 12,
    "in a dict": lambda value: {"a": (value, [value])},
    "deep": lambda value: [[[[value]]]],
}


@pytest.mark.parametrize("inside", INSIDE.values(), ids=INSIDE)
@pytest.mark.parametrize("huge", HUGE, ids=lambda one: f"{str(one.dtype)[:20]} {one.shape}")
def test_what_is_huge_is_described_and_compared_by_its_header(huge, inside):
    """Wherever it stands, before anything is made of it."""
    value = inside(huge)

    def compare() -> None:
        assert len(describe(value)) <= 120
        claim = Claim(value, call="f()")
        for judge in (
            lambda: claim.equals([0.0], idea="x"),
            lambda: claim.is_close([[0.0]], tolerance=1, idea="x"),
            lambda: claim.is_close(np.zeros((2, 3)), tolerance=1, idea="x"),
            lambda: claim.is_table(2, 2, of=int, idea="x"),
            lambda: claim.is_array(2, 2, dtype="float32", idea="x"),
            lambda: claim.is_tuple(2, idea="x"),
            lambda: claim.is_int(),
            lambda: claim.is_model(),
        ):
            with pytest.raises(faults.Wrong) as told:
                judge()
            assert len(str(told.value)) < 600

    bounded(compare)


@pytest.mark.parametrize(
    "shape", [(2**31 - 1, 0), (0, 2**31 - 1), (2**20, 2**20, 0), (1001,) * 2 + (0,)]
)
def test_an_array_without_elements_crosses_only_if_its_rows_are_few(shape):
    """It takes no byte of the wire, and all the memory of whoever makes lists of it."""
    with pytest.raises(codec.NotPlain, match="more than 1,000,000 elements"):
        codec.dumps([1, (np.zeros(shape),)])
    with pytest.raises(codec.NotPlain, match="more than 1,000,000 elements"):
        codec.dumps([np.zeros((1000, 0))] * 1001)
    sides = ",".join(map(str, shape)).encode()
    with pytest.raises(codec.Malformed, match="too many elements"):
        codec.loads(b'{"tuple":[{"array":["float64",[' + sides + b"]]}]}", b"")
    empty = np.zeros((0, 28, 28, 1), np.float32)
    assert codec.loads(*codec.dumps(empty)).shape == empty.shape


def test_lists_that_are_no_table_at_any_level_are_compared_at_once():
    """Each level is looked at once: twice a level would be a second at 20 and an hour at 32."""
    value = zoo.ragged(31)
    with pytest.raises(faults.Wrong, match="different shapes"):
        Claim(value, call="f()").is_close([1.0], tolerance=1, idea="x")
    Claim(value, call="f()").is_close(zoo.ragged(31), tolerance=0, idea="x")


WORDS = (
    (ModelHandle(DirectSession("f"), codec.Handle("model", 0)), "a Keras model"),
    ([ModelHandle(DirectSession("f"), codec.Handle("x", 1))], "[a Keras model]"),
    (codec.Handle("model", 0), "an object of type Handle"),
    (object(), "an object of type object"),
    (10**5000, "an int of 16,610 bits"),
    ({10**5000: 1}, "{an int of 16,610 bits: 1}"),
    (np.array(["x"]), "str32 array of shape (1,)"),
    (np.datetime64("2026"), "a NumPy scalar of dtype datetime64[Y]"),
    (np.zeros((12, 0)), "float64 array of shape (12, 0)"),
    (np.zeros(0), "float64 array []"),
    (print, "an object of type builtin_function_or_method"),
)


@pytest.mark.parametrize(("value", "text"), WORDS, ids=[text for _, text in WORDS])
def test_what_is_no_plain_data_is_named_by_its_kind(value, text):
    """No address of a process stands in a page, and nothing that differs from run to run."""
    assert describe(value) == text


def test_no_address_stands_in_a_message():
    """Whatever an exception of a student says, the record of it is the same bytes again."""
    (check, *_) = checks.collect([catalog.find("class_counts").public_checks])

    def raising(*_, **__):
        raise ValueError(f"{object()} and {raising}")

    session = DirectSession("class_counts", raising)
    said = checks.run(check, answer=lambda: Answer(session), reference=lambda: None)
    assert "<object object at 0x...> and <function" in said.message
    assert said == checks.run(check, answer=lambda: Answer(session), reference=lambda: None)


@pytest.mark.parametrize("error", [TypeError, IndexError, OverflowError, AttributeError, KeyError])
def test_a_check_that_stumbles_over_an_answer_alone_says_so(error):
    """The model answer passes it, so what came back is wrong; if that fails, the fault is ours."""

    def look(answer, reference):
        if answer() != reference():
            raise error("within the check")

    def broken(answer, reference):
        raise error("within the check")

    for function, outcome, words in (
        (look, Outcome.FAILED, "It must. What came back cannot be compared"),
        (broken, Outcome.ERROR, "The check itself failed"),
    ):
        check = checks.Check("class_counts", "test_x", True, "It must.", function, {})
        verdict = checks.run(
            check,
            answer=lambda: Answer(DirectSession("f", lambda: 1)),
            reference=lambda: Answer(DirectSession("f", lambda: 2)),
        )
        assert (verdict.outcome, words in verdict.message) == (outcome, True)
