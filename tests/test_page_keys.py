"""The keys of chapters: what changes an output changes its key, and nothing else does."""

import importlib.metadata

import pytest

from fmnist import course
from fmnist.book import literature
from fmnist.book.sphinxext import chapter_text, page_keys
from fmnist.data import sources
from fmnist.evaluation import recipe_results

CELL = "# One\n\n```{{code-cell}} ipython3\n{}\n```\n"
MODULES = {
    "__init__": '"""A package."""\n',
    "top": "from small.middle import f\n",
    "middle": "def f():\n    from small import deep\n    return deep.X\n",
    "deep": '"""Deep."""\nX = 1\n',
    "computing": "import numpy\n",
    "other": "import yaml\n",
    "sub/__init__": "",
    "sub/leaf": "Y = 2\n",
}


@pytest.fixture(name="package")
def _package(tmp_path, monkeypatch):
    """A small package in the place of fmnist."""
    folder = tmp_path / "small"
    for name, text in MODULES.items():
        path = folder / f"{name}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    monkeypatch.setattr(course, "PACKAGE", folder)
    monkeypatch.syspath_prepend(tmp_path)
    return folder


def names(*code: str) -> set[str]:
    """Return what cells reach, without the package's name."""
    return {name.removeprefix("fmnist.") for name in page_keys.reached(list(code))}


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("from small import deep", {"small", "small.deep"}),
        ("import small.deep as d", {"small", "small.deep"}),
        ("from small.top import f", {"small", "small.top", "small.middle", "small.deep"}),
        ("from small.sub.leaf import Y", {"small", "small.sub", "small.sub.leaf"}),
        ("%matplotlib inline\n!ls\nfrom small import other", {"small", "small.other"}),
        ("x = 1", set()),
    ],
)
def test_a_chapter_reaches_what_it_imports_through_others_too(package, code, expected):
    """Imports in functions and of parents count."""
    assert names(code) == expected


def test_a_cell_that_is_no_python_reaches_everything(package):
    """Rather one run too many than an old output."""
    assert names("x = = 1") == {
        f"small/{name}".removesuffix("/__init__").replace("/", ".") for name in MODULES
    }


def test_the_real_closure_holds_training_where_runs_are_used_and_not_elsewhere():
    """A chapter with kept runs follows what trains them, in a process that is started by name."""
    assert {"training.fit", "training.models", "training.worker", "training.pipeline"} <= names(
        "from fmnist.training import sweep"
    )
    assert {"training.fit", "training.models"} <= names("from fmnist.training import runs")
    drawing = names("from fmnist.plots import style")
    assert "plots.style" in drawing
    build = {"book.sphinxext.extension", "book.sphinxext.page_keys"}
    assert not {"training.fit", "cli", *build} & drawing


@pytest.mark.parametrize(
    ("module", "text", "changes"),
    [
        ("deep", '"""Deep."""\nX = 2\n', True),
        ("deep", '"""Deeper."""\nX = 1  # why\n', False),
        ("other", "import json\n", False),
    ],
)
def test_a_key_follows_the_code_that_is_reached(package, module, text, changes):
    """Another statement changes it; a comment, a docstring or another module does not."""
    chapter = CELL.format("from small import top")
    before = page_keys.key(chapter)
    (package / f"{module}.py").write_text(text)
    assert (page_keys.key(chapter) != before) is changes


def test_a_key_follows_the_templates_beside_what_is_reached(package):
    """What is filled into another page is another output; templates elsewhere do not matter."""
    chapter = CELL.format("from small import top")
    before = page_keys.key(chapter)
    (package / "sub" / "templates").mkdir()
    (package / "sub" / "templates" / "a.html.jinja").write_text("<b>")
    assert page_keys.key(chapter) == before
    (package / "templates").mkdir()
    (package / "templates" / "a.html.jinja").write_text("<b>")
    assert page_keys.key(chapter) != before


def test_a_chapter_that_shows_source_follows_comments_too(package):
    """What `inspect` prints is an output."""
    chapter = CELL.format("import inspect\nfrom small import deep")
    before = page_keys.key(chapter)
    (package / "deep.py").write_text(MODULES["deep"] + "# why\n")
    assert page_keys.key(chapter) != before


def test_a_key_follows_versions_of_what_is_imported(package, monkeypatch):
    """A new NumPy runs the chapters again that compute with it."""
    computing, plain = CELL.format("from small import computing"), CELL.format("x = 1")
    before = page_keys.key(computing), page_keys.key(plain)
    page_keys._distribution.cache_clear()
    installed = importlib.metadata.version
    monkeypatch.setattr(
        importlib.metadata, "version", lambda name: "9" if name == "numpy" else installed(name)
    )
    assert page_keys.key(computing) != before[0]
    assert page_keys.key(plain) == before[1]
    page_keys._distribution.cache_clear()


