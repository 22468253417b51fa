"""Figures: drawing only, what is drawn is computed elsewhere.

Matplotlib where a figure is still, Plotly where a reader wants to point at things. A Plotly
figure carries its alternative text in ``layout.meta["alt"]``.
"""

import os

from fmnist.plots.curves import learning_curves
from fmnist.plots.images import gallery
from fmnist.plots.matrices import confusion_matrix

__all__ = ["confusion_matrix", "gallery", "learning_curves"]

if os.environ.get("FMNIST_BOOK"):
    from fmnist.sphinxext.figures import use_book_renderer

    use_book_renderer()
