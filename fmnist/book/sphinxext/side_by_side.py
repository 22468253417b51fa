"""Chapters that must run do so before Sphinx reads them one by one: several at once.

Each runs in a process forked from the build's, and leaves its outputs in its cache, where the
reading finds them. What fails here is left to the reading, which runs it again and reports. Where
a process cannot be forked, as on Windows, chapters run one after the other while they are read.
"""

import contextlib
import logging
import multiprocessing
import multiprocessing.connection
import os
import sys
import time
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from jupyter_cache import get_cache
from jupyter_cache.executors import load_executor
from myst_nb.sphinx_ import SphinxEnvType
from sphinx.application import Sphinx
from sphinx.util import logging as sphinx_logging

from fmnist.book.sphinxext import chapter_text, chapters
from fmnist.tools import executors

logger = sphinx_logging.getLogger(__name__)

READER = {"type": "plugin", "name": "myst_nb_md"}  # how a chapter becomes a notebook
AT_ONCE = 4  # a kernel with TensorFlow takes about a gibibyte


def run(app: Sphinx, env: SphinxEnvType, docnames: list[str]) -> None:
    """Run those of the chapters to be read that have no outputs yet.

    Each is announced and its time told in the words of myst_nb, which `jupyter_book` understands.
    """
    waiting = [name for name in docnames if chapters.must_run(app, env, name)]
    if len(waiting) < 2 or sys.platform == "win32":
        return
    fork = multiprocessing.get_context("fork")
    running: dict[Any, tuple[str, float, BaseProcess]] = {}  # by what tells that one has ended
    while waiting or running:
        while waiting and len(running) < min(AT_ONCE, executors.cores()):
            name = waiting.pop(0)
            process: BaseProcess = fork.Process(target=_run, args=(app, env, name))
            process.start()
            running[process.sentinel] = name, time.perf_counter(), process
            logger.info("%s: Executing notebook ahead", env.doc2path(name))
        for sentinel in multiprocessing.connection.wait(list(running)):
            name, started, ended = running.pop(sentinel)
            ended.join()
            seconds = time.perf_counter() - started
            if ended.exitcode == 0:
                logger.info("%s: Executed notebook in %.2f seconds", env.doc2path(name), seconds)


def _run(app: Sphinx, env: SphinxEnvType, docname: str) -> None:
    """Run one chapter, and end the process with 0 if no cell failed."""
    try:
        os._exit(0 if _executed(app, env, docname) else 1)
    finally:
        # Nothing of the build's own may end with this process, nor keep it from ending.
        os._exit(1)


def _executed(app: Sphinx, env: SphinxEnvType, docname: str) -> bool:
    path = Path(env.doc2path(docname))
    text = path.read_text("utf-8")
    chapters.prepare(app, docname, [text])  # chooses its cache
    config = env.mystnb_config
    with contextlib.suppress(Exception):  # the reading reports what is wrong with it
        config = config.copy(**chapter_text.front_matter(text).get(config.metadata_key, {}))
    unheard = logging.getLogger("fmnist.side_by_side")
    unheard.propagate = False
    cache = get_cache(config.execution_cache_path)
    notebook = cache.add_nb_to_project(str(path), read_data=READER)
    outcome = load_executor("local-serial", cache, unheard).run_and_cache(
        filter_pks=[notebook.pk],
        timeout=config.execution_timeout,
        allow_errors=config.execution_allow_errors,
    )
    if outcome.succeeded:
        (Path(config.execution_cache_path) / chapters.WHOLE).touch()
    return bool(outcome.succeeded)
