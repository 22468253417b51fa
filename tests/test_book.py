"""The book: it is built strictly, and no more often than it must be."""

import csv
import os
import re
import shutil
import subprocess
import sys
from dataclasses import fields
from pathlib import Path
from types import SimpleNamespace

import filelock
import pytest
import yaml
from bs4 import BeautifulSoup

from fmnist.book import build, jupyter_book
from fmnist.book.sphinxext import chapters, claim_marks, frontend, status_tables
from fmnist.course import PHASES, ROOT
from fmnist.evaluation import recipe_results
from fmnist.training import recipes
from fmnist.training.experiments import Experiment

BOOK = ROOT / "book"

# --- the sources hold together ---


def test_the_contents_name_every_page_and_the_phases_in_order():
    """Chapters stand in the order in which their code runs, and no page is left out."""
    contents = yaml.safe_load((BOOK / "_toc.yml").read_text("utf-8"))
    parts = {part["caption"]: part["chapters"] for part in contents["parts"]}
    assert [chapter["file"] for chapter in parts["Six phases"]] == list(PHASES) == sorted(PHASES)
    pages = {path.relative_to(BOOK).with_suffix(".html").as_posix() for path in BOOK.rglob("*.md")}
    assert set(build.pages()) == pages


def test_the_reference_has_every_module_that_chapters_may_import():
    """A new module of the numerical library appears in the reference, unless it is a tool."""
    rooms = ("data", "training", "evaluation", "analysis", "plots")
    tools = {
        *("data.download", "data.fetch", "data.sources", "training.arithmetic", "training.worker"),
        *("plots.live_figures", "plots.sheets", "plots.style"),
    }
    modules = {
        f"{room}.{path.stem}"
        for room in rooms
        for path in (ROOT / "fmnist" / room).glob("*.py")
        if path.stem != "__init__"
    }
    named = set()
    for page in (BOOK / "api").glob("*.md"):
        named |= set(re.findall(r"automodule:: fmnist\.([\w.]+)$", page.read_text("utf-8"), re.M))
    assert named == (modules - tools) | {
        *("book.literature", "exercises.expect", "tools.executors", "tools.wording")
    }


# --- a small book of its own ---

FRONT = (
    "---\nfile_format: mystnb\nkernelspec: {name: python3, display_name: Python 3}\n"
    "minutes: {read: 4, run: 1}\n---\n"
)
INDEX = "# Index\n\n{literature}`human_accuracy`, $a^2$\n\n```{bibliography}\n```\n"
SOLVED = "\n(place)=\n## A place\n\n```{graded-exercise} answer\n```\n"
CATALOG = """
[[objective]]
id = "do"
phase = "phase1_explore"
text = "do it"

[[exercise]]
name = "answer"
phase = "phase1_explore"
title = "Do it"
ladder = "free"
points = 1
minutes = 1
imports = []
seconds = 1
read = "place"
objectives = ["do"]
after = []
hints = ["a", "b", "c"]
"""


def cell(code: str) -> str:
    """Return a code cell."""
    return f"\n```{{code-cell}} ipython3\n{code}\n```\n"


