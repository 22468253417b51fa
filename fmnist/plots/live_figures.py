"""Plotly figures in the book: the data of a figure in the page, drawn when it comes into view.

Plotly's own renderers either show nothing in Jupyter Book, or load scripts from another host,
or put megabytes into every page.
"""

import base64
import hashlib
import json
from typing import Any

import numpy as np
import plotly.io as pio
from plotly.io.base_renderers import MimetypeRenderer
from plotly.utils import PlotlyJSONEncoder

from fmnist.tools import templates

# All that the bundle draws which package.json pins: another kind needs another bundle.
KINDS = {
    *("bar", "box", "contour", "heatmap", "histogram", "histogram2d", "histogram2dcontour"),
    *("image", "pie", "scatter", "scatterternary", "violin"),
}
MOST_NUMBERS = 600  # in the table below a figure; more would be read by nobody


class BookRenderer(MimetypeRenderer):
    """Shows a figure as inert JSON, which ``static/figures.js`` draws."""

    def to_mimebundle(self, fig_dict: dict[str, Any]) -> dict[str, str]:
        """Return the HTML of a figure.

        Raises:
            ValueError: the figure has no alternative text, or a trace of a kind that the site's
                bundle cannot draw.
        """
        layout = dict(fig_dict["layout"])
        alt = (layout.get("meta") or {}).get("alt")
        if not alt:
            raise ValueError('the figure has no alternative text: set layout.meta["alt"]')
        kinds = {trace.get("type", "scatter") for trace in fig_dict["data"]}
        if kinds - KINDS:
            raise ValueError(
                f"the site cannot draw {', '.join(sorted(kinds - KINDS))}; it has "
                f"{', '.join(sorted(KINDS))}"
            )
        layout.pop("template", None)
        spec = json.dumps(
            {"data": fig_dict["data"], "layout": layout},
            cls=PlotlyJSONEncoder,
            sort_keys=True,
            separators=(",", ":"),
        ).replace("</", "<\\/")
        number = hashlib.sha256(spec.encode()).hexdigest()[:10]
        page = templates.filled(
            "plots/templates/figure.html.jinja",
            number=number,
            alt=alt,
            height=int(layout.get("height", 420)),
            spec=spec,
            numbers=numbers(fig_dict),
        )
        return {"text/html": page, "text/plain": alt}


def use_book_renderer() -> None:
    """Have Plotly show every figure in this way."""
    pio.renderers["book"] = BookRenderer()
    pio.renderers.default = "book"


def numbers(figure: dict[str, Any]) -> str:
    """Return the numbers of a figure as an HTML table to unfold, empty if there is none to make.

    It is made of heat maps, lines, points and bars of at most `MOST_NUMBERS` numbers.

    Args:
        figure: as a dictionary.
    """
    traces, layout = figure["data"], figure["layout"]
    if len(traces) == 1 and traces[0].get("type") == "heatmap":
        rows = _heat_map(traces[0], layout)
    elif all(trace.get("type", "scatter") in ("scatter", "bar") for trace in traces):
        rows = _series(traces, layout)
    else:
        return ""
    if not rows[1:] or len(rows) * len(rows[0]) > MOST_NUMBERS:
        return ""
    head, *body = [[_shown(value) for value in row] for row in rows]
    return templates.filled("plots/templates/numbers.html.jinja", head=head, body=body)


def _heat_map(trace: dict[str, Any], layout: dict[str, Any]) -> list[list[Any]]:
    table = _values(trace.get("z"))
    columns = _values(trace.get("x")) or list(range(len(table[0]) if table else 0))
    names = _values(trace.get("y")) or list(range(len(table)))
    corner = " \\ ".join(filter(None, (_title(layout, "yaxis"), _title(layout, "xaxis"))))
    return [[corner, *columns]] + [[name, *row] for name, row in zip(names, table, strict=True)]


def _series(traces: list[dict[str, Any]], layout: dict[str, Any]) -> list[list[Any]]:
    """Return one column for each trace if all share their x, else one row for each point."""
    points = [(_values(trace.get("x")), _values(trace.get("y"))) for trace in traces]
    if not points or any(not x or len(x) != len(y) for x, y in points):
        return [[]]
    names = [trace.get("name") or _title(layout, "yaxis") or "y" for trace in traces]
    axis = _title(layout, "xaxis") or "x"
    if all(x == points[0][0] for x, _ in points):
        columns = [points[0][0], *(y for _, y in points)]
        return [[axis, *names], *(list(row) for row in zip(*columns, strict=True))]
    rows = [
        [name, *point]
        for name, (x, y) in zip(names, points, strict=True)
        for point in zip(x, y, strict=True)
    ]
    return [["series", axis, _title(layout, "yaxis") or "y"], *rows]


def _title(layout: dict[str, Any], axis: str) -> str:
    return ((layout.get(axis) or {}).get("title") or {}).get("text") or ""


def _values(stored: Any) -> list[Any]:
    """Return an array of a figure as a list: Plotly keeps NumPy's as text in base 64."""
    if isinstance(stored, dict):
        flat = np.frombuffer(base64.b64decode(stored["bdata"]), dtype=stored["dtype"])
        shape = [int(size) for size in str(stored.get("shape", flat.size)).split(",")]
        return flat.reshape(shape).tolist()
    return [] if stored is None else np.asarray(stored).tolist()


def _shown(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:.4g}"
    return "" if value is None else str(value)
