"""What a check may say of an answer, and that nothing is let through by likeness."""

import numpy as np
import pytest

from fmnist.answer import faults
from fmnist.answer.describe import describe
from fmnist.exercises.expect import Claim, expect_error


def claim(value) -> Claim:
    """Return a claim about a value."""
    return Claim(value, call="f()")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        pytest.param([1.0, 2.0], [1, 2], id="floats for ints"),
        pytest.param([True, 2], [1, 2], id="bool for int"),
        pytest.param([[1], [2]], [1, 2], id="other nesting"),
        pytest.param((1, 2), [1, 2], id="tuple for list"),
        pytest.param([np.int64(1), 2], [1, 2], id="NumPy scalar"),
        pytest.param(np.array([1, 2]), [1, 2], id="array for list"),
        pytest.param(np.array([1, 2], np.int8), np.array([1, 2]), id="other dtype"),
        pytest.param(np.array([[1, 2]]), np.array([1, 2]), id="other shape"),
    ],
)
def test_equal_means_the_same(value, expected):
    """Type, structure and every element; nothing is cast or squeezed."""
    claim(expected).equals(expected, idea="")
    with pytest.raises(faults.Wrong, match="came back"):
        claim(value).equals(expected, idea="the idea")


@pytest.mark.parametrize(
    "value",
    [
        pytest.param(float("nan"), id="nan"),
        pytest.param(float("inf"), id="inf"),
        pytest.param(True, id="bool"),
        pytest.param("1", id="text"),
        pytest.param({"rate": 1}, id="dict"),
        pytest.param([1.0, 1.0], id="two"),
        pytest.param(None, id="nothing"),
        pytest.param(np.full((3000, 3000), 0.5, np.float16), id="many"),
    ],
)
def test_what_is_no_number_is_not_close_to_one(value):
    """Each is wrong, and none is an error of the check."""
    claim(1).is_close(1.0, tolerance=1e-9, idea="")
    with pytest.raises(faults.Wrong):
        claim(value).is_close(1.0, tolerance=1e-9, idea="")


SIX = [0.0, 1.0, 2.0, 3.0, 4.0, 5.0]
TABLE = [[0.0, 1.0, 2.0], [3.0, 4.0, 5.0]]


@pytest.mark.parametrize(
    ("value", "expected", "came", "wanted"),
    [
        pytest.param(np.array(TABLE), SIX, r"shape \(2, 3\)", r"shape \(6,\)", id="flat"),
        pytest.param(np.array(TABLE), np.array(TABLE).T, r"\(2, 3\)", r"\(3, 2\)", id="turned"),
        pytest.param(TABLE, SIX, r"shape \(2, 3\)", r"shape \(6,\)", id="lists, flat"),
        pytest.param(SIX, TABLE, r"shape \(6,\)", r"shape \(2, 3\)", id="six for a table"),
        pytest.param(np.array([TABLE]), TABLE, r"\(1, 2, 3\)", r"\(2, 3\)", id="an axis more"),
        pytest.param(np.zeros((2, 50)), np.zeros(100), r"\(2, 50\)", r"\(100,\)", id="large"),
        pytest.param([1.0], 1.0, r"\(1,\)", "a single number", id="in a list"),
        pytest.param(1.0, [1.0], "a single number", r"\(1,\)", id="out of its list"),
        pytest.param(np.array([1.0]), 1.0, r"\(1,\)", "a single number", id="in an array"),
        pytest.param([[0.0], [1.0, 2.0]], [0.0, 1.0, 2.0], "different", r"\(3,\)", id="ragged"),
        pytest.param([[0.0, 1.0], [2.0]], [[0.0], [1.0, 2.0]], "diff", "diff", id="both ragged"),
        pytest.param([[], []], [], r"\(2, 0\)", r"\(0,\)", id="empty lists"),
        pytest.param(np.zeros((0, 3)), np.zeros((3, 0)), r"\(0, 3\)", r"\(3, 0\)", id="nothing"),
        pytest.param(None, SIX, "None .is a return missing", r"shape \(6,\)", id="None"),
        pytest.param("0.5", [0.5], "'0.5', a str", r"\(1,\)", id="text"),
    ],
)
def test_close_numbers_have_one_shape(value, expected, came, wanted):
    """The shape is compared first, and it is what the message speaks of."""
    message = rf"(?s)came back: [^\n]*{came}[^\n]*\n  expected: [^\n]*{wanted}[^\n]*\n  why"
    with pytest.raises(faults.Wrong, match=message):
        claim(value).is_close(expected, tolerance=9.0, idea="why")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        pytest.param((0.5, 1.0), [0.5, 1.0], id="tuple for list"),
        pytest.param(np.array(TABLE, np.float32), TABLE, id="array for lists"),
        pytest.param(TABLE, np.array(TABLE), id="lists for array"),
        pytest.param([np.array([0.0, 1.0, 2.0]), [3, 4, 5]], TABLE, id="rows of two kinds"),
        pytest.param(np.float32(0.5), 0.5, id="NumPy scalar"),
        pytest.param([[0.0], [1.0, 2.0]], [[0.0], [1.0, 2.0]], id="ragged as expected"),
        pytest.param([], [], id="nothing"),
    ],
)
def test_what_holds_the_numbers_does_not_matter(value, expected):
    """Only shape and numbers do; the kind of the container is for other claims."""
    claim(value).is_close(expected, tolerance=1e-6, idea="")


