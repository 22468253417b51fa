"""What several tests need: a cache of their own, the real images, and machines' abilities."""

import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest

import needs
from fmnist import course
from fmnist.course import ROOT
from fmnist.data import fetch
from fmnist.exercises import workspace
from fmnist.grading.sandbox.isolation import LEVELS, NoSandbox
from fmnist.grading.sandbox.selftest import proved, strongest

# Time limits of single examples would fail by what else the machine does.
hypothesis.settings.register_profile("course", deadline=None)
hypothesis.settings.load_profile("course")


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Do not even import a file that loads Keras where no test with Keras is asked for."""
    asked = "not keras" not in config.option.markexpr
    if asked or collection_path.suffix != ".py":
        return None
    return needs.loads_keras(collection_path) or None  # False would overrule --ignore


@pytest.hookimpl(wrapper=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> Iterator[None]:
    """Mark each test with what it needs, and begin with the files that may take longest.

    The tests of a file run in one process, since they share what they prepare; what is begun last
    should be short, or all wait for it.
    """
    for item in items:
        for name in sorted(needs.of(item)):
            item.add_marker(name)
    yield  # now those that nobody asked for are gone
    files: dict[Path, list[pytest.Item]] = {}
    for item in items:
        files.setdefault(item.path, []).append(item)
    order = {file: needs.length(inside) for file, inside in files.items()}
    items.sort(key=lambda item: -order[item.path])


@pytest.fixture(scope="session", autouse=True)
def _own_cache(tmp_path_factory):
    """A cache for the tests alone, in which images and runs of the user's cache appear.

    A run is found by a key of all that decides it, so one that a build has kept will do.
    """
    images = fetch.fetch()
    cache = tmp_path_factory.mktemp("cache")
    (cache / "data").symlink_to(images)
    if (course.cache() / "runs").is_dir():
        # A name with a dot is of a training that goes on: it can vanish while it is copied.
        unfinished = shutil.ignore_patterns(".*")
        shutil.copytree(course.cache() / "runs", cache / "runs", ignore=unfinished)
    os.environ.pop("PYTEST_ADDOPTS", None)  # meant for these tests, not for those that they start
    before = os.environ.get("FMNIST_CACHE")
    os.environ["FMNIST_CACHE"] = str(cache)
    os.environ["FMNIST_TEST_IMAGES"] = str(images)
    yield
    if before is None:
        del os.environ["FMNIST_CACHE"]
    else:
        os.environ["FMNIST_CACHE"] = before


@pytest.fixture
def empty_cache(tmp_path, monkeypatch):
    """The folder of a cache in which there is nothing."""
    monkeypatch.setenv("FMNIST_CACHE", str(tmp_path / "cache"))
    monkeypatch.delenv("FMNIST_DATA", raising=False)
    return course.cache()


@pytest.fixture
def empty_cache_with_images(empty_cache):
    """The folder of a cache in which there are the images and nothing else."""
    images = Path(os.environ["FMNIST_TEST_IMAGES"])
    empty_cache.mkdir()
    (empty_cache / "data").symlink_to(images)
    return empty_cache


@pytest.fixture
def smoke_tier(monkeypatch):
    """A small stratified subset of the images, as in a smoke build."""
    monkeypatch.setenv("FMNIST_TIER", "smoke")


@pytest.fixture
def student(tmp_path, monkeypatch):
    """A student's folder as it comes, in which the test stands."""
    folder = tmp_path / "mine"
    list(workspace.start(folder))
    monkeypatch.chdir(folder)
    return workspace.Workspace(folder)


def lacking(message: str) -> None:
    """Skip a test for want of a program; in continuous integration that is a failure."""
    if os.environ.get("CI") == "true":
        pytest.fail(message)
    pytest.skip(message)


@pytest.fixture(scope="session")
def sandbox():
    """The isolation level A, shown to hold."""
    try:
        return strongest(least="A")
    except NoSandbox as error:
        return lacking(str(error))


@pytest.fixture(scope="session")
def openssl() -> str:
    """The path of a program that makes certificates."""
    return shutil.which("openssl") or lacking("This test needs openssl. Type: apt install openssl")


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of a browser."""
    found = shutil.which("chromium") or shutil.which("google-chrome")
    return found or lacking("These tests need Chromium. Type: apt install chromium")


@pytest.fixture(scope="session")
def fuzzer() -> None:
    """That the search for inputs can be guided by branches."""
    if importlib.util.find_spec("atheris") is None:
        lacking(
            "These tests need atheris, which has wheels for Linux on x86-64. There, type: make "
            "setup. Elsewhere it is built with clang; type: .venv/bin/pip install 'atheris<3.1'"
        )


@pytest.fixture(scope="module")
def browser(chromium):
    """A headless browser."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(
            executable_path=chromium,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        yield started
        started.close()


@pytest.fixture(scope="module")
def barriers(tmp_path_factory):
    """Say what on an open page shuts out readers with a disability, as axe-core finds it."""
    from fmnist.book.sphinxext import frontend

    try:
        packages = frontend.fetch(tmp_path_factory.mktemp("npm"))
        axe = (packages / "axe-core" / "axe.min.js").read_text("utf-8")
    except frontend.FrontendError as error:
        return lacking(str(error))

    def found(page) -> list[str]:
        page.evaluate(axe)
        # What is in order stays in the browser: to bring it here would take longer than to find it.
        violations = page.evaluate(
            "axe.run(document, {resultTypes: ['violations']}).then(found => found.violations)"
        )
        return [f"{one['id']}: {one['nodes'][0]['html'][:200]}" for one in violations]

    return found


@pytest.fixture(scope="module", name="level", params=["A", "B"])
def _level(request):
    """A level of isolation that holds; B also where A does not."""
    try:
        return strongest(least="A") if request.param == "A" else proved(LEVELS[request.param])
    except NoSandbox as error:
        return lacking(str(error)) if request.param == "A" else pytest.skip(str(error))


@pytest.fixture(scope="session")
def fmnist():
    """Run a command of the course and return what became of it."""

    def run(*args: str | Path, **environment: str) -> subprocess.CompletedProcess:
        return subprocess.run(
            [sys.executable, "-m", "fmnist", *(str(arg) for arg in args)],
            capture_output=True,
            text=True,
            cwd=ROOT,
            env=os.environ | environment,
            timeout=900,
            check=False,
        )

    return run
