# ruff: noqa: F401 - the chapters use what is imported here
"""Figures: drawing only, what is drawn is computed elsewhere.

Matplotlib where a figure is still, Plotly where a reader wants to point at things. A Plotly
figure carries its alternative text in ``layout.meta["alt"]``.
"""

import os

from fmnist.plots.comparisons import class_recalls, ladder, leads
from fmnist.plots.curves import accuracies, descent, gains, learning_curves, verdicts
from fmnist.plots.explanations import captioned, explained
from fmnist.plots.images import (
    batch_strips,
    class_gallery,
    class_means,
    pairs,
    pixel_profile,
    pixels,
)
from fmnist.plots.layers import feature_maps, filtered, kernels, receptive_fields
from fmnist.plots.maps import embedding, garments
from fmnist.plots.matrices import confused_pairs, confusion_matrix, error_browser
from fmnist.plots.reliability import reliability, risk_coverage
from fmnist.plots.tables import table

if os.environ.get("FMNIST_BOOK"):
    from fmnist.plots.live_figures import use_book_renderer

    use_book_renderer()
