"""Chapters while they are read: which must run again, what went wrong, how long each takes."""

import functools
import json
import os
import re
import shutil
from pathlib import Path
from typing import cast

import click
import nbformat
from docutils import nodes
from jupyter_cache import get_cache
from myst_nb.sphinx_ import NbMetadataCollector, SphinxEnvType
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util import logging

from fmnist.book.sphinxext import chapter_text, page_keys, phase_cards
from fmnist.exercises import catalog
from fmnist.tools import wording

logger = logging.getLogger(__name__)

KEY = "fmnist_key"  # in what Sphinx knows of a page until it is read again
WHOLE = "whole"  # in a chapter's cache: nothing was interrupted while it was written
KEPT = 4  # caches of one chapter
PLACE = re.compile(r"Cell In\[(?P<cell>\d+)\], line (?P<line>\d+)")
PREVIEW = re.compile(r"^-{10,}\n(?P<code>.*?)\n-{10,}$", re.MULTILINE | re.DOTALL)


def prepare(app: Sphinx, docname: str, source: list[str]) -> None:
    """Before a chapter is read, and thus run: choose its cache.

    The cache is one folder for each chapter and key, so that outputs of another package, other
    data or versions are never taken. Smoke builds and builds without solutions share it.
    """
    os.environ["FMNIST_CHAPTER"] = docname  # the kernel inherits it, and the seal asks for it
    if not (key := _key(source[0])):
        return
    env = cast(SphinxEnvType, app.env)
    env.metadata[docname][KEY] = key
    folder = _folder(app, docname, key)
    if not (folder / WHOLE).exists():
        shutil.rmtree(folder, ignore_errors=True)
    (folder / WHOLE).unlink(missing_ok=True)
    env.mystnb_config = env.mystnb_config.copy(execution_cache_path=str(folder))


def must_run(app: Sphinx, env: BuildEnvironment, docname: str) -> bool:
    """Tell whether a chapter has code and no whole outputs for its present key."""
    key = _key(Path(env.doc2path(docname)).read_text("utf-8"))
    return bool(key) and not (_folder(app, docname, key) / WHOLE).exists()


def outdated(app: Sphinx, env: BuildEnvironment, *_: set[str]) -> list[str]:
    """Return the chapters that must be read again though their text is the same.

    Also those whose outputs are gone: what is kept of a page has no claims without them.
    """
    return [
        docname
        for docname, known in _known(env).items()
        if (file := Path(env.doc2path(docname))).exists()
        and (_key(file.read_text("utf-8")) != known or must_run(app, env, docname))
    ]


def look_over(app: Sphinx, doctree: nodes.document) -> None:
    """After a chapter was read: report what failed in it, and put the time at its head."""
    env = cast(SphinxEnvType, app.env)
    docname = env.docname
    run = NbMetadataCollector.get_exec_data(env, docname)  # of a page without code there is none
    minutes = minutes_of(env, docname)
    if run and run["traceback"]:
        text = Path(env.doc2path(docname)).read_text("utf-8")
        line, reason = failure(text, run["traceback"])
        _, _, shown = click.unstyle(run["traceback"]).partition("executing the following cell:\n")
        logger.warning("cell failed: %s\n%s", reason, shown.strip(), location=(docname, line))
    elif run:
        (Path(env.mystnb_config.execution_cache_path) / WHOLE).touch()
    _require_alternative_texts(doctree)
    if minutes:
        env.note_dependency(str(catalog.CATALOG))
        exercises = [exercise for exercise in catalog.load() if exercise.phase == docname]
        doctree.next_node(nodes.title).parent.insert(1, _head(minutes, exercises))


def minutes_of(env: BuildEnvironment, docname: str) -> dict[str, float]:
    """Return the minutes that a chapter states in its front matter: read and run."""
    return json.loads(env.metadata[docname].get("minutes") or "{}")


