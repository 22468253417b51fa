"""What all figures share: layouts, menus, and images in rows."""

import matplotlib.pyplot as plt
import numpy as np
import plotly.graph_objects as go
import pytest
from matplotlib.colors import to_hex

from fmnist.plots import style

IMAGE = np.arange(784, dtype=np.uint32).astype(np.uint8).reshape(28, 28)


@pytest.fixture(autouse=True)
def _close():
    """Close the figures of a test."""
    yield
    plt.close("all")


def test_a_layout_has_its_words_its_height_and_a_margin_at_each_side():
    """What is not asked for has the width that most figures have."""
    figure = go.Figure(layout=style.layout(alt="Two dots.", height=300, left=90, bottom=10))
    assert figure.layout.meta == {"alt": "Two dots."}
    assert figure.layout.height == 300
    assert figure.layout.margin.to_plotly_json() == {"l": 90, "r": 20, "t": 20, "b": 10}


def test_a_menu_has_an_entry_for_each_choice_in_their_order():
    """Each does with Plotly's method what its arguments say."""
    choices = {"b": [{"visible": [True, False]}], "a": [{"visible": [False, True]}]}
    [menu] = go.Figure(layout={"updatemenus": style.menu(style.DROPDOWN, "restyle", choices)})[
        "layout"
    ]["updatemenus"]
    assert menu.type == "dropdown"
    assert {button.label: list(button.args) for button in menu.buttons} == choices
    assert [button.label for button in menu.buttons] == ["b", "a"]
    assert {button.method for button in menu.buttons} == {"restyle"}


def test_error_bars_have_an_arm_of_its_own_to_each_side():
    """What else is said of their look is kept."""
    figure = go.Figure()
    figure.add_scatter(x=[1, 2], y=[3, 4], error_y=style.error_bars([1, 2], [0, 3], thickness=2))
    bars = figure.data[0].error_y
    assert (bars.array, bars.arrayminus, bars.symmetric) == ((1, 2), (0, 3), False)
    assert bars.thickness == 2


def test_panels_are_a_table_of_axes_however_few_they_are():
    """One panel has a row and a column, too, and the figure the size that was asked for."""
    figure, axes = style.panels(1, 1, width=4, height=3)
    assert axes.shape == (1, 1)
    assert figure.get_size_inches().tolist() == [4, 3]


def test_rows_are_as_long_as_asked_for():
    """Places without an image stay empty, and a figure of no image has one empty row."""
    figure = style.in_rows([IMAGE] * 3, "abc", columns=2, cell=(1.5, 2), size=7)
    assert [axis.get_title() for axis in figure.axes] == ["a", "b", "c", ""]
    assert [len(axis.images) for axis in figure.axes] == [1, 1, 1, 0]
    assert figure.get_size_inches().tolist() == [3, 4]
    assert len(style.in_rows([], [], columns=2, cell=(1, 1), size=7).axes) == 2


def test_an_image_is_dark_on_light():
    """0 is drawn white and 255 black."""
    _, [[axis]] = style.panels(1, 1, width=1, height=1)
    style.show(axis, IMAGE)
    colours = axis.images[0].to_rgba(np.array([0, 255]))
    assert [to_hex(colour) for colour in colours] == ["#ffffff", "#000000"]


def test_a_signed_map_is_white_at_0():
    """Its colours end at the limit on both sides."""
    _, [[axis]] = style.panels(1, 1, width=1, height=1)
    drawn = style.show_signed(axis, np.array([[-1.0, 2.0]]), 3)
    assert drawn.get_clim() == (-3, 3)
    assert drawn.to_rgba([0.0])[0].min() > 0.95
