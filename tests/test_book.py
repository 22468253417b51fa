"""The book: its sources hold together, and its pages work in a real browser without a network."""

import functools
import http.server
import os
import re
import subprocess
import sys
import threading

import plotly.graph_objects as go
import pytest
import yaml
from playwright.sync_api import sync_playwright

from fmnist import sphinxext
from fmnist.exercises.catalog import PHASES, ROOT, load
from fmnist.sphinxext.figures import BookRenderer

BOOK = ROOT / "book"
PAGES = ("index", *PHASES)


def test_the_contents_are_the_six_phases():
    """The table of contents names the chapters in the order in which their code runs."""
    contents = yaml.safe_load((BOOK / "_toc.yml").read_text("utf-8"))
    chapters = [chapter["file"] for chapter in contents["chapters"]]
    assert chapters == list(PHASES) == sorted(PHASES)
    assert {path.stem for path in BOOK.glob("*.md")} == {*chapters, contents["root"]}


@pytest.mark.parametrize("exercise", load(), ids=lambda exercise: exercise.name)
def test_an_exercise_is_shown_in_its_chapter_and_points_back(exercise):
    """Stub and solution stand in the chapter, and the section to read exists there."""
    text = (BOOK / f"{exercise.phase}.md").read_text("utf-8")
    for folder in ("exercises", "solutions"):
        assert (
            text.count(f"{{literalinclude}} ../{folder}/{exercise.phase}/{exercise.name}.py") == 1
        )
    assert f"({exercise.read})=" in text


def test_a_figure_without_alternative_text_is_refused():
    """What cannot be read aloud is not shown."""
    with pytest.raises(ValueError, match="no alternative text"):
        BookRenderer().to_mimebundle(go.Figure().to_dict())


def test_a_figure_cannot_close_its_own_script():
    """Text in a figure stays text."""
    figure = go.Figure(layout={"meta": {"alt": "<b>"}, "title": {"text": "</script><b>"}})
    page = BookRenderer().to_mimebundle(figure.to_dict())["text/html"]
    assert page.count("</script>") == 1
    assert 'aria-label="&lt;b&gt;"' in page


def test_the_execution_key_follows_package_and_tier(monkeypatch, tmp_path):
    """A change in the package runs the chapters again; the same package does not."""
    (tmp_path / "module.py").write_text("x = 1\n")
    monkeypatch.setattr(sphinxext, "PACKAGE", tmp_path)
    keys = [sphinxext.execution_key(), sphinxext.execution_key()]
    (tmp_path / "module.py").write_text("x = 2\n")
    keys.append(sphinxext.execution_key())
    monkeypatch.setenv("FMNIST_TIER", "smoke")
    keys.append(sphinxext.execution_key())
    assert keys[0] == keys[1]
    assert len(set(keys)) == 3


# --- the built site ---


@pytest.fixture(scope="module", name="site")
def _site(fmnist):
    """The folder of a strict smoke build."""
    done = fmnist("book", "--tier", "smoke")
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    return ROOT / "_build" / "smoke" / "_build" / "html"


def test_every_phase_ran_and_glued_its_numbers(site):
    """Each chapter has outputs, and numbers in its prose come from a result."""
    for phase in PHASES:
        assert 'class="cell_output' in (site / f"{phase}.html").read_text("utf-8")
    page = (site / "phase5_evaluate.html").read_text("utf-8")
    assert re.search(
        r"pasted-text[^<]*\d\d\.\d % \(95 % interval .*n = 1,000, 1 seed, test\)", page
    )


def test_a_smoke_build_says_so(site):
    """No page of a smoke build passes for a real one."""
    for page in PAGES:
        assert "Smoke build" in (site / f"{page}.html").read_text("utf-8")


@pytest.fixture(scope="module", name="address")
def _address(site):
    """Where a server on loopback shows the site."""
    handler = functools.partial(_Quiet, directory=str(site))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


