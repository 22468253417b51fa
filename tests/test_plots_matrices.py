"""Figures of evaluation and comparison: what they show, and what they refuse."""

import json

import matplotlib.pyplot as plt
import numpy as np
import pytest

from fmnist import plots
from fmnist.analysis import errors
from fmnist.data import splits
from fmnist.evaluation import calibration, results

NAMES = splits.CLASS_NAMES
DRAW = np.random.default_rng(7)
LABELS = np.repeat(np.arange(10, dtype=np.uint8), 20)
IMAGES = DRAW.integers(0, 256, (len(LABELS), 28, 28), dtype=np.uint8)
SPLIT = splits.Split("test", IMAGES, LABELS)
# Five shirts are taken for coats and one for a dress; everything else is right.
PREDICTED = LABELS.astype(np.int64)
PREDICTED[120:125], PREDICTED[125] = 4, 3
CONFIDENCE = np.linspace(0.5, 0.9, len(LABELS))


@pytest.fixture(autouse=True)
def _close_figures():
    """Leave no figure of matplotlib open."""
    yield
    plt.close("all")


def some_matrix() -> np.ndarray:
    """Return the confusion matrix of the predictions above."""
    matrix = np.zeros((10, 10), dtype=np.int64)
    np.add.at(matrix, (LABELS, PREDICTED), 1)
    return matrix


def some_accuracy(share: float, seeds: tuple[int, ...] = (0, 1, 2)) -> results.Accuracy:
    """Return a result with about this accuracy."""
    correct = np.random.default_rng(1).random((len(seeds), 200)) < share
    return results.accuracy(correct, split="validation", seeds=seeds, runs=("",) * len(seeds))


def test_a_confusion_matrix_shows_counts_and_shares_of_each_row():
    """One view holds the counts; in the other each row adds up to 100 per cent."""
    matrix = some_matrix() * np.arange(1, 11)[:, np.newaxis]  # classes of different sizes
    figure = plots.confusion_matrix(matrix)
    counts, shares = (np.array(trace.z) for trace in figure.data)
    np.testing.assert_array_equal(counts, matrix)
    np.testing.assert_allclose(shares.sum(axis=1), 100)
    assert [trace.visible for trace in figure.data] == [True, False]
    choices = [button.args[0]["visible"] for button in figure.layout.updatemenus[0].buttons]
    assert choices == [[True, False], [False, True]]


def test_a_confusion_matrix_is_told_in_words():
    """The alternative text names the most frequent error, its count and its share."""
    alt = plots.confusion_matrix(some_matrix()).layout.meta["alt"]
    assert "Shirt taken for Coat, 5 times, 25 % of the class" in alt


def test_the_colours_of_a_matrix_leave_room_for_errors():
    """The scale ends above the largest error, and far below the diagonal."""
    for trace in plots.confusion_matrix(some_matrix()).data:
        errors = np.array(trace.z) - np.diag(np.diag(trace.z))
        assert errors.max() < trace.zmax < np.diag(trace.z).min()


@pytest.mark.parametrize("matrix", [np.ones((9, 9), int), np.eye(10, dtype=int) * [0] + 0])
def test_a_matrix_of_another_shape_or_with_an_empty_row_is_refused(matrix):
    """A class without images has no share."""
    with pytest.raises(ValueError, match="images in every row"):
        plots.confusion_matrix(matrix)


def test_pairs_are_drawn_with_both_directions_and_all_errors_in_words():
    """Two bars a pair; the alternative text says how many errors the shown pairs hold."""
    figure = plots.confused_pairs(errors.confused_pairs(some_matrix()), shown=2)
    # In the order of the labels, Coat comes before Shirt: all five were the second as the first.
    assert figure.data[0].x == (0, 0)
    assert figure.data[1].x == (5, 1)
    assert figure.layout.meta["alt"].endswith("Together 100 % of 6 errors.")


def test_the_browser_puts_each_error_into_its_row():
    """Each true class has its images in the rows of their predictions, the surest first."""
    figure = plots.error_browser(SPLIT, PREDICTED, CONFIDENCE)
    shirts = figure.data[NAMES.index("Shirt")]
    assert list(shirts.y) == [3, 4, 4, 4, 4, 4]
    assert [row[0] for row in shirts.customdata] == [125, 124, 123, 122, 121, 120]
    assert sum(len(trace.x) for trace in figure.data) == 6