def notebook(app: Sphinx, docname: str) -> nbformat.NotebookNode | None:
    """Return a chapter with its outputs; None if a cell failed, or if it has no code cells."""
    text = Path(app.outdir).parent / "jupyter_execute" / f"{docname}.ipynb"
    folder = cache_of(app, docname)
    if folder is None or not text.exists():
        return None
    try:
        # What lies there has outputs only if the chapter ran in this build.
        return get_cache(folder).merge_match_into_notebook(nbformat.read(text, as_version=4))[1]
    except KeyError:  # a cell failed
        return None


def cache_of(app: Sphinx, docname: str) -> Path | None:
    """Return the folder with a chapter's outputs; None for a page without code cells."""
    key = key_of(app.env, docname)
    return _folder(app, docname, key) if key else None


def key_of(env: BuildEnvironment, docname: str) -> str | None:
    """Return the key of a chapter, see `page_keys.key`; None for a page without code cells."""
    return env.metadata.get(docname, {}).get(KEY)


def failure(text: str, traceback: str) -> tuple[int, str]:
    """Return the line of a chapter at which a cell failed, and why.

    Args:
        text: of the chapter.
        traceback: as Jupyter gives it, of an exception or of a cell that took too long.
    """
    plain = click.unstyle(traceback)
    cells = [cell for cell in chapter_text.cells(text) if cell.source.strip()]
    timed_out = re.search(r"A cell timed out.*[^.]", plain)
    reason = timed_out[0] if timed_out else plain.strip().splitlines()[-1]
    place, preview = PLACE.search(plain), PREVIEW.search(plain)
    if place and int(place["cell"]) <= len(cells):
        line = cells[int(place["cell"]) - 1].line + int(place["line"]) - 1
        if reason.endswith(":"):  # an assertion without words
            reason = f"{reason} {text.splitlines()[line - 1].strip()}"
        return line, reason
    first = preview["code"].strip().partition("\n")[0] if preview else None
    lines = [cell.line for cell in cells if cell.source.strip().partition("\n")[0] == first]
    return (lines or [1])[0], reason


def drop_old_caches(app: Sphinx) -> None:
    """Keep each chapter's caches used last, as many as tiers and a change of mind need."""
    for docname, key in _known(app.env).items():
        if (used := _folder(app, docname, key)).exists():
            os.utime(used)
        pattern = _folder(app, docname, "[0-9a-f]" * 16)
        folders = pattern.parent.glob(pattern.name)
        for folder in sorted(folders, key=lambda each: each.stat().st_mtime)[:-KEPT]:
            shutil.rmtree(folder, ignore_errors=True)


def _require_alternative_texts(doctree: nodes.document) -> None:
    """Report pictures that code makes and nothing describes: the file's name would be read out."""
    for picture in doctree.findall(nodes.image):
        if not picture.get("alt", "").strip():
            placed: nodes.Node = picture
            while not placed.line and placed.parent:
                placed = placed.parent
            logger.warning(
                "picture without alternative text: set mystnb.image.alt in its code cell, or :alt:",
                location=placed,
            )


def _head(minutes: dict[str, float], exercises: list[catalog.Exercise]) -> nodes.container:
    """Return what a reader must plan: the text, its code, and apart from both the exercises."""
    parts = []
    for what in ("read", "run"):
        if what in minutes:
            parts.append(f"{phase_cards.in_minutes(minutes[what])} to {what}")
    if exercises:
        practise = phase_cards.in_minutes(sum(exercise.minutes for exercise in exercises))
        parts.append(f"{practise} for {wording.counted(len(exercises), 'exercise')}")
    head = nodes.container(classes=["chapter-time"])
    head += nodes.paragraph("", f"About {', '.join(parts)}.")
    return head


@functools.cache  # a build is one process
def _key(text: str) -> str:
    """Return the key of a text, empty if it has no code cell."""
    return page_keys.key(text) if chapter_text.cells(text) else ""


def _folder(app: Sphinx, docname: str, key: str) -> Path:
    return Path(app.srcdir).parent / "_build" / "executed" / f"{docname.replace('/', '-')}-{key}"


def _known(env: BuildEnvironment) -> dict[str, str]:
    """Return the keys under which chapters were read, by their names."""
    return {docname: facts[KEY] for docname, facts in env.metadata.items() if KEY in facts}