class SmallBook:
    """A checkout with a copy of the package and a book of a few lines."""

    def __init__(self, root: Path, **pages: str):
        self.root = root
        shutil.copytree(
            ROOT / "fmnist", root / "fmnist", ignore=shutil.ignore_patterns("__pycache__")
        )
        (root / "book").mkdir()
        for folder, text in (("exercises", "raise"), ("solutions", "return 'zweiundvierzig'")):
            (root / folder / "phase1_explore").mkdir(parents=True)
            file = root / folder / "phase1_explore" / "answer.py"
            file.write_text(f"def answer():\n    {text}\n", "utf-8")
        (root / "exercises" / "exercises.toml").write_text(CATALOG, "utf-8")
        for name in ("favicon.svg", "references.bib", "literature.toml"):
            shutil.copy(BOOK / name, root / "book")
        for name in ("_config.yml", "package.json", "package-lock.json"):
            shutil.copy(ROOT / name, root)
        listed = "".join(f"  - file: {name}\n" for name in pages)
        (root / "book" / "_toc.yml").write_text(
            f"format: jb-book\nroot: index\nchapters:\n{listed}"
        )
        for name, text in {"index": INDEX, **pages}.items():
            self.page(name).write_text(text, "utf-8")

    def page(self, name: str) -> Path:
        """Return the source of a page."""
        return self.root / "book" / f"{name}.md"

    def build(
        self, *, solutions: bool = True, strict: bool = False, **environment: str
    ) -> subprocess.CompletedProcess:
        """Build it in the smoke tier; what went wrong, or is said of claims, is the last line."""
        options = f"smoke=True, solutions={solutions}, strict={strict}"
        program = (
            "from fmnist.book import build\n"
            f"try: print(build.build({options})[1])\n"
            "except build.BuildError as error: raise SystemExit(f'MISTAKE: {error}')\n"
        )
        return subprocess.run(
            [sys.executable, "-c", program],
            cwd=self.root,
            env=os.environ | {"PYTHONPATH": str(self.root)} | environment,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )

    def site(self, *, solutions: bool = True) -> Path:
        """Return the folder of its pages."""
        name = "smoke" if solutions else "smoke-no-solutions"
        return self.root / "_build" / name / "_build" / "html"


def executed(done: subprocess.CompletedProcess) -> set[str]:
    """Return the chapters that ran in a build."""
    assert done.returncode == 0, done.stdout + done.stderr
    return executed_in(done)


def executed_in(done: subprocess.CompletedProcess) -> set[str]:
    """Return the chapters that ran in a build, whatever came of it."""
    return set(re.findall(r"^(\w+): ran in \d+ s$", done.stdout, re.M))


@pytest.fixture(scope="module", name="small")
def _small(tmp_path_factory):
    """A small book with two chapters and a status page, built once."""
    book = SmallBook(
        tmp_path_factory.mktemp("small"),
        one=f"{FRONT}# One\n{cell('from fmnist.evaluation import results')}{cell('results.LEVEL')}",
        two=f"{FRONT}# Two\n{cell('from fmnist import course')}{SOLVED}",
        status="---\nnosearch: true\n---\n# Status\n\n```{build-report} chapters\n```\n\n"
        "```{build-report} openings\n```\n",
    )
    assert executed(book.build()) == {"one", "two"}
    return book


def test_an_untouched_book_runs_nothing_again(small):
    """Neither does one in which only prose and a comment of the package changed."""
    page = small.page("one")
    page.write_text(page.read_text("utf-8") + "\nA word more.\n", "utf-8")
    stale = small.site() / "_modules" / "fmnist" / "moved_away.html"
    stale.parent.mkdir(parents=True, exist_ok=True)
    stale.touch()
    module = small.root / "fmnist" / "evaluation" / "results.py"
    module.write_text(module.read_text("utf-8") + "# a remark\n", "utf-8")
    assert executed(small.build()) == set()
    assert "A word more." in (small.site() / "one.html").read_text("utf-8")
    assert not stale.exists()


def test_a_changed_line_of_the_package_shows_on_the_page_that_depends_on_it(small):
    """That chapter runs again, the other does not, and the page shows the change."""
    assert "0.95" in (small.site() / "one.html").read_text("utf-8")
    module = small.root / "fmnist" / "evaluation" / "results.py"
    text = module.read_text("utf-8")
    assert text.count("LEVEL = 0.95") == 1
    module.write_text(text.replace("LEVEL = 0.95", "LEVEL = 0.8125"), "utf-8")
    assert executed(small.build()) == {"one"}
    assert "0.8125" in (small.site() / "one.html").read_text("utf-8")


def test_a_new_version_runs_what_computes_with_it(small):
    """Another NumPy runs the chapter that reaches it, and the other one not."""
    metadata = small.root / "numpy-9.9.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: numpy\nVersion: 9.9\n")
    assert executed(small.build()) == {"one"}
    shutil.rmtree(metadata)


def test_outputs_that_are_gone_are_made_again(small):
    """Though nothing changed: a page without them would have numbers and no claims."""
    for folder in (small.root / "_build" / "executed").glob("two-*"):
        shutil.rmtree(folder)
    assert executed(small.build()) == {"two"}
    assert executed(small.build()) == set()


