"""Mends of the theme's pages, and the notebook of a chapter for download."""

import functools
import os
import re
from pathlib import Path
from typing import Any

import nbformat
from sphinx.application import Sphinx
from sphinx.pycode import ModuleAnalyzer

from fmnist import course
from fmnist.book.sphinxext import chapters

BACKTICKS = re.compile(r"(?<![`:\w])`([^`]+)`(?!`)")

# What the theme writes, and what it should be. Icons are drawn by fonts: the script that would
# draw them again is half a megabyte. Thebe's code cells need a server elsewhere. The others are
# findings of accessibility checks.
MENDS = (
    (re.compile(r"\s*<!-- So that users can add custom icons -->"), ""),
    (re.compile(r"\s*<script[^>]*scripts/fontawesome\.js[^>]*></script>"), ""),
    (re.compile(r"\s*<link[^>]*sphinx-thebe\.css[^>]*>"), ""),
    (re.compile(r"\s*<script[^>]*sphinx-thebe\.js[^>]*></script>"), ""),
    (re.compile(r"\s*<script>const THEBE_JS_URL = [^<]*</script>"), ""),
    (re.compile(r"\s*<script type=\"text/x-thebe-config\">.*?</script>", re.DOTALL), ""),
    (re.compile(r"\s*<script>kernelName = [^<]*</script>"), ""),
    (re.compile(r'(<button class="[^"]*search-button-field[^>]*?) aria-label="Search"'), r"\1"),
    (
        re.compile(r'<div class="sidebar-primary-item">(?=\s*<a class="navbar-brand logo")'),
        '<div class="sidebar-primary-item" role="region" aria-label="Site title">',
    ),
    (re.compile('role="doc-biblioentry"'), 'role="listitem"'),
    (re.compile('<summary aria-label="Toggle hidden content">'), "<summary>"),
    (
        re.compile('<summary>(?=<span class="toctree-toggle")'),
        '<summary aria-label="Pages below this one">',
    ),
    # Copied after pages were written: these have a sum in their address from the second build on.
    (re.compile(r"(mystnb\.[0-9a-f]+\.css)\?v=\w+"), r"\1"),
)


def mark_code(
    _app: Sphinx, _what: str, _name: str, _object: Any, _options: Any, lines: list[str]
) -> None:
    """Show what stands between backticks in a docstring as code, as Markdown would."""
    lines[:] = [BACKTICKS.sub(r"``\1``", line) for line in lines]


def find_source(_app: Sphinx, name: str) -> tuple[str, dict[str, Any]] | None:
    """Return the source text of a module of ours, and where things stand in it.

    Sphinx itself would import the module, and TensorFlow with it, whenever pages are written.
    """
    file = course.PACKAGE.parent.joinpath(*name.split("."))
    file = file / "__init__.py" if file.is_dir() else file.with_suffix(".py")
    if not file.is_file():
        return None
    text = file.read_text("utf-8")
    return text, ModuleAnalyzer.for_string(text, name, str(file)).find_tags()


def offer_notebook(
    app: Sphinx, page: str, _template: str, context: dict[str, Any], _doctree: Any
) -> None:
    """Put the chapter as a notebook, with its outputs, beside its source, and name it."""
    notebook = chapters.notebook(app, page)
    if notebook is None:
        return
    for number, cell in enumerate(notebook.cells):
        cell["id"] = f"cell-{number}"  # Jupyter's are random: two builds would differ
    notebook.metadata.pop("minutes", None)
    target = Path(app.outdir) / "_sources" / f"{page}.ipynb"
    target.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(notebook, target)
    context["ipynb_source"] = f"{page}.ipynb"


def finish(app: Sphinx) -> None:
    """Mend the written pages, and leave out what no page needs."""
    site = Path(app.outdir)
    for page in site.rglob("*.html"):
        written = page.read_text("utf-8")
        mended = functools.reduce(lambda text, mend: mend[0].sub(mend[1], text), MENDS, written)
        if mended != written:
            times = page.stat()
            page.write_text(mended, "utf-8")
            os.utime(page, ns=(times.st_atime_ns, times.st_mtime_ns))
    for spare in ("scripts/fontawesome.js", "**/*.map", "*-macros.html"):
        for file in (site / "_static").glob(spare):
            file.unlink()
