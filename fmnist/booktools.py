"""Run Jupyter Book strictly, and look at what came out."""

import os
import re
import subprocess
import sys
from pathlib import Path

from fmnist.exercises.catalog import PHASES, ROOT

FINISHED = "finished.txt"  # written by fmnist.sphinxext at the end of a build that succeeded

# Its package cannot be run with -m, and its script may stand in another environment's path.
JUPYTER_BOOK = "from jupyter_book.cli.main import main; main()"


# What TensorFlow and Jupyter's kernels say of themselves whenever they start.
NOISE = re.compile(
    r"[IW]0000 00:00|WARNING: All log messages before absl|To enable the following instructions"
    r"|This TensorFlow binary is optimized|\[IPKernelApp\] WARNING \| Kernel is running over TCP"
)


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
    if _run(command, environment):
        raise BuildError("The book was not built; the first error or warning above says why.")
    pages = [site / f"{page}.html" for page in ("index", *PHASES)]
    missing = [str(page) for page in pages if not page.is_file()]
    if missing or not (site.parent / FINISHED).is_file():
        raise BuildError(f"Jupyter Book reported success, but made no {missing or site}.")
    return site


def _run(command: list[str], environment: dict[str, str]) -> int:
    """Run a command, show what it prints but the noise, and return its exit status."""
    with subprocess.Popen(  # noqa: S603 (our own command)
        command,
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    ) as process:
        for line in process.stdout:
            if not NOISE.match(line):
                print(line, end="", flush=True)
    return process.returncode
