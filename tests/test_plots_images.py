"""Figures of images and maps: what is on the axes is what was given."""

import base64
import io

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.colors import to_rgb
from PIL import Image

from fmnist import plots
from fmnist.analysis import exploring
from fmnist.data import splits
from fmnist.plots import maps

PER_CLASS = 45
EMPTY = np.zeros((0, 28, 28), dtype=np.uint8)


@pytest.fixture(autouse=True)
def _closed_figures():
    """No figure outlives its test."""
    yield
    plt.close("all")


@pytest.fixture(name="split")
def _split() -> splits.Split:
    """Random images, their labels in turn; image i has only the grey values i % 200 and 255."""
    draw = np.random.default_rng(0)
    labels = np.tile(np.arange(10, dtype=np.uint8), PER_CLASS)
    images = np.where(draw.random((len(labels), 28, 28)) < 0.2, 255, 0).astype(np.uint8)
    images[:, 5, 5] = np.arange(len(labels)) % 200
    return splits.Split("train", images, labels)


def test_pixels_shows_each_grey_value_in_its_place(split):
    """The number at column c and row r of the close-up is the pixel there."""
    figure = plots.pixels(split.images[7], top=3, left=4, side=5)
    written = {text.get_position(): int(text.get_text()) for text in figure.axes[1].texts}

    assert written == {
        (column, row): split.images[7][3 + row, 4 + column]
        for row in range(5)
        for column in range(5)
    }


# --- the gallery ---


def test_the_gallery_goes_from_the_least_odd_to_the_oddest_of_each_class(split):
    """In each class the first cell is the usual image and the last one the oddest."""
    oddity = np.random.default_rng(1).random(len(split))
    figure = plots.class_gallery(split, oddity, columns=4)

    for label, trace in enumerate(figure.data):
        positions = [position for position, _ in trace.customdata]
        members = np.flatnonzero(split.labels == label)
        assert set(positions) <= set(members)
        assert list(oddity[positions]) == sorted(oddity[positions])
        assert positions[0] == members[oddity[members].argmin()]
        assert positions[-1] == members[oddity[members].argmax()]


def test_the_gallery_draws_the_image_that_it_names(split):
    """The picture in a cell is the image whose position the reader is told there."""
    figure = plots.class_gallery(split, np.arange(float(len(split))), columns=4)
    label, cell = 3, 9
    sheet = base64.b64decode(figure.layout.images[label].source.partition(",")[2])
    drawn = 255 - np.array(Image.open(io.BytesIO(sheet)).convert("L"))
    column, row = figure.data[label].x[cell], figure.data[label].y[cell]
    shown = drawn[row * 28 : (row + 1) * 28, column * 28 : (column + 1) * 28]

    named = split.images[figure.data[label].customdata[cell][0]]
    np.testing.assert_allclose(shown, named, atol=255 / 14 / 2 + 1)  # sixteen greys


def test_the_gallery_shows_one_class_at_a_time(split):
    """Each entry of the menu shows the points and the sheet of its class, and no others."""
    figure = plots.class_gallery(split, np.zeros(len(split)), columns=2)

    assert [trace.visible for trace in figure.data] == [True] + [False] * 9
    for label, button in enumerate(figure.layout.updatemenus[0].buttons):
        traces, sheets = button.args
        assert button.label == splits.CLASS_NAMES[label]
        assert [number for number, on in enumerate(traces["visible"]) if on] == [label]
        assert [key for key, on in sheets.items() if on] == [f"images[{label}].visible"]


def test_a_gallery_without_enough_images_is_refused(split):
    """A class with fewer images than places is named."""
    with pytest.raises(ValueError, match="at least 50 images of each class, received 45 of T-shi"):
        plots.class_gallery(split, np.zeros(len(split)), columns=10)


# --- still pictures ---


def test_pairs_stand_side_by_side_with_their_captions(split):
    """Left the first image, right the second, above them the words."""
    figure = plots.pairs(split.images[:3], split.images[3:6], ["a", "b", "c"], columns=2)
    shown = [axis.images[0].get_array() for axis in figure.axes if axis.images]

    assert [axis.get_title() for axis in figure.axes] == ["a", "b", "c", ""]
    np.testing.assert_array_equal(shown[2][:, :28], split.images[2])
    np.testing.assert_array_equal(shown[2][:, -28:], split.images[5])


def test_no_pairs_make_an_empty_figure():
    """A smoke build may find none."""
    assert not plots.pairs(EMPTY, EMPTY, []).axes[0].images