def test_outputs_that_are_in_use_are_kept_longest(tmp_path):
    """Others, of seeds or of an arithmetic that was tried once, make room first."""
    found = [f"one-{number:016x}" for number in range(6)]
    for age, name in enumerate(reversed(found)):
        folder = tmp_path / "_build" / "executed" / name
        folder.mkdir(parents=True)
        os.utime(folder, (1_000 - age, 1_000 - age))
    env = SimpleNamespace(metadata={"one": {chapters.KEY: found[0].removeprefix("one-")}})
    chapters.drop_old_caches(SimpleNamespace(srcdir=tmp_path / "book", env=env))
    left = sorted(folder.name for folder in (tmp_path / "_build" / "executed").iterdir())
    assert left == [found[0], *found[6 - chapters.KEPT + 1 :]]


def test_an_interrupted_chapter_is_run_again(small):
    """Outputs that may be half written are not taken."""
    for mark in (small.root / "_build" / "executed").glob(f"two-*/{chapters.WHOLE}"):
        mark.unlink()
    page = small.page("two")
    page.write_text(page.read_text("utf-8") + "\nRead again.\n", "utf-8")
    assert executed(small.build()) == {"two"}


def test_two_builds_from_nothing_give_the_same_pages(small):
    """Chapters run again on their own do not change a byte of page, picture, index or notebook."""

    def content() -> dict[str, bytes]:
        # A word that is gone from all pages stays in Sphinx's index, with no page.
        return {
            path.relative_to(small.site()).as_posix(): re.sub(
                rb'"[^"]+": \[\](, )?', b"", path.read_bytes()
            )
            for path in small.site().rglob("*")
            if path.is_file() and path.name not in ("status.html", "status.md")
        }

    assert small.build().returncode == 0
    before = content()
    shutil.rmtree(small.root / "_build")
    assert executed(small.build()) == {"one", "two"}
    after = content()
    assert before.keys() == after.keys()
    assert [name for name in before if before[name] != after[name]] == []


def test_a_site_without_solutions_has_none_anywhere(small):
    """Not in pages, index, sources or notebooks; and chapters did not run again for it."""
    assert executed(small.build(solutions=False)) == set()
    held = {
        solutions: {
            path.name
            for path in small.site(solutions=solutions).rglob("*")
            if path.is_file() and b"zweiundvierzig" in path.read_bytes()
        }
        for solutions in (True, False)
    }
    assert held[True] == {"two.html", "searchindex.js"}
    assert held[False] == set()
    assert "Do it" in (small.site(solutions=False) / "two.html").read_text("utf-8")


def test_chapters_say_how_long_they_take_and_the_status_page_what_they_took(small):
    """Stated minutes at the head of the chapter, measured seconds and keys in the table."""
    head = BeautifulSoup((small.site() / "one.html").read_text("utf-8"), "html.parser")
    assert (
        head.select_one(".chapter-time").text.strip() == "About 4 minutes to read, 1 minute to run."
    )
    page = BeautifulSoup((small.site() / "status.html").read_text("utf-8"), "html.parser")
    first, openings = page.select("table")[0], page.select_one("article").text
    rows = [[cell.text.strip() for cell in row.select("th, td")] for row in first.select("tr")]
    assert [row[0] for row in rows] == ["Chapter", "One", "Two", "All chapters"]
    assert rows[1][1:3] == ["4", "1"]
    assert int(rows[1][3]) >= 0
    assert re.fullmatch("[0-9a-f]{16}", rows[1][4])
    assert "None yet." in openings


def test_notebooks_have_names_of_cells_that_do_not_change(small):
    """The notebook for download holds code, outputs, and no random name."""
    text = (small.site() / "_sources" / "one.ipynb").read_text("utf-8")
    names = re.findall(r'"id": "(\S+)"', text)
    assert len(names) >= 3
    assert names == [f"cell-{number}" for number in range(len(names))]
    assert '"text/plain"' in text
    assert "_sources/one.ipynb" in (small.site() / "one.html").read_text("utf-8")


