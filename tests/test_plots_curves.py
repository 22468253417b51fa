"""Curves and gains: what is drawn is what was given, and the alternative text says it."""

import matplotlib.pyplot as plt
import numpy as np
import pytest

from fmnist import plots
from fmnist.evaluation import results

HISTORY = [
    {"loss": 2.0, "accuracy": 0.25, "val_loss": 1.5, "val_accuracy": 0.5, "learning_rate": 0.1},
    {"loss": 1.0, "accuracy": 0.75, "val_loss": 1.25, "val_accuracy": 0.625, "learning_rate": 0.0},
]
SHORTER = HISTORY[:1]


@pytest.fixture(autouse=True)
def _close():
    """Close the figures of a test."""
    yield
    plt.close("all")


def drawn(figure) -> dict[tuple[str, str], tuple]:
    """Return the values of each curve by its name and kind of line, without the key to these."""
    return {
        (curve.name, curve.line.dash): tuple(curve.y)
        for curve in figure.data
        if tuple(curve.y) != (None,)
    }


def test_each_run_has_two_curves_of_its_own_colour():
    """Solid for training, dashes for validation, and the epochs that there were."""
    figure = plots.learning_curves({"a": HISTORY, "b": SHORTER})
    assert drawn(figure) == {
        ("a", "solid"): (2.0, 1.0),
        ("a", "dash"): (1.5, 1.25),
        ("b", "solid"): (2.0,),
        ("b", "dash"): (1.5,),
    }
    colours = {curve.name: set() for curve in figure.data}
    for curve in figure.data:
        colours[curve.name].add(curve.line.color)
    assert len(colours["a"]) == len(colours["b"]) == 1
    assert colours["a"] != colours["b"]


def test_one_click_hides_a_whole_run():
    """Both curves of a run are one group with one entry in the legend."""
    figure = plots.learning_curves({"a": HISTORY, "b": SHORTER}, shown=["b"])
    curves = [curve for curve in figure.data if curve.legendgroup]
    assert {(curve.name, curve.legendgroup) for curve in curves} == {("a", "a"), ("b", "b")}
    assert [curve.showlegend for curve in curves] == [True, False, True, False]
    assert [curve.visible for curve in curves] == ["legendonly", "legendonly", True, True]


def test_accuracies_are_drawn_in_per_cent():
    """The axis says so, and the alternative text gives the ends."""
    figure = plots.learning_curves({"a": HISTORY}, quantity="accuracy")
    assert drawn(figure)["a", "dash"] == (50.0, 62.5)
    assert figure.layout.yaxis.title.text == "accuracy (%)"
    assert "over 2 epochs" in figure.layout.meta["alt"]
    assert "a 75.00 and 62.50" in figure.layout.meta["alt"]


@pytest.mark.parametrize(
    ("choice", "message"),
    [
        pytest.param({"quantity": "error"}, "one of loss, accuracy, not 'error'", id="quantity"),
        pytest.param({"shown": ["a", "c"]}, "shown names no history: c", id="name"),
    ],
)
def test_what_cannot_be_drawn_is_refused(choice, message):
    """The message names what was asked for."""
    with pytest.raises(ValueError, match=message):
        plots.learning_curves({"a": HISTORY}, **choice)


def difference(value: float, low: float, high: float) -> results.Difference:
    """Return a difference as a comparison gives it."""
    return results.Difference(
        value=value, interval=(low, high), n=1000, seeds=(0, 1), split="validation", p=0.5, runs=()
    )


def test_gains_are_sorted_and_have_unequal_arms():
    """The largest comes last, at the top, with its interval and its seeds."""
    figure = plots.gains(
        {"good": difference(0.02, 0.005, 0.03), "bad": difference(-0.01, -0.02, 0.01)},
        {"good": (0.01, 0.03), "bad": (-0.015, -0.005)},
        reference="plain",
    )
    seeds, means = figure.data
    assert list(means.y) == ["bad", "good"]
    assert list(means.x) == [-1.0, 2.0]
    assert list(means.error_x.array) == [2.0, 1.0]
    assert list(means.error_x.arrayminus) == [1.0, 1.5]
    assert list(zip(seeds.y, seeds.x, strict=True)) == [
        ("bad", -1.5), ("bad", -0.5), ("good", 1.0), ("good", 3.0),
    ]  # fmt: skip
    assert "good +2.0 (+0.5 to +3.0); bad -1.0 (-2.0 to +1.0)" in figure.layout.meta["alt"]
    assert figure.layout.xaxis.title.text == "gain (percentage points)"
    assert "over plain" in figure.layout.meta["alt"]


