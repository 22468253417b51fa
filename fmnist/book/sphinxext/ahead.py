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

from myst_nb.core.execute import create_client
from myst_nb.core.read import create_nb_reader
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util import logging as sphinx_logging

from fmnist import executors
from fmnist.book.sphinxext import chapters

logger = sphinx_logging.getLogger(__name__)

AT_ONCE = 4  # a kernel with TensorFlow takes about a gibibyte


def run(app: Sphinx, env: BuildEnvironment, docnames: list[str]) -> None:
    """Run those of the chapters to be read that have no outputs yet.

    Each is announced and its time told in the words of myst_nb, which `build` understands.
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


class _Quiet(logging.LoggerAdapter):
    """Takes what myst_nb says besides the message, and says nothing."""

    def process(self, msg: Any, kwargs: Any) -> tuple[Any, Any]:
        """Drop what a plain logger does not know."""
        kwargs.clear()
        return msg, kwargs


def _run(app: Sphinx, env: BuildEnvironment, docname: str) -> None:
    """Run one chapter, and end the process with 0 if no cell failed."""
    succeeded = False
    try:
        succeeded = _executed(app, env, docname)
    finally:
        # Nothing of the build's own may end with this process, nor keep it from ending.
        os._exit(0 if succeeded else 1)


def _executed(app: Sphinx, env: BuildEnvironment, docname: str) -> bool:
    path = Path(env.doc2path(docname))
    text = [path.read_text("utf-8")]
    chapters.prepare(app, docname, text)  # chooses its cache
    unheard = logging.getLogger("fmnist.ahead")
    unheard.propagate = False
    config, markdown = vars(env)["mystnb_config"], vars(env)["myst_config"]
    reader = create_nb_reader(str(path), markdown, config, text[0])
    assert reader is not None  # noqa: S101 (a page without code is not run ahead)
    notebook = reader.read(text[0])
    with contextlib.suppress(Exception):  # the reading reports what is wrong with it
        config = config.copy(**notebook.metadata.get(config.metadata_key, {}))
    with create_client(notebook, str(path), config, _Quiet(unheard), reader.read_fmt) as client:
        succeeded = bool(client.exec_metadata and client.exec_metadata["succeeded"])
    if succeeded:
        (Path(config.execution_cache_path) / chapters.WHOLE).touch()
    return succeeded
