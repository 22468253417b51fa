"""Build the book: the data first, then Jupyter Book, then a look at what came out."""

import os
import subprocess
import sys
from pathlib import Path

from fmnist.exercises.catalog import PHASES, ROOT

FINISHED = "finished.txt"  # written by fmnist.sphinxext at the end of a build that succeeded

# Its package cannot be run with -m, and its script may stand in another environment's path.
JUPYTER_BOOK = "from jupyter_book.cli.main import main; main()"


class BuildError(Exception):
    """The book was not built; the message says what to look at."""


def build(*, smoke: bool) -> Path:
    """Build the site and return its folder. Any warning or failing cell fails the build.

    Args:
        smoke: whether to work with a small stratified part of the images.

    Raises:
        BuildError: Jupyter Book failed, or a page is missing.
    """
    target = ROOT / "_build" / "smoke" if smoke else ROOT
    command = [sys.executable, "-c", JUPYTER_BOOK, "build", "book", "-W", "-n", "--keep-going"]
    if smoke:
        command += ["--path-output", str(target)]
    site = target / "_build" / "html"
    (site.parent / FINISHED).unlink(missing_ok=True)
    environment = os.environ | {"FMNIST_TIER": "smoke" if smoke else "full"}
    done = subprocess.run(command, cwd=ROOT, env=environment, check=False)  # noqa: S603
    if done.returncode:
        raise BuildError("The book was not built; the first error or warning above says why.")
    pages = [site / f"{page}.html" for page in ("index", *PHASES)]
    missing = [str(page) for page in pages if not page.is_file()]
    if missing or not (site.parent / FINISHED).is_file():
        raise BuildError(f"Jupyter Book reported success, but made no {missing or site}.")
    return site