def test_formulas_and_published_figures_are_there_without_another_host(small):
    """MathJax is the site's own, and a figure of the literature brings its citation."""
    page = (small.site() / "index.html").read_text("utf-8")
    assert 'src="_static/mathjax/tex-chtml.js' in page
    assert (small.site() / "_static" / "mathjax" / "tex-chtml.js").is_file()
    text = BeautifulSoup(page, "html.parser").select_one("article").text
    assert "83.5\N{NO-BREAK SPACE}% [Zalando Research, 2017]" in text
    assert "tex-chtml.js" not in (small.site() / "one.html").read_text("utf-8")


# --- claims ---

IMPORT = "from fmnist.evaluation.claims import above, below, certain, claim, either, true"
CHOICE = "either('one-pair', above(SIGN, 0), 'it is positive.', 'it is not.')"
STATED = f"""{FRONT}# One
{cell(f":tags: [remove-cell]{chr(10)}{IMPORT}{chr(10)}certain('one-right', below(1, 2))")}
Two is more than one. {{claim}}`one-right`
Then {{either}}`one-pair` And on.

{cell(f":tags: [remove-cell]{chr(10)}{CHOICE}")}
"""
FALSE = f"""{FRONT}# Two
{cell(f":tags: [remove-cell]{chr(10)}{IMPORT}{chr(10)}certain('two-wrong', above(1, 2, 'points'))")}
A first sentence stands here.
One is *more* than two. {{claim}}`two-wrong`
A last sentence stands here.

- Many images make it so. {{claim}}`two-many`

{cell(":tags: [remove-cell]" + chr(10) + "claim('two-many', true(False))")}
"""


@pytest.fixture(scope="module", name="claiming")
def _claiming(tmp_path_factory):
    """A book with four claims of which one does not hold, and what its ordinary build said."""
    book = SmallBook(
        tmp_path_factory.mktemp("claiming"),
        one=STATED.replace("SIGN", "-1"),
        two=FALSE,
        status="---\nnosearch: true\n---\n# Status\n\n```{build-report} claims\n```\n",
    )
    return book, book.build()


def article(book: SmallBook, page: str):
    """Return the text of a page as elements."""
    text = (book.site() / f"{page}.html").read_text("utf-8")
    return BeautifulSoup(text, "html.parser").select_one("article")


def test_an_ordinary_build_succeeds_and_counts_its_claims(claiming):
    """The last line names the sentence that does not hold, with its place."""
    _, done = claiming
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.strip().splitlines()[-1] == (
        "4 claims, 2 not judged: they need all images, 1 does not hold here: "
        "book/two.md:15 One is more than two."
    )


def test_a_claim_that_holds_leaves_only_an_anchor(claiming):
    """No box, no word; a claim that a small build cannot judge is not told either."""
    book, _ = claiming
    page = article(book, "one")
    assert page.select_one("#claim-one-right").text == ""
    assert page.select(".claim-fails") == []
    assert "Two is more than one." in page.text
    assert article(book, "two").select_one("li .claim-fails") is None


def test_a_claim_that_does_not_hold_is_told_at_its_sentence(claiming):
    """A box after the paragraph, with the numbers; the reader gets the page."""
    book, _ = claiming
    page = article(book, "two")
    box = page.select_one(".claim-fails")
    assert box.text.strip().startswith(
        "On the machine that built this page this does not hold: \N{LEFT DOUBLE QUOTATION MARK}One "
        "is more than two.\N{RIGHT DOUBLE QUOTATION MARK} Here 1 is not above 2 points."
    )
    assert box.find_previous("p").select_one("#claim-two-wrong")


def test_either_sentence_can_stand_on_the_page(claiming):
    """The one that holds, in its place; the other nowhere. Another result turns them round."""
    book, _ = claiming
    text = " ".join(article(book, "one").text.split())
    assert "Then it is not. And on." in text
    assert "it is positive" not in text
    book.page("one").write_text(STATED.replace("SIGN", "1"), "utf-8")
    assert book.build().returncode == 0
    assert "Then it is positive. And on." in " ".join(article(book, "one").text.split())
    book.page("one").write_text(STATED.replace("SIGN", "-1"), "utf-8")


