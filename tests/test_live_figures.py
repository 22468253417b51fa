"""What a Plotly figure becomes in a page: inert data, a text for everyone, and a table."""

import numpy as np
import plotly.graph_objects as go
import pytest
from bs4 import BeautifulSoup

from fmnist.plots import live_figures

ALT = {"meta": {"alt": "Two bars, the second one higher."}}


def shown(figure: go.Figure) -> str:
    """Return the HTML of a figure."""
    return live_figures.BookRenderer().to_mimebundle(figure.to_dict())["text/html"]


def table(figure: go.Figure) -> list[list[str]]:
    """Return the rows of the table below a figure."""
    page = BeautifulSoup(live_figures.numbers(figure.to_dict()), "html.parser")
    return [[cell.text for cell in row.find_all(["th", "td"])] for row in page.find_all("tr")]


def test_a_figure_without_alternative_text_is_refused():
    """What cannot be read aloud is not shown."""
    with pytest.raises(ValueError, match="the figure has no alternative text: set layout"):
        shown(go.Figure())


def test_a_trace_that_the_bundle_cannot_draw_is_refused():
    """A figure that would stay empty fails where it is made."""
    with pytest.raises(ValueError, match="the site cannot draw scattergl, surface; it has bar,"):
        shown(go.Figure([go.Surface(), go.Scattergl(), go.Bar()], layout=ALT))


def test_a_figure_cannot_close_its_own_script():
    """Text in a figure stays text."""
    figure = go.Figure(layout={"meta": {"alt": "<b>"}, "title": {"text": "</script><b>"}})
    page = shown(figure)
    assert page.count("</script>") == 1
    assert 'aria-label="&lt;b&gt;"' in page


def test_the_same_figure_gives_the_same_page():
    """Two builds do not differ by random names."""
    one, other = (shown(go.Figure(go.Bar(y=np.arange(3)), layout=ALT)) for _ in range(2))
    assert one == other


def test_series_with_one_axis_stand_side_by_side():
    """A column for each line, whether its numbers are a list or an array."""
    figure = go.Figure(layout={"xaxis": {"title": {"text": "epoch"}}})
    figure.add_scatter(x=[1, 2], y=[0.5, 1 / 3], name="training")
    figure.add_bar(x=np.array([1, 2]), y=np.array([2.0, None], dtype=float), name="validation")
    assert table(figure) == [
        ["epoch", "training", "validation"],
        ["1", "0.5", "2"],
        ["2", "0.3333", "nan"],
    ]


def test_series_with_axes_of_their_own_stand_one_below_the_other():
    """A row for each point, with the name of its series."""
    figure = go.Figure(layout={"yaxis": {"title": {"text": "height"}}})
    figure.add_scatter(x=["a"], y=[1], name="<one>")
    figure.add_scatter(x=["b"], y=[2], name="two")
    assert table(figure) == [["series", "x", "height"], ["<one>", "a", "1"], ["two", "b", "2"]]


def test_a_heat_map_is_a_table_already():
    """Rows and columns keep their names; without names they are counted."""
    z = np.array([[1, 2], [3, 4]], dtype=np.int16)
    figure = go.Figure(
        go.Heatmap(z=z, x=["p", "q"], y=["P", "Q"]),
        layout={"xaxis": {"title": {"text": "prediction"}}, "yaxis": {"title": {"text": "truth"}}},
    )
    assert table(figure) == [["truth \\ prediction", "p", "q"], ["P", "1", "2"], ["Q", "3", "4"]]
    assert table(go.Figure(go.Heatmap(z=[[5]]))) == [["", "0"], ["0", "5"]]


@pytest.mark.parametrize(
    "figure",
    [
        go.Figure(go.Scatter(x=np.arange(400), y=np.arange(400))),
        go.Figure(go.Image(z=np.zeros((2, 2, 3)))),
        go.Figure(go.Scatter(y=[1, 2])),
        go.Figure(),
    ],
    ids=["too many numbers", "a picture", "no x", "nothing"],
)
def test_a_table_that_nobody_would_read_is_not_made(figure):
    """Then the alternative text stands alone."""
    assert live_figures.numbers(figure.to_dict()) == ""