def test_class_means_are_in_the_order_of_the_labels():
    """The column of a class has its mean above and its spread below, on scales that all share."""
    means = np.arange(10.0)[:, np.newaxis, np.newaxis] / 10 * np.ones((10, 28, 28))
    figure = plots.class_means(means, means / 2)

    assert tuple(axis.get_title() for axis in figure.axes[:10]) == splits.CLASS_NAMES
    for label, (above, below) in enumerate(zip(figure.axes[:10], figure.axes[10:], strict=True)):
        assert float(above.images[0].get_array()[0, 0]) == means[label, 0, 0]
        assert float(below.images[0].get_array()[0, 0]) == means[label, 0, 0] / 2
        assert below.images[0].get_clim() == (0, means.max() / 2)


def test_the_profile_has_the_share_of_each_grey_value(split):
    """Bars are per cent of all pixels, and each class is a point with its name."""
    figure = plots.pixel_profile(split.images, exploring.pixel_statistics(split))
    greys, classes = figure.axes
    heights = np.array([bar.get_height() for bar in greys.patches])

    assert heights[0] == 100 * (split.images == 0).mean()
    assert heights.sum() == pytest.approx(100)
    assert {text.get_text() for text in classes.texts} == set(splits.CLASS_NAMES)


def test_batch_strips_show_the_labels_of_both_epochs():
    """A line of a panel is a batch, in the order given."""
    first, second = np.arange(40).reshape(4, 10) % 10, np.zeros((4, 10), int)
    figure = plots.batch_strips({"one": [first, second], "two": [second, first]}, shown=3)

    assert [axis.get_title() for axis in figure.axes] == [
        "one: epoch 1", "one: epoch 2", "two: epoch 1", "two: epoch 2"
    ]  # fmt: skip
    for axis, labels in zip(figure.axes, (first, second, second, first), strict=True):
        np.testing.assert_array_equal(axis.images[0].get_array(), labels[:3])


# --- maps ---


@pytest.fixture(name="points")
def _points(split) -> np.ndarray:
    """A place for each image; those of class c around (10 c, 0)."""
    places = np.random.default_rng(2).normal(scale=0.1, size=(len(split), 2))
    places[:, 0] += 10 * split.labels
    return places


def test_an_embedding_has_each_image_at_its_point(split, points):
    """What a reader reads at a point is the position of the image that lies there."""
    figure = plots.embedding({"one": points}, split)

    for label, trace in enumerate(figure.data):
        assert trace.name == splits.CLASS_NAMES[label]
        assert (split.labels[list(trace.customdata)] == label).all()
        np.testing.assert_allclose(trace.x, points[list(trace.customdata), 0], atol=0.051)
        np.testing.assert_allclose(trace.y, points[list(trace.customdata), 1], atol=0.051)


def test_a_button_moves_all_classes_to_its_map(split, points):
    """The second button's places are those of the second map."""
    figure = plots.embedding({"one": points, "other": -points}, split)
    button = figure.layout.updatemenus[0].buttons[1]

    assert button.label == "other"
    for trace, column in zip(figure.data, button.args[0]["x"], strict=True):
        np.testing.assert_allclose(column, -np.array(trace.x))


def test_the_words_for_an_embedding_are_computed_from_it(split, points):
    """Where every neighbour is of the same class they say so, and where none is, too."""
    apart = plots.embedding({"one": points}, split).layout.meta["alt"]
    mixed = plots.embedding({"one": points % 10}, split).layout.meta["alt"]

    assert "one: the nearest point is of the same class for 100 % of the images" in apart
    assert "of the same class for 100 %" not in mixed


def test_a_map_of_other_images_is_refused(split, points):
    """A map needs one point in the plane for each image."""
    with pytest.raises(ValueError, match=r"expects 450 points in the plane, received \(449, 2\)"):
        plots.embedding({"one": points[1:]}, split)


def test_garments_are_drawn_at_their_points_without_overlap(split):
    """Of two images at one place only the first is drawn, in the colour of its class."""
    three = split.take(np.array([1, 2, 3]))
    three.images[:] = 255
    figure = plots.garments(np.array([[0, 0], [0, 0], [1.0, 1.0]]), three)
    canvas = figure.axes[0].images[0].get_array()

    inked = (canvas < 1).any(axis=2)
    assert inked.sum() == 2 * 28 * 28
    np.testing.assert_allclose(canvas[-1, 0], to_rgb(maps.CLASS_COLOURS[1]), atol=1e-6)
    np.testing.assert_allclose(canvas[0, -1], to_rgb(maps.CLASS_COLOURS[3]), atol=1e-6)
