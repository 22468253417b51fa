"""Pictures of layers: the arrays that were given, in their order, on a common scale."""

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.patches import Rectangle

from fmnist import plots

IMAGE = np.arange(784, dtype=np.uint32).astype(np.uint8).reshape(28, 28)


@pytest.fixture(autouse=True)
def _close():
    """Close the figures of a test."""
    yield
    plt.close("all")


def pictures(figure) -> list[np.ndarray]:
    """Return the arrays that a figure shows, axis by axis, without colour bars."""
    return [
        np.asarray(image.get_array())
        for axis in figure.axes
        if axis.get_label() != "<colorbar>"
        for image in axis.get_images()
    ]


def test_maps_beside_an_image_share_a_scale_around_0():
    """The largest value of all maps, positive or negative, ends the scale of each."""
    maps = {"a": np.array([[0.5, -1.0]]), "b": np.array([[3.0, 0.0]])}
    figure = plots.filtered(IMAGE, maps)
    shown = pictures(figure)
    assert np.array_equal(shown[0], IMAGE)
    assert np.array_equal(shown[1], maps["a"])
    limits = [axis.get_images()[0].get_clim() for axis in figure.axes[1:3]]
    assert limits == [(-3, 3), (-3, 3)]
    assert [axis.get_title() for axis in figure.axes[:3]] == ["image", "a", "b"]


def test_every_kernel_is_shown_once():
    """Also when they do not fill the last row."""
    weights = np.arange(4 * 4 * 10, dtype=float).reshape(4, 4, 1, 10)
    shown = pictures(plots.kernels(weights, columns=4))
    assert len(shown) == 10
    assert np.array_equal(shown[9], weights[:, :, 0, 9])


def test_the_strongest_maps_come_first():
    """By their sum; the weaker ones are left out."""
    maps = np.zeros((7, 7, 3))
    maps[0, 0] = (1, 3, 2)
    shown = pictures(plots.feature_maps(IMAGE, {"stage": maps}, count=2))
    assert np.array_equal(shown[0], IMAGE)
    assert [array[0, 0] for array in shown[1:]] == [3, 2]


def test_a_square_covers_its_pixels():
    """Pixels are drawn around their numbers, so the square begins half a unit before the first."""
    shares = np.ones((28, 28))
    figure = plots.receptive_fields(IMAGE, {"one": (5, 7, 4), "two": (0, 0, 9)}, {"two": shares})
    squares = [
        [patch.get_bbox().bounds for patch in axis.patches if isinstance(patch, Rectangle)]
        for axis in figure.axes
    ]
    assert squares == [[(6.5, 4.5, 4, 4), (-0.5, -0.5, 9, 9)], [(-0.5, -0.5, 9, 9)]]
    colours = [axis.patches[-1].get_edgecolor() for axis in figure.axes]
    assert colours[0] == colours[1]  # the same layer, the same colour