def test_the_status_page_lists_every_claim_with_its_margin(claiming):
    """Held, failed, chosen and not judged, each with a link to its sentence."""
    book, _ = claiming
    book.build()
    rows = [[cell.text.strip() for cell in row.select("td")]
            for row in article(book, "status").select("tr")[1:]]  # fmt: skip
    assert [row[:4] for row in rows] == [
        ["One", "Two is more than one.", "holds", "+1"],
        ["One", "it is not.", "not judged: few images", "\N{MINUS SIGN}1"],
        ["Two", "One is more than two.", "does not hold: 1 is not above 2 points",
         "\N{MINUS SIGN}1 points"],
        ["Two", "Many images make it so.", "not judged: few images", "yes or no"],
    ]  # fmt: skip
    links = [link["href"] for link in article(book, "status").select("td a")]
    assert "two.html#claim-two-wrong" in links


def test_a_strict_build_fails_with_chapter_sentence_and_numbers(claiming):
    """Nothing has to run again for it, and an ordinary build afterwards succeeds again."""
    book, _ = claiming
    book.build()
    done = book.build(strict=True)
    assert done.returncode == 1
    assert executed_in(done) == set()
    assert re.search(
        r"MISTAKE: The book was not built: 1 problem: book/two\.md:15 claim 'two-wrong' does not "
        r"hold: One is more than two\. \(1 is not above 2 points\)$",
        done.stderr.strip(),
    )
    assert book.build().returncode == 0


def test_cells_and_sentences_must_name_the_same_claims(tmp_path):
    """A claim without a sentence, and a sentence without a claim, are faults of every build."""
    text = f"{FRONT}# Odd\n{cell(IMPORT + chr(10) + 'certain(chr(97), True);')}\nSo. {{claim}}`b`\n"
    done = SmallBook(tmp_path, odd=text).build()
    assert done.returncode == 1
    assert "claim 'a' stands at no sentence" in done.stderr
    assert "no cell states claim 'b'" in done.stderr


# --- what must fail ---

FAULTS = {
    "phase1_explore": cell("from fmnist.data import seal\n\nseal.open_test('a look', run='0')"),
    "broken": cell("x = 1") + cell(":tags: [remove-cell]\ndef f():\n    return x / 0\n\nf()"),
    "claim": cell("\nx = 1\nassert x > 1"),
    "slow": cell("import time\ntime.sleep(30)"),
    "lost": "\nSee {ref}`nowhere` and {literature}`human_acuracy`.\n\n```{build-report} all\n```\n"
    + cell("import matplotlib.pyplot as plt\nplt.plot([1, 2]);"),
}
SLOW = FRONT.replace("minutes", "mystnb: {execution_timeout: 1}\nminutes")


@pytest.fixture(scope="module", name="faulty")
def _faulty(tmp_path_factory):
    """A book with one fault a page, and what came of building it."""
    pages = {
        name: f"{SLOW if name == 'slow' else FRONT}# Page\n{text}" for name, text in FAULTS.items()
    }
    book = SmallBook(tmp_path_factory.mktemp("faulty"), **pages)
    return book, book.build()


@pytest.mark.parametrize(
    "problem",
    [
        r"book/phase1_explore\.md:11 cell failed: (?:\w+\.)*Sealed: phase1_explore asked for the",
        r"book/broken\.md:17 cell failed: ZeroDivisionError: division by zero",
        r"book/claim\.md:11 cell failed: AssertionError: assert x > 1",
        r"book/slow\.md:\d+ cell failed: A cell timed out .* after 1 seconds",
        r"book/lost\.md:9 undefined label: 'nowhere'",
        r"book/lost\.md:9 literature\.toml has no figure 'human_acuracy'; the nearest are human_a",
        r"book/lost\.md:11 .*no report 'all'; choose one of chapters, claims, machine, data, ",
        r"book/lost\.md:15 picture without alternative text: set mystnb\.image\.alt",
    ],
)
def test_every_fault_of_a_book_is_found_at_once_with_file_and_line(faulty, problem):
    """One build names them all, in its last line."""
    _, done = faulty
    assert done.returncode == 1
    last = done.stderr.strip().splitlines()[-1]
    assert last.startswith("MISTAKE: The book was not built: 8 problems: "), last
    assert re.search(problem, last), last


def test_the_traceback_of_a_failing_cell_is_shown_without_jupyter_s_own(faulty):
    """What the author needs, and no frame of the machinery that ran it."""
    _, done = faulty
    assert "return x / 0" in done.stdout
    assert "nbclient" not in done.stdout


