"""Figures: drawing only, what is drawn is computed elsewhere.

Matplotlib where a figure is still, Plotly where a reader wants to point at things. A Plotly
figure carries its alternative text in ``layout.meta["alt"]``.
"""

import os

from fmnist.plots.curves import accuracies, descent, gains, learning_curves, schedules
from fmnist.plots.images import gallery
from fmnist.plots.layers import (
    feature_maps,
    filtered,
    kernels,
    receptive_fields,
    rows_of_images,
)
from fmnist.plots.matrices import confusion_matrix

__all__ = [
    "accuracies",
    "confusion_matrix",
    "descent",
    "feature_maps",
    "filtered",
    "gains",
    "gallery",
    "kernels",
    "learning_curves",
    "receptive_fields",
    "rows_of_images",
    "schedules",
]

if os.environ.get("FMNIST_BOOK"):
    from fmnist.sphinxext.figures import use_book_renderer

    use_book_renderer()