class _Quiet(http.server.SimpleHTTPRequestHandler):
    """Serves a folder and logs nothing."""

    def log_message(self, *_):
        """Log nothing."""


@pytest.fixture(scope="module", name="browser")
def _browser(chromium):
    """A headless browser."""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(
            executable_path=chromium,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        yield started
        started.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", PAGES)
def test_a_page_works_by_itself(browser, address, name, scheme):
    """It loads without a console message, asks no other host, and draws every figure."""
    page = browser.new_page(color_scheme=scheme)
    complaints, outside = [], []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on(
        "console",
        lambda message: (
            complaints.append(message.text) if message.type in ("error", "warning") else None
        ),
    )
    page.on(
        "response",
        lambda response: complaints.append(response.url) if response.status >= 400 else None,
    )
    page.on(
        "request",
        lambda request: (
            None
            if request.url.startswith((address, "data:", "blob:"))
            else outside.append(request.url)
        ),
    )
    page.goto(f"{address}/{name}.html")
    for figure in page.locator(".live-figure").all():
        figure.scroll_into_view_if_needed()
        figure.locator("svg.main-svg").first.wait_for(timeout=30_000)
        box = figure.locator("..").evaluate("box => getComputedStyle(box).backgroundColor")
        assert box == "rgba(0, 0, 0, 0)"  # the theme's own would hide light text on dark pages
    page.wait_for_load_state("networkidle")
    images = page.evaluate(
        "[...document.querySelectorAll('.cell_output img')].map(i => [i.naturalWidth, i.alt])"
    )
    page.close()
    assert (complaints, outside) == ([], [])
    assert all(width > 0 and len(alt) > 20 and "/" not in alt for width, alt in images)


def test_figures_of_both_kinds_are_there(site):
    """One still picture and at least one live figure are in the book."""
    pages = {page: (site / f"{page}.html").read_text("utf-8") for page in PAGES}
    assert '<img alt="A grid' in pages["phase1_explore"]
    assert pages["phase5_evaluate"].count('class="live-figure"') == 1


def test_a_page_works_from_the_file_system(browser, site):
    """A reader without any server sees the live figures too."""
    page = browser.new_page()
    page.goto((site / "phase5_evaluate.html").as_uri())
    figure = page.locator(".live-figure")
    figure.scroll_into_view_if_needed()
    figure.locator("svg.main-svg").first.wait_for(timeout=30_000)
    page.close()


# --- what must fail ---


@pytest.mark.parametrize(
    ("cell", "message"),
    [
        pytest.param("1 / 0", "ZeroDivisionError", id="a failing cell"),
        pytest.param(
            "from fmnist import seal\nseal.open_test('a look', run='0')",
            "Sealed",
            id="the test set",
        ),
    ],
)
def test_a_chapter_that_must_not_pass_fails_the_build(tmp_path, cell, message):
    """A raising cell, or the test set opened in phase 1, ends the build with the reason."""
    book = tmp_path / "book"
    book.mkdir()
    (book / "_toc.yml").write_text("format: jb-book\nroot: phase1_explore\n")
    front = "---\nfile_format: mystnb\nkernelspec: {name: python3, display_name: Python 3}\n---\n"
    (book / "phase1_explore.md").write_text(
        f"{front}# One\n\n```{{code-cell}} ipython3\n{cell}\n```\n"
    )
    settings = (ROOT / "_config.yml").read_text("utf-8")
    settings = settings.replace("bibtex_bibfiles: [references.bib]", "")
    settings = settings.replace("fmnist.sphinxext: .", f"fmnist.sphinxext: {ROOT}")
    settings = settings.replace("html_favicon: favicon.svg", "")
    (tmp_path / "_config.yml").write_text(settings)
    program = "from jupyter_book.cli.main import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", program, "build", "book", "-W", "-n", "--keep-going"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        env=os.environ | {"FMNIST_TIER": "smoke"},
        check=False,
    )
    assert done.returncode != 0
    assert message in done.stdout + done.stderr
    assert "phase1_explore" in done.stdout + done.stderr