def test_versions_hold_what_packages_require():
    """Of scikit-learn also SciPy, of the kernel also IPython; this package is looked at itself."""
    found = page_keys.versions(["import sklearn", "import fmnist"], [])
    assert {"scikit-learn", "scipy", "numpy", "joblib", "ipykernel", "ipython"} <= found.keys()
    assert not {"fmnist", "tensorflow", "matplotlib"} & found.keys()


def test_a_key_follows_the_kept_results(monkeypatch, tmp_path):
    """A chapter that reads the tables runs again where they were renewed; others do not."""
    reads, other = (
        CELL.format(f"from fmnist.evaluation import {module}")
        for module in ("recipe_results", "calibration")
    )
    before = page_keys.key(reads), page_keys.key(other)
    for table in ("RESULTS", "GAINS"):
        (tmp_path / table).write_text("renewed\n")
        with monkeypatch.context() as patch:
            patch.setattr(recipe_results, table, tmp_path / table)
            assert page_keys.key(reads) != before[0]
            assert page_keys.key(other) == before[1]


def test_a_key_follows_data_literature_and_tier(monkeypatch, tmp_path):
    """Other sums, other published figures and the smoke tier each give another key."""
    chapter = CELL.format("from fmnist.book import literature\nfrom fmnist.data import splits")
    found = {page_keys.key(chapter)}
    monkeypatch.setattr(sources, "FILES", sources.FILES[::-1])
    found.add(page_keys.key(chapter))
    (tmp_path / "literature.toml").write_text("")
    monkeypatch.setattr(literature, "FILE", tmp_path / "literature.toml")
    found.add(page_keys.key(chapter))
    monkeypatch.setenv("FMNIST_TIER", "smoke")
    found.add(page_keys.key(chapter))
    assert len(found) == 4


def test_a_key_follows_seeds_and_arithmetic_where_networks_are_asked_for(monkeypatch):
    """Numbers of other networks are never shown as those of these."""
    asking, drawing = (
        CELL.format(f"from {package_} import {name}")
        for package_, name in (("fmnist.training", "sweep"), ("fmnist", "wording"))
    )
    found, others = {page_keys.key(asking)}, {page_keys.key(drawing)}
    for name, value in (("FMNIST_SEEDS", "3,4,5"), ("ONEDNN_MAX_CPU_ISA", "ALL")):
        with monkeypatch.context() as patch:
            patch.setenv(name, value)
            found.add(page_keys.key(asking))
            others.add(page_keys.key(drawing))
    assert len(found) == 3
    assert len(others) == 1


def test_the_site_key_follows_what_renders(monkeypatch):
    """Pages are written again when a template or any installed package changes."""
    before = page_keys.site_key()
    assert page_keys.site_key() == before
    with monkeypatch.context() as patch:
        patch.setattr(page_keys, "_text_hash", lambda file: file.suffix)
        kinds = page_keys.site_key()
        patch.setattr(page_keys, "_text_hash", lambda file: file.suffix.replace(".jinja", ""))
        assert page_keys.site_key() != kinds
    monkeypatch.setattr(importlib.metadata, "distributions", list)
    assert page_keys.site_key() != before


# --- the text of a chapter ---


def test_fences_are_told_apart():
    """Prose in boxes is prose; code, options and what lies in longer fences is not."""
    text = (
        "---\na: 1\n---\nprose\n````{note}\nprose\n```python\ncode\n```\nprose\n````\n"
        ":::{admonition} T\n:class: x\nprose\n:::\n```{code-cell} i\n:::\n```\nprose\n"
    )
    assert [line.number for line in chapter_text.lines(text) if line.text == "prose"] == [
        line.number
        for line in chapter_text.lines(text)
        if line.is_prose and line.text != ":class: x"
    ]


def test_a_cell_has_its_code_its_line_and_its_tags():
    """Both ways of writing options are left out of the code."""
    text = (
        "```{code-cell} ipython3\n:tags: [remove-cell]\n\nx = 1\n```\n"
        "```{code-cell} ipython3\n---\ntags: [hide-input]\nother: 1\n---\ny = 2\n```\n"
        "```{code-cell} ipython3\n```\n"
    )
    assert chapter_text.cells(text) == [
        chapter_text.Cell(4, "x = 1", frozenset({"remove-cell"})),
        chapter_text.Cell(11, "y = 2", frozenset({"hide-input"})),
        chapter_text.Cell(14, ""),
    ]