def test_a_second_build_does_not_forget_the_faults(faulty):
    """Sphinx warns once of what it has read; a mended page does not whitewash the others."""
    book, _ = faulty
    book.page("broken").write_text(f"{FRONT}# Page\n", "utf-8")
    done = book.build()
    assert done.returncode == 1
    assert "7 problems" in done.stderr


def test_a_kernel_that_dies_is_told_with_its_chapter(tmp_path):
    """A chapter that eats all memory ends in a line, too."""
    book = SmallBook(tmp_path, dead=f"{FRONT}# Dead\n{cell('import os; os._exit(1)')}")
    done = book.build()
    assert re.search(
        r"MISTAKE: .*book/dead\.md: the code or its kernel broke down: \S*DeadKernelError: Kernel",
        done.stderr,
    )


@pytest.fixture(name="checkout")
def _checkout(tmp_path, monkeypatch):
    """A folder in the place of the checkout, with nothing in it but solutions."""
    monkeypatch.setattr(build, "ROOT", tmp_path)
    (tmp_path / "solutions").mkdir()
    return tmp_path


def test_a_build_at_a_time(checkout, monkeypatch):
    """Two builds would take each other's files away: the second one says so and waits."""
    (checkout / "_build").mkdir()
    first = filelock.FileLock(checkout / "_build" / "building-smoke.lock")
    said = []

    def say(text: str) -> None:
        said.append(text)
        first.release()

    def install(*_):
        assert not first.is_locked
        raise frontend.FrontendError("it is alone")

    monkeypatch.setattr(frontend, "install", install)
    first.acquire()
    with pytest.raises(frontend.FrontendError, match="it is alone"):
        build.build(smoke=True, say=say)
    assert said == [
        "Another build of this book, of the smoke tier, is at work here: waiting for its end"
    ]


def test_without_the_folder_of_solutions_the_message_names_the_option(checkout):
    """Students have no solutions; their site is built without."""
    (checkout / "solutions").rmdir()
    with pytest.raises(build.BuildError, match="Type: fmnist book --no-solutions"):
        build.build(smoke=True)


def test_a_part_that_cannot_be_had_ends_the_build_in_one_line(checkout, monkeypatch):
    """The message of `frontend` is what the command says."""

    def install(*_):
        raise frontend.FrontendError("mathjax is needed")

    monkeypatch.setattr(frontend, "install", install)
    with pytest.raises(frontend.FrontendError, match=r"^mathjax is needed$"):
        build.build(smoke=True)


@pytest.mark.parametrize("missing", ["claims.json", "html/one.html"])
def test_success_without_a_site_is_a_failure(small, monkeypatch, missing):
    """A tool that makes nothing and reports success is not believed."""
    out = small.site().parent
    monkeypatch.setattr(build, "ROOT", small.root)

    def run(*_):
        (out / claim_marks.LIST).touch()
        (out / missing).rename(out / "away")
        return ""

    monkeypatch.setattr(jupyter_book, "run", run)
    try:
        with pytest.raises(build.BuildError, match="reported success, but made no"):
            build.build(smoke=True)
    finally:
        (out / "away").replace(out / missing)


def test_jupyter_book_s_status_is_told_if_it_said_nothing():
    """A failure without a warning is still one line."""
    progress = jupyter_book.Progress(print)
    assert progress.summary(2) == "Jupyter Book ended with status 2: no message"


def test_progress_is_shown_all_along(checkout, monkeypatch):
    """Which chapter runs, for how long and of how much, and what came out; nothing of the rest."""
    (checkout / "book").mkdir(exist_ok=True)
    (checkout / "book" / "one.md").write_text("---\nminutes: {read: 9, run: 2}\n---\n# One\n")
    monkeypatch.setattr(jupyter_book, "ROOT", checkout)
    said, clock = [], iter([0.0, 5.0, 20.0, 20.0])
    monkeypatch.setattr(jupyter_book.time, "monotonic", lambda: next(clock))
    progress = jupyter_book.Progress(said.append)
    progress.line("reading sources... [ 14%] one")
    progress.line("/somewhere/one.md: Executing notebook using local CWD [mystnb]")
    progress.tick()
    progress.tick()
    progress.line("/somewhere/one.md: Executed notebook in 21.30 seconds [mystnb]")
    progress.line("/somewhere/one.md: Using cached notebook: ID=1 [mystnb]")
    progress.line("/somewhere/two.md: Using cached notebook: ID=1 [mystnb]")
    progress.complaint("I0000 00:00:1 cpu_feature_guard")
    assert said == [
        "one: running its code (about 2 min where nothing else runs) ...",
        "one: running for 20 s (about 2 min where nothing else runs) ...",
        "one: ran in 21 s",
        "two: nothing changed, outputs from the cache",
    ]