def test_verdicts_stand_in_one_row_for_each_recipe():
    """The first condition is drawn last, so at the top of a row; what is open is hollow."""
    few = {"good": difference(0.01, -0.01, 0.03), "bad": difference(-0.02, -0.03, -0.01)}
    many = {"good": difference(0.02, 0.015, 0.03), "bad": difference(-0.01, -0.02, -0.005)}
    figure = plots.verdicts(
        {"3 seeds": few, "9 seeds": many},
        {"3 seeds": ["bad"], "9 seeds": ["good", "bad"]},
        reference="plain",
        beside={"good": "40 %", "bad": "90 %"},
        heading="real in",
    )
    below, above = [trace for trace in figure.data if not trace.showlegend and trace.offsetgroup]
    assert (below.name, above.name) == ("9 seeds", "3 seeds")
    assert list(above.y) == ["bad", "good"]
    assert list(above.x) == [-2.0, 1.0]
    assert list(above.marker.symbol) == ["circle", "circle-open"]
    assert list(below.marker.symbol) == ["square", "square"]
    assert list(below.error_x.array) == [0.5, 1.0]
    assert list(below.error_x.arrayminus) == [1.0, 0.5]
    alt = figure.layout.meta["alt"]
    assert "good 3 seeds +1.0 (-1.0 to +3.0, open), 9 seeds +2.0 (+1.5 to +3.0, real)" in alt
    assert alt.index("good") < alt.index("bad")
    assert "real in 40 %" in alt
    assert [each.text for each in figure.layout.annotations] == ["real in", "90 %", "40 %"]


def test_each_condition_has_one_entry_in_the_legend():
    """A click on it hides its marks; what filled and hollow mean stands before them."""
    row = {"a": difference(0.01, 0.0, 0.02)}
    figure = plots.verdicts({"x": row, "y": row}, {"x": [], "y": ["a"]}, reference="plain")
    entries = [trace.name for trace in figure.data if trace.showlegend is not False]
    assert entries == ["filled: real", "hollow: open", "x", "y"]
    assert {trace.legendgroup for trace in figure.data if trace.offsetgroup} == {"x", "y"}
    assert not figure.layout.annotations


def test_accuracies_have_their_intervals():
    """The bars end where the intervals do, and the line goes through the values."""
    correct = np.arange(200)[np.newaxis] < np.array([[150], [160]])
    measured = results.accuracy(correct, split="validation", seeds=(0, 1), runs=("a", "b"))
    figure = plots.accuracies({"one": {0: measured, 2: measured}}, xlabel="shift (pixels)")
    [axis] = figure.axes
    [container] = axis.containers
    line, _, [bars] = container.lines
    assert line.get_xdata().tolist() == [0, 2]
    assert line.get_ydata() == pytest.approx([77.5, 77.5])
    for segment in bars.get_segments():
        assert sorted(segment[:, 1]) == pytest.approx([100 * end for end in measured.interval])
    assert axis.get_xlabel() == "shift (pixels)"
    assert axis.get_ylabel() == "accuracy (%)"


def test_a_logarithmic_axis_has_equal_steps_for_equal_factors():
    """What spans powers of ten is not squeezed to the left; one line needs no legend."""
    correct = np.arange(200)[np.newaxis] < np.array([[150], [160]])
    measured = results.accuracy(correct, split="validation", seeds=(0, 1), runs=("a", "b"))
    line = dict.fromkeys((1_000, 10_000, 50_000), measured)
    [axis] = plots.accuracies({"one": line}, xlabel="images", logarithmic=True).axes
    assert axis.get_xscale() == "log"
    assert axis.get_legend() is None
    [axis] = plots.accuracies({"one": line, "two": line}, xlabel="images").axes
    assert axis.get_xscale() == "linear"
    assert [entry.get_text() for entry in axis.get_legend().get_texts()] == ["one", "two"]


def test_a_descent_is_drawn_over_the_loss():
    """Each path keeps its points, weight across and bias upwards."""
    weights, biases = np.linspace(-1, 1, 9), np.linspace(-2, 2, 5)
    losses = weights**2 + biases[:, np.newaxis] ** 2
    path = np.array([(1.0, 2.0), (0.5, 1.0), (0.0, 0.0)])
    figure = plots.descent(weights, biases, losses, {"slow": path})
    [axis] = figure.axes
    [line] = axis.get_lines()
    assert np.array_equal(line.get_xydata(), path)
    assert line.get_label() == "slow"
    assert (axis.get_xlim(), axis.get_ylim()) == ((-1, 1), (-2, 2))