@pytest.mark.parametrize("value", [float("nan"), float("inf"), True, "1", None, [1.0, 3.0]])
def test_what_is_no_number_lies_in_no_range(value):
    """The range is of finite numbers."""
    claim([1, 1.5]).lies_in(1, 2, idea="")
    with pytest.raises(faults.Wrong, match="numbers from 1 to 2"):
        claim(value).lies_in(1, 2, idea="")


@pytest.mark.parametrize(
    ("judge", "value", "message"),
    [
        pytest.param(lambda one: one.is_int(), 14.0, "14.0, a float", id="float"),
        pytest.param(lambda one: one.is_int(), None, "is a return missing", id="None"),
        pytest.param(lambda one: one.is_float(), 1, "1, an int", id="int"),
        pytest.param(lambda one: one.is_tuple(2, idea="x"), (1,), "a tuple of 2", id="tuple"),
        pytest.param(lambda one: one.is_model(), 3, "a Keras model", id="model"),
        pytest.param(
            lambda one: one.is_table(2, 2, of=int, idea="x"),
            [[1, 2], [3]],
            "nested lists of 2 by 2 ints",
            id="ragged",
        ),
        pytest.param(
            lambda one: one.is_array(2, dtype="float32", idea="x"),
            np.zeros(2),
            "a float32 array of shape",
            id="dtype",
        ),
        pytest.param(lambda one: one.holds(False, "more", "x", got="less"), 0, "less", id="holds"),
    ],
)
def test_the_first_fault_is_told(judge, value, message):
    """What came back and what was expected stand in the message."""
    with pytest.raises(faults.Wrong, match=message):
        judge(claim(value))


class Raising:
    """An answer that raises, or does not."""

    def __init__(self, error):
        self.error = error

    def __call__(self):
        """Raise, or return 1."""
        if self.error:
            raise faults.raised(self.error, f"{self.error}: no")
        return 1

    def describe(self, *_):
        """Return the call."""
        return "f()"


def test_an_expected_error_is_expected():
    """The right class passes; none, or another, is told."""
    expect_error(Raising("ValueError"), error=ValueError, idea="x")
    with pytest.raises(faults.Wrong, match="came back: 1"):
        expect_error(Raising(None), error=ValueError, idea="x")
    with pytest.raises(faults.Wrong, match="came back: KeyError: no"):
        expect_error(Raising("KeyError"), error=ValueError, idea="x")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ([1, (2,), {"a": "b"}], "[1, (2,), {'a': 'b'}]"),
        ([0] * 20, "list of 20 elements"),
        ([[[[[1]]]]], "[[[list of 1 elements]]]"),
        ([np.zeros((9, 9))], "[float64 array of shape (9, 9)]"),
        (np.float32(2), "numpy.float32(2.0)"),
        (np.array([1, 2], np.uint8), "uint8 array [1, 2]"),
    ],
)
def test_values_are_described_in_a_few_words(value, text):
    """Small values as they are, large ones by kind and size."""
    assert describe(value) == text
    assert len(describe("x" * 10**6)) == 120