def test_the_browser_opens_with_the_class_that_has_most_errors():
    """One class is visible, images and hover texts alike; each button shows one other."""
    figure = plots.error_browser(SPLIT, PREDICTED, CONFIDENCE)
    shirt = NAMES.index("Shirt")
    assert [trace.visible for trace in figure.data] == [k == shirt for k in range(10)]
    assert [image.visible for image in figure.layout.images] == [k == shirt for k in range(10)]
    for truth, button in enumerate(figure.layout.updatemenus[0].buttons):
        traces, layout = button.args
        shown = [k == truth for k in range(10)]
        assert traces["visible"] == shown
        assert [layout[f"images[{k}].visible"] for k in range(10)] == shown
    assert figure.layout.yaxis.ticktext[NAMES.index("Coat")] == "Coat<br>5"


def test_the_browser_is_light_enough_for_a_page():
    """A browser full of errors in every cell stays below 150 kB."""
    labels = np.repeat(np.arange(10, dtype=np.uint8), 90)
    strokes = np.zeros((900, 28, 28), dtype=np.uint8)
    for image, place in zip(strokes, DRAW.integers(4, 18, (900, 2)), strict=True):
        image[place[0] : place[0] + 8, place[1] : place[1] + 5] = np.arange(40).reshape(8, 5) * 6
    predicted = (labels + np.tile(np.arange(1, 10), 100)) % 10
    split = splits.Split("test", strokes, labels)
    figure = plots.error_browser(split, predicted, np.full(900, 0.7), columns=8)
    assert len(figure.to_json()) < 150_000


def test_a_browser_without_errors_is_refused():
    """There would be nothing to look at."""
    with pytest.raises(ValueError, match="at least one misclassified image"):
        plots.error_browser(SPLIT, LABELS, CONFIDENCE)


def test_recalls_are_sorted_and_each_seed_has_its_mark():
    """The class that is found least comes first, with as many marks as seeds."""
    shares = np.linspace(0.95, 0.5, 10)
    by_seed = np.tile(shares, (3, 1))
    figure = plots.class_recalls([some_accuracy(share) for share in shares], by_seed)
    means, seeds = figure.data
    assert means.y[0] == NAMES[9]
    assert list(means.x) == sorted(means.x)
    assert len(seeds.x) == 30
    assert dict(zip(seeds.y, seeds.x, strict=True))[NAMES[0]] == 95.0


def test_recalls_of_other_classes_are_refused():
    """Ten results and ten columns, or an error."""
    with pytest.raises(ValueError, match="expects ten classes, received 9"):
        plots.class_recalls([some_accuracy(0.5)] * 9, np.zeros((3, 10)))


def test_the_ladder_shows_one_price_at_a_time():
    """Multiplications first, the others at the press of a button, with the same accuracies."""
    accuracies = {"small": some_accuracy(0.8), "large": some_accuracy(0.9)}
    figure = plots.ladder(
        accuracies,
        work={"small": 3e9, "large": 4e12},
        seconds={"small": 10.0, "large": 200.0},
        parameters={"small": 1_000, "large": 50_000},
    )
    prices = [list(trace.x) for trace in figure.data]
    assert prices == [[3, 4_000], [10.0, 200.0], [1_000, 50_000]]
    assert len({trace.y for trace in figure.data}) == 1
    assert [trace.visible for trace in figure.data] == [True, False, False]
    said = "large: 4,000 billion multiplications, 200 seconds, 50,000 parameters"
    assert said in figure.layout.meta["alt"]


def test_leads_have_a_line_for_each_measure():
    """From one candidate on, in percentage points, and the last is told in words."""
    figure = plots.leads({"chose": [0, 0.01], "other": [0, 0.004]}, candidates="recipes")
    chose, other = figure.data
    assert (list(chose.x), list(chose.y), list(other.y)) == ([1, 2], [0, 1.0], [0, 0.4])
    assert "for 1 to 2 recipes" in figure.layout.meta["alt"]
    assert "chose +1.00, other +0.40" in figure.layout.meta["alt"]