def test_what_jupyter_book_says_is_kept_and_told(checkout, monkeypatch):
    """Its report and its complaints, without colours; the problems come back in one line."""
    program = (
        "import sys; print('\\x1b[1mloading'); sys.stdout.flush()\n"
        f"print('{checkout}/book/one.md:3: WARNING: odd', file=sys.stderr); sys.exit(1)"
    )
    monkeypatch.setattr(jupyter_book, "ROOT", checkout)
    monkeypatch.setattr(jupyter_book, "PROGRAM", program)
    said, log = [], checkout / "log"
    assert jupyter_book.run([], dict(os.environ), said.append, log) == (
        "1 problem: book/one.md:3 odd"
    )
    assert said == [f"{checkout}/book/one.md:3: WARNING: odd"]
    assert sorted(log.read_text("utf-8").splitlines()) == [*said, "loading"]


def test_a_log_that_cannot_be_kept_ends_the_build(checkout, monkeypatch):
    """Nobody reads on, so that Jupyter Book would wait for ever: it is ended."""
    monkeypatch.setattr(jupyter_book, "ROOT", checkout)
    monkeypatch.setattr(jupyter_book, "PROGRAM", "while True: print('x' * 10_000)")
    with pytest.raises(OSError, match="No space left"):
        jupyter_book.run([], dict(os.environ), print, Path("/dev/full"))


@pytest.mark.parametrize(
    ("minutes", "exercises", "told"),
    [
        ({"read": 30, "run": 1}, [], "About 30 minutes to read, 1 minute to run."),
        ({"read": 1}, [5], "About 1 minute to read, 5 minutes for 1 exercise."),
        ({"run": 2}, [5, 90], "About 2 minutes to run, 95 minutes for 2 exercises."),
    ],
)
def test_the_head_of_a_chapter_tells_the_exercises_apart_from_the_text(minutes, exercises, told):
    """Their sum, with its number; nothing where a page has none."""
    asked = [SimpleNamespace(minutes=number) for number in exercises]
    assert chapters._head(minutes, asked).astext() == told


def test_a_report_that_does_not_exist_is_told():
    """The names in the message are those that there are."""
    assert set(status_tables.REPORTS) == {
        "chapters",
        "claims",
        "machine",
        "data",
        "openings",
        "experiments",
        "runs",
    }


def test_the_status_page_says_what_the_kept_results_took_and_which_are_old(monkeypatch, tmp_path):
    """One row for each experiment, also for one that nobody has recorded."""
    results = tmp_path / "results.csv"
    monkeypatch.setattr(recipe_results, "RESULTS", results)
    monkeypatch.setattr(recipe_results, "code", lambda *_: "now")
    both = {name: recipes.RECIPES[name] for name in ("linear", "mlp")}
    monkeypatch.setattr(recipe_results, "ALL", {"two": Experiment(both), "none": Experiment(both)})
    columns = [field.name for field in fields(recipe_results.RecipeResult)]
    one = {"experiment": "two", "by_seed": "0.5 0.6 0.7", "seconds": 1200.0}
    with results.open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, columns, restval=0)
        table.writeheader()
        for recipe, code in (("linear", "now"), ("mlp", "before")):
            kept = one | {"recipe": recipe, "code": code, "machine": "A", "arithmetic": "AVX2"}
            table.writerow(kept)
    _, report = status_tables.REPORTS["experiments"]
    assert list(report(None)) == [
        ("two", "2", "6", "2.0", "A, AVX2", "mlp"),
        ("none", "2", "0", "0.0", "", "all"),
    ]
