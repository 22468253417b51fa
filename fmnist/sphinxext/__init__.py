"""The part of the build that is ours: honest caches, figures without a server, a sealed test set.

Loaded by Jupyter Book as a local extension; see ``_config.yml``.
"""

import hashlib
import importlib.metadata
import os
import shutil
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx

from fmnist import data
from fmnist.booktools import FINISHED

STATIC = Path(__file__).with_name("static")
PACKAGE = Path(__file__).parents[1]
# What the kernel of a chapter finds in its environment.
KERNEL = {
    "FMNIST_BOOK": "1",
    "PYTHONHASHSEED": "0",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "CUDA_VISIBLE_DEVICES": "-1",
}


def setup(app: Sphinx) -> dict[str, Any]:
    """Connect to the events of a build."""
    app.connect("config-inited", _prepare)
    app.connect("builder-inited", _add_assets)
    app.connect("source-read", _name_chapter)
    app.connect("html-page-context", _mend_page, priority=900)
    app.connect("build-finished", _mark_finished)
    app.add_css_file("book.css")
    app.add_js_file("figures.js", loading_method="defer")
    return {"parallel_read_safe": False, "parallel_write_safe": True}


def execution_key() -> str:
    """Return a hash of all that a chapter's outputs depend on besides its own text.

    Jupyter's cache knows only the text of the cells: without this, a change in the package would
    leave old outputs on the page. The data is in it, too: its sums stand in `fmnist.fetch`.
    """
    digest = hashlib.sha256()
    for path in sorted(PACKAGE.rglob("*.py")):
        digest.update(path.relative_to(PACKAGE).as_posix().encode() + path.read_bytes())
    for package in ("keras", "matplotlib", "numpy", "plotly", "scikit-learn", "tensorflow"):
        digest.update(f"{package} {importlib.metadata.version(package)}".encode())
    digest.update(str(data.is_smoke()).encode())
    return digest.hexdigest()[:16]


def _prepare(app: Sphinx, config: Any) -> None:
    os.environ.update(KERNEL)
    build = Path(app.outdir).parent
    config.nb_execution_cache_path = str(build / f".jupyter_cache-{execution_key()}")
    if data.is_smoke():
        config.html_theme_options["announcement"] = (
            "Smoke build: every cell ran, on a small part of the images. The numbers mean nothing."
        )


def _add_assets(app: Sphinx) -> None:
    """Show Sphinx our static files and Plotly's bundle, which a figure loads when it is seen."""
    import plotly

    bundle = Path(plotly.__file__).parent / "package_data" / "plotly.min.js"
    assets = Path(app.outdir).parent / "assets"
    assets.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(bundle, assets / "plotly.min.js")
    app.config.html_static_path += [str(STATIC), str(assets)]


def _name_chapter(_app: Sphinx, docname: str, _source: list[str]) -> None:
    """Tell the kernel which chapter it runs: chapters run while their source is read."""
    os.environ["FMNIST_CHAPTER"] = docname


def _mark_finished(app: Sphinx, error: Exception | None) -> None:
    """Leave a mark for whoever started the build: a tool that does nothing also reports success."""
    if error is None:
        (Path(app.outdir).parent / FINISHED).write_text(f"{execution_key()}\n", "utf-8")


def _mend_page(
    _app: Sphinx, _page: str, _template: str, context: dict[str, Any], _doctree: Any
) -> None:
    """Leave out the scripts of sphinx-thebe, which come twice and need a server on the internet."""
    context["script_files"] = [
        script
        for script in context.get("script_files", [])
        if "thebe" not in str(getattr(script, "filename", "")).lower()
        and "THEBE" not in str((getattr(script, "attributes", None) or {}).get("body", ""))
    ]
