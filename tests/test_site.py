"""The site of a strict smoke build: its numbers, links and pages, in a real browser."""

import functools
import http.server
import json
import re
import threading
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from bs4 import BeautifulSoup

from fmnist.book import build
from fmnist.book.sphinxext import chapter_text, claim_marks
from fmnist.course import PHASES, ROOT
from fmnist.evaluation import recipe_results
from fmnist.exercises.catalog import load
from fmnist.plots import live_figures

BOOK = ROOT / "book"
PAGES = tuple(name.removesuffix(".html") for name in build.pages())
# Pages of the API are made alike from docstrings.
ALIKE = [page for page in PAGES if page.startswith("api/")][1:]
LOOKED_AT = [
    *((page, "light", 1280) for page in PAGES if page not in ALIKE),
    *((page, "dark", 390) for page in ("index", *PHASES)),
    *(
        pytest.param(page, *kind, marks=pytest.mark.slow)
        for page, kind in [
            *((page, ("light", 1280)) for page in ALIKE),
            *((page, ("dark", 1280)) for page in ("index", *PHASES)),
            *((page, ("light", 390)) for page in ("index", *PHASES)),
        ]
    ),
]


@pytest.fixture(scope="module", name="site")
def _site(fmnist):
    """The folder of a strict smoke build."""
    done = fmnist("book", "--tier", "smoke")
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    return ROOT / "_build" / "smoke" / "_build" / "html"


@functools.cache
def parsed(page: Path) -> BeautifulSoup:
    """Return the elements of a page; tests only look at them."""
    return BeautifulSoup(page.read_text("utf-8"), "html.parser")


def test_every_phase_ran_and_glued_its_numbers(site):
    """Each chapter has outputs, and numbers in its prose come from a result."""
    for phase in PHASES:
        assert 'class="cell_output' in (site / f"{phase}.html").read_text("utf-8")
    page = (site / "phase5_evaluate.html").read_text("utf-8")
    assert re.search(r"pasted-text[^<]*\d\d\.\d % \(95 % interval .*n = 1,000, .*, test\)", page)


def test_the_bundle_draws_the_kinds_of_figures_that_chapters_may_show(site):
    """Neither more nor fewer: what a page could not draw is refused where it is made."""
    bundle = (site / "_static" / "plotly.min.js").read_text("utf-8")
    assert set(re.findall(r'moduleType:"trace",name:"(\w+)"', bundle)) == live_figures.KINDS


def test_every_phase_says_how_long_its_text_and_its_exercises_take(site):
    """The minutes of the text are those that it states, those of exercises the catalogue's."""
    for phase in PHASES:
        minutes = chapter_text.front_matter((BOOK / f"{phase}.md").read_text("utf-8"))["minutes"]
        exercises = [one for one in load() if one.phase == phase]
        page = parsed(site / f"{phase}.html")
        told = page.select_one(".chapter-time").text.strip()
        assert told.startswith(f"About {minutes['read']} minutes to read, {minutes['run']} minute")
        practise = sum(one.minutes for one in exercises)
        assert told.endswith(f", {practise} minutes for {len(exercises)} exercises.")


def test_both_sentences_of_a_claim_can_be_read(site):
    """The one that was chosen stands on its page; both are whole sentences, numbers put in."""
    listed = json.loads((site.parent / claim_marks.LIST).read_text("utf-8"))
    pairs = [
        (one["chapter"], one["outcome"]["sentence"], one["outcome"]["other"])
        for one in listed
        if one["outcome"]["sentence"]
    ]
    assert len(pairs) >= 4
    for chapter, chosen, other in pairs:
        text = " ".join(parsed(site / f"{chapter}.html").select_one("article").text.split())
        assert chosen in text
        assert other not in text
        for sentence in (chosen, other):
            assert re.fullmatch(r"[A-Z][^{}]+\.", sentence)
            assert not re.search(r"\bnan\b|[-\N{MINUS SIGN}]0\.0\b|\b1 \w+s\b", sentence)


def test_no_library_speaks_on_a_page(site):
    """What cells print is what the chapter says."""
    for phase in PHASES:
        page = parsed(site / f"{phase}.html")
        printed = "\n".join(output.get_text() for output in page.select(".cell_output"))
        assert not re.findall("WARNING:.*|.*Warning:.*", printed), phase


def test_a_smoke_build_says_so(site):
    """No page of a smoke build passes for a real one."""
    for page in PAGES:
        assert "Smoke build" in (site / f"{page}.html").read_text("utf-8")


def test_every_link_within_the_site_leads_somewhere(site):
    """Files exist, and so do the places in them."""
    pages = {path: parsed(path) for path in site.rglob("*.html")}
    places = {path: {tag["id"] for tag in page.find_all(id=True)} for path, page in pages.items()}
    lost = []
    for path, page in pages.items():
        for tag in page.find_all(["a", "link", "script", "img"]):
            address = urlsplit(tag.get("href") or tag.get("src") or "")
            if address.scheme or address.netloc:
                continue
            target = (path.parent / unquote(address.path)).resolve() if address.path else path
            inside = address.fragment and target in places
            if not target.exists() or (inside and address.fragment not in places[target]):
                lost.append(f"{path.name}: {address.geturl()}")
    assert lost == []


def test_pages_load_nothing_from_another_host(site):
    """Links may lead elsewhere; scripts, styles and pictures may not."""
    for path in site.rglob("*.html"):
        for tag in parsed(path).find_all(["script", "img", "link", "iframe"]):
            address = tag.get("src") or tag.get("href") or ""
            assert not urlsplit(address).netloc, f"{path.name}: {address}"