def test_a_reliability_diagram_leaves_empty_bins_out():
    """Only bins with images are drawn, and the words say on which side of the diagonal."""
    probabilities = np.tile([0.9, 0.1], (50, 1))
    labels = np.array([0] * 30 + [1] * 20)
    figure = plots.reliability({"net": calibration.reliability(probabilities, labels, bins=10)})
    assert list(figure.data[1].x) == [0.9]
    assert list(figure.data[1].y) == [0.6]
    assert "30.0 percentage points above accuracy" in figure.layout.meta["alt"]


def test_risk_ends_at_the_error_of_all_images():
    """At full coverage the risk is the error; the curve is thinned out before."""
    draw = np.random.default_rng(2)
    probabilities = draw.dirichlet(np.ones(10), 5_000)
    labels = draw.integers(0, 10, 5_000)
    curve = calibration.risk_coverage(probabilities, labels)
    line = plots.risk_coverage({"net": curve}).data[0]
    assert line.x[-1] == 100
    assert line.y[-1] == pytest.approx(
        100 * (probabilities.argmax(axis=1) != labels).mean(), abs=0.01
    )
    assert len(line.x) <= 101


def test_captioned_images_stand_in_rows():
    """Each image has its words, and places left over stay empty."""
    figure = plots.captioned(IMAGES[:5], list("abcde"), columns=3)
    assert [axis.get_title() for axis in figure.axes] == ["a", "b", "c", "d", "e", ""]
    assert len(figure.axes[5].images) == 0


def test_captions_that_do_not_fit_are_refused():
    """One caption for each image, at least one image."""
    with pytest.raises(ValueError, match="a caption for each image, received 2 images and 1"):
        plots.captioned(IMAGES[:2], ["a"])


def test_maps_have_a_symmetric_scale():
    """0 is drawn white in every map, however small its values."""
    values = DRAW.normal(0, [[[1e-6]], [[3.0]]], (2, 28, 28))
    figure = plots.explained(IMAGES[:2], {"gradient": values}, ["a", "b"])
    assert [axis.get_ylabel() for axis in figure.axes[::2]] == ["image", "gradient"]
    for axis, one in zip(figure.axes[2:], values, strict=True):
        low, high = axis.images[0].get_clim()
        assert -low == high == pytest.approx(np.abs(one).max())


def test_maps_of_another_shape_are_refused():
    """A map belongs to each image."""
    with pytest.raises(ValueError, match="expects maps of shape"):
        plots.explained(IMAGES[:2], {"gradient": np.zeros((1, 28, 28))}, ["a", "b"])


def test_every_live_figure_can_be_read_aloud_and_brings_no_colours_of_a_page():
    """Each has words, and leaves paper, background and letters to the theme."""
    accuracies = {"small": some_accuracy(0.8)}
    figures = [
        plots.confusion_matrix(some_matrix()),
        plots.confused_pairs(errors.confused_pairs(some_matrix())),
        plots.error_browser(SPLIT, PREDICTED, CONFIDENCE),
        plots.class_recalls([some_accuracy(0.9)] * 10, np.zeros((3, 10))),
        plots.ladder(
            accuracies, work={"small": 1e9}, seconds={"small": 1.0}, parameters={"small": 10}
        ),
        plots.leads({"on the half that chose": [0, 0.01]}, candidates="recipes to choose from"),
        plots.reliability({"net": calibration.reliability(np.eye(10)[LABELS], LABELS)}),
        plots.risk_coverage({"net": calibration.risk_coverage(np.eye(10)[LABELS], LABELS)}),
    ]
    for figure in figures:
        layout = json.loads(figure.to_json())["layout"]
        assert len(layout["meta"]["alt"]) > 40
        assert not {"paper_bgcolor", "plot_bgcolor", "font"} & layout.keys()


def test_a_table_has_a_head_and_prints_results_as_they_are():
    """Each row is a line of Markdown below the head; cells are printed with `str`."""
    accuracy = some_accuracy(0.9)
    lines = plots.table(["model", "accuracy"], {"small": accuracy}.items()).data.splitlines()
    assert lines == ["| model | accuracy |", "| --- | --- |", f"| small | {accuracy} |"]


@pytest.mark.parametrize("row", [["a"], ["a", "b", "c"], ["a|b", "c"], ["a", "b\nc"]])
def test_a_table_that_would_fall_apart_is_refused(row):
    """Rows of another length, bars and line ends would move cells into other columns."""
    with pytest.raises(ValueError, match="expects 2 cells in each row"):
        plots.table(["x", "y"], [row])
