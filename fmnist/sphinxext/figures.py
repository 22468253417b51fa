"""Plotly figures in the book: the data of a figure in the page, drawn when it comes into view.

Plotly's own renderers either show nothing in Jupyter Book, or load scripts from another host,
or put megabytes into every page.
"""

import hashlib
import html
import json
from typing import Any

import plotly.io as pio
from plotly.io.base_renderers import MimetypeRenderer
from plotly.utils import PlotlyJSONEncoder


class BookRenderer(MimetypeRenderer):
    """Shows a figure as inert JSON, which ``static/figures.js`` draws."""

    def to_mimebundle(self, fig_dict: dict[str, Any]) -> dict[str, str]:
        """Return the HTML of a figure.

        Raises:
            ValueError: the figure has no alternative text.
        """
        layout = dict(fig_dict["layout"])
        alt = (layout.get("meta") or {}).get("alt")
        if not alt:
            raise ValueError('the figure has no alternative text: set layout.meta["alt"]')
        layout.pop("template", None)
        spec = json.dumps(
            {"data": fig_dict["data"], "layout": layout},
            cls=PlotlyJSONEncoder,
            sort_keys=True,
            separators=(",", ":"),
        ).replace("</", "<\\/")
        number = hashlib.sha256(spec.encode()).hexdigest()[:10]
        text = html.escape(alt)
        height = int(layout.get("height", 420))
        page = (
            f'<figure class="live-figure" id="figure-{number}">'
            f'<div class="live-figure-plot" role="img" aria-label="{text}" '
            f'style="height:{height}px"></div>'
            f'<script type="application/json">{spec}</script>'
            f"<noscript><p>{text}</p></noscript></figure>"
        )
        return {"text/html": page, "text/plain": alt}


def use_book_renderer() -> None:
    """Have Plotly show every figure in this way."""
    pio.renderers["book"] = BookRenderer()
    pio.renderers.default = "book"