def public_lines() -> set[str]:
    """Return all lines that a site may show without showing a solution."""
    files = [*BOOK.rglob("*.md"), *(ROOT / "exercises").rglob("*"), *(ROOT / "fmnist").rglob("*")]
    texts = [file.read_text("utf-8") for file in files if file.suffix in (".md", ".py", ".toml")]
    return {line.strip() for text in texts for line in text.splitlines()}


def solution_lines(exercise, public: set[str]) -> set[str]:
    """Return the lines of a reference that stand nowhere else."""
    answer = {line.strip() for line in exercise.reference.read_text("utf-8").splitlines()}
    return {line for line in answer - public if len(line) >= 20}


def shown_text(folder: Path) -> str:
    """Return all text of a site, of pages as a reader sees it, in one line."""
    parts = []
    for path in sorted(folder.rglob("*")):
        if path.suffix == ".html":
            parts.append(parsed(path).get_text())
        elif path.suffix in (".md", ".js", ".ipynb", ".py"):
            parts.append(path.read_text("utf-8").replace('\\"', '"'))
    return " ".join(" ".join(parts).split())


def test_solutions_are_shown_or_nowhere(site, fmnist):
    """Every line of a reference is in the full site, and none in the one for students."""
    done = fmnist("book", "--tier", "smoke", "--no-solutions")
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    assert not re.search(r": ran in \d+ s$", done.stdout, re.M), "chapters ran again"
    full = shown_text(site)
    without = shown_text(ROOT / "_build" / "smoke-no-solutions" / "_build" / "html")
    public = public_lines()
    silent = set()  # a short answer may have no line of its own
    for exercise in load():
        lines = {" ".join(line.split()) for line in solution_lines(exercise, public)}
        if not lines:
            silent.add(exercise.name)
        assert {line for line in lines if line not in full} == set(), exercise.name
        assert {line for line in lines if line in without} == set(), exercise.name
    assert len(silent) < len(load()) / 10, silent


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


def draw_all(page) -> None:
    """Bring every live figure of a page into view, and wait until it is drawn."""
    for figure in page.locator(".live-figure").all():
        figure.scroll_into_view_if_needed()
        figure.locator("svg.main-svg").first.wait_for(timeout=30_000)


@pytest.mark.parametrize(("name", "scheme", "width"), LOOKED_AT)
def test_a_page_works_by_itself(browser, address, barriers, name, scheme, width):
    """No console message, no other host, every figure drawn, nothing cut off, open to everyone."""
    page = browser.new_page(color_scheme=scheme, viewport={"width": width, "height": 900})
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
    draw_all(page)
    page.wait_for_load_state("networkidle")
    images = page.evaluate(
        "[...document.querySelectorAll('.cell_output img')].map(i => [i.naturalWidth, i.alt])"
    )
    wide = page.evaluate("document.documentElement.scrollWidth > innerWidth + 1")
    found = barriers(page)
    page.close()
    assert (complaints, outside) == ([], [])
    assert not wide
    assert all(pixels > 0 and len(alt) > 20 for pixels, alt in images)
    assert found == []


def test_live_figures_follow_the_theme_and_keep_what_a_reader_chose(browser, address):
    """Colours change with the page; a series that was hidden stays hidden."""
    page = browser.new_page(color_scheme="light")
    page.goto(f"{address}/phase4_train.html")
    draw_all(page)
    colour = "document.querySelector('.live-figure-plot').layout.font.color"
    hidden = "document.querySelector('.live-figure-plot').data[0].visible"
    light = page.evaluate(colour)
    page.evaluate(
        "Plotly.restyle(document.querySelector('.live-figure-plot'), {visible: 'legendonly'}, 0)"
    )
    page.evaluate("document.documentElement.dataset.theme = 'dark'")
    page.wait_for_function(f"{colour} !== '{light}'")
    assert page.evaluate(hidden) == "legendonly"
    page.close()


def test_a_page_works_from_the_file_system_and_on_paper(browser, site):
    """A reader without any server sees the live figures too, and so does one who prints."""
    page = browser.new_page()
    page.goto((site / "phase5_evaluate.html").as_uri())
    page.wait_for_function("window.Plotly")
    figures = page.locator(".live-figure").count()
    assert figures
    page.pdf()
    page.wait_for_function(
        f"document.querySelectorAll('.live-figure svg.main-svg:first-child').length >= {figures}"
    )
    page.close()


def test_the_status_page_tells_what_the_site_is_made_of(site):
    """Chapters, networks, openings of the test set in phases 5 and 6 only, sums and versions."""
    page = parsed(site / "status.html")
    tables = [
        [[cell.get_text(strip=True) for cell in row.select("th, td")] for row in table.select("tr")]
        for table in page.select("article table")
    ]
    times, stated, networks, experiments, openings, images, versions = tables
    titles = [row[0] for row in times[1:-1]]
    assert [title for title in titles if title.startswith("Phase")] == sorted(
        title for title in titles if title.startswith("Phase")
    )
    assert len([title for title in titles if title.startswith("Phase")]) == len(PHASES)
    assert len(stated) - 1 == len(json.loads((site.parent / claim_marks.LIST).read_text("utf-8")))
    assert len(networks) > 20
    assert networks[-1][0].startswith("All ")
    assert [row[0] for row in experiments[1:]] == list(recipe_results.ALL)
    assert {row[0].partition("_")[0] for row in openings[1:]} == {"phase5", "phase6"}
    assert len(images) == 5
    assert ["Tier", "smoke: a small part of the images"] in versions
