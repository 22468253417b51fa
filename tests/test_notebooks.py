"""Notebooks for students: whole, the same every time, and plain enough for any editor."""

import ast
import os
import re

import click.testing
import nbformat
import pytest

from fmnist import cli
from fmnist.book import notebooks
from fmnist.course import PACKAGE, PHASES
from fmnist.data import seal, splits
from fmnist.exercises import catalog, reading
from fmnist.exercises import notebook as notebook_check

LEFT = {
    "role": r"\{[\w:-]+\}`",
    "directive": r"(`{3,}|:{3,})\s*\{",
    "fence of colons": r"^\s*:{3,}",
    "option": r"^\s*:[\w-]+:",
    "label": r"^\([\w-]+\)=$",
    "comment or break": r"^(%|\+\+\+)",
    "substitution": r"\{\{",
}


@pytest.fixture(name="book", params=PHASES)
def _book(request):
    """The notebook of one phase."""
    return notebooks.notebook(request.param)


@pytest.fixture(name="phase")
def _phase(request, book):
    """That phase."""
    return request.node.callspec.params["book"]


def sources(book, kind: str) -> list[str]:
    """Return the texts of all cells of a kind."""
    return [cell.source for cell in book.cells if cell.cell_type == kind]


def without_code(text: str) -> str:
    """Return Markdown without what stands in code, which is shown as it is."""
    text = re.sub(r"^(`{3,})[^`{]*\n.*?^\1$", "", text, flags=re.MULTILINE | re.DOTALL)
    return re.sub(r"(?<![`}])(`+)(?!`)[^\n]*?(?<!`)\1(?!`)", "", text)


def test_a_notebook_is_valid(book):
    """By the format's own rules, with a kernel, without outputs or counts."""
    nbformat.validate(book)
    assert book.metadata.kernelspec.name == "python3"
    assert len({cell.id for cell in book.cells}) == len(book.cells)
    assert all(
        not cell.outputs and cell.execution_count is None
        for cell in book.cells
        if cell.cell_type == "code"
    )


def test_a_notebook_begins_with_what_it_is(book, phase):
    """The introduction, then the title of the chapter."""
    introduction = PACKAGE / "book" / "templates" / "notebook_introduction.md.jinja"
    assert sources(book, "markdown")[0] + "\n" == introduction.read_text("utf-8")
    chapter = (notebooks.BOOK / f"{phase}.md").read_text("utf-8")
    title = re.search(r"^# .*$", chapter, re.MULTILINE)[0]
    assert title in sources(book, "markdown")[1].splitlines()


def test_every_exercise_has_its_task_stub_and_check(book, phase):
    """In this order, one after the other, each once."""
    texts = [cell.source for cell in book.cells]
    for exercise in (one for one in catalog.load() if one.phase == phase):
        check = f"from fmnist.exercises import check\n\ncheck({exercise.name})"
        assert texts.count(check) == 1
        task, stub, _ = texts[texts.index(check) - 2 : texts.index(check) + 1]
        assert task.startswith(f"### Exercise {exercise.number}: {exercise.title}\n")
        assert exercise.stub.read_text("utf-8").rstrip().endswith(stub)
        functions = [node for node in ast.parse(stub).body if isinstance(node, ast.FunctionDef)]
        assert exercise.name in {function.name for function in functions}


def test_no_solution_is_in_a_notebook(book, phase):
    """Neither a reference nor a hint."""
    everything = "\n".join(cell.source for cell in book.cells)
    for exercise in (one for one in catalog.load() if one.phase == phase):
        reference = ast.parse(exercise.reference.read_text("utf-8"))
        function = next(
            one
            for one in reference.body
            if isinstance(one, ast.FunctionDef) and one.name == exercise.name
        )
        last = ast.unparse(function.body[1:])
        assert last not in everything
        assert exercise.hints[2] not in everything


def test_every_code_cell_of_the_chapter_is_there(book, phase):
    """In the order in which they run."""
    chapter = (notebooks.BOOK / f"{phase}.md").read_text("utf-8")
    cells = [cell.source for cell in notebooks.chapter_text.cells(chapter)]
    exercises = [cell for cell in book.cells if "exercise" in cell.metadata.get("tags", [])]
    shown = [cell.source for cell in book.cells if cell.cell_type == "code"]
    assert [one for one in shown if one in cells] == cells
    assert len(shown) == 1 + len(cells) + len(exercises)


def test_a_notebook_keeps_the_seal_of_its_chapter(book, phase, monkeypatch):
    """Its first code says which chapter this is, so the test set opens where the book opens it."""
    for name in ("FMNIST_CHAPTER", "TF_CPP_MIN_LOG_LEVEL"):
        monkeypatch.setenv(name, "")
    exec(sources(book, "code")[0])  # noqa: S102 - it is ours
    if phase.startswith(splits.SEALED_IN):
        with pytest.raises(splits.Sealed, match=f"{phase} asked for the test set"):
            seal.open_test("a look", run="0")
    else:
        assert os.environ["FMNIST_CHAPTER"] == phase


def test_code_cells_are_python(book):
    """But for lines that only a notebook understands."""
    for source in sources(book, "code"):
        lines = [line for line in source.splitlines() if not line.startswith(("%", "!"))]
        assert ast.parse("\n".join(lines)) is not None


@pytest.mark.parametrize("what", LEFT)
def test_nothing_is_left_that_only_the_book_understands(book, what):
    """Roles are words, directives are text, labels and options are gone."""
    found = [
        match[0]
        for text in sources(book, "markdown")
        for match in re.finditer(f".*({LEFT[what]}).*", without_code(text), re.MULTILINE)
    ]
    assert found == []


def test_nothing_that_a_chapter_tells_is_missing(book, phase):
    """Every line of prose, in a box or not, stands in some Markdown cell."""
    told = "\n".join(sources(book, "markdown"))
    lines = notebooks.chapter_text.lines((notebooks.BOOK / f"{phase}.md").read_text("utf-8"))
    prose = [notebooks._plain(line.text).strip() for line in lines if line.is_prose]
    dropped = re.compile(f"{LEFT['label']}|{LEFT['option']}")
    assert [line for line in prose if line not in told and not dropped.match(line)] == []


def test_a_box_is_a_quotation_with_its_title():
    """Those with a title of their own, and those whose name is the title."""
    text = "A\n\n:::{note}\nB {term}`c`.\n:::\n\n```{admonition} D\n:class: tip\nE\n```\n"
    (cell,) = notebooks._cells(text, PHASES[0])
    assert cell.source == "A\n\n\n> **Note**\n>\n> B c.\n\n\n> **D**\n>\n> E"


def test_a_project_and_objectives_are_told(book, phase):
    """What the reader can do afterwards, and the open task with its title."""
    told = "\n".join(sources(book, "markdown"))
    found = catalog.read()
    project = next(one for one in found.projects if one.phase == phase)
    assert f"**{project.title}**" in told
    assert "After this phase you can\n\n- " in told
    count = sum(objective.phase == phase for objective in found.objectives)
    after = told.partition("After this phase you can\n\n")[2].partition("\n\n")[0]
    assert len(after.splitlines()) == count


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{term}`loss`", "loss"),
        ("{term}`nats <nat>`", "nats"),
        ("{glue:text}`accuracy:.1f`", "**…**"),
        ("{cite:t}`xiao2017`", "[xiao2017]"),
        ("{cite}`xiao2017`", "[xiao2017]"),
        ("{numref}`fig-one`", "the figure"),
        ("`{word}`", "`{word}`"),
        ("$x_{i}$ and `code`", "$x_{i}$ and `code`"),
    ],
)
def test_a_role_becomes_words(text, words):
    """Words that can stand in a sentence; code stays code."""
    assert notebooks._plain(f"A {text}, b.") == f"A {words}, b."


def test_install_is_the_first_thing_to_run():
    """For machines without the course; in no other notebook."""
    phase = PHASES[0]
    plain, installing = notebooks.notebook(phase), notebooks.notebook(phase, install="fmnist[book]")
    code = sources(installing, "code")
    assert code == ['%pip install --quiet "fmnist[book]"', *sources(plain, "code")]
    assert installing.cells[1].source == code[0]
    nbformat.validate(installing)


# --- the command ---


def run(*args: object) -> click.testing.Result:
    """Run `fmnist notebooks`."""
    words = ["notebooks", *map(str, args)]
    done = click.testing.CliRunner().invoke(cli.commands, words)
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exc_info
    return done


def test_the_command_writes_the_same_bytes_twice(tmp_path):
    """One notebook a phase, each named; nothing in them comes from chance or the clock."""
    folders = [tmp_path / "one", tmp_path / "deep" / "two"]
    for folder in folders:
        done = run("--out", folder)
        assert done.exit_code == 0
        names = [f"{phase}.ipynb" for phase in PHASES]
        assert done.output.splitlines() == [str(folder / name) for name in names]
        assert sorted(path.name for path in folder.iterdir()) == names
    for name in names:
        assert (folders[0] / name).read_bytes() == (folders[1] / name).read_bytes()
        nbformat.validate(nbformat.read(folders[0] / name, as_version=4))


def test_a_site_is_named_and_replies_link_to_it(monkeypatch):
    """The first cells say where the chapter is; whoever checks an answer reads an address."""
    site = "https://example.edu/fmnist"
    made = notebooks.notebook("phase1_explore", site=site)
    assert f"<{site}/phase1_explore.html>" in made.cells[1].source
    setup = next(cell.source for cell in made.cells if cell.cell_type == "code")
    monkeypatch.setenv(reading.VARIABLE, "")
    for name in ("FMNIST_CHAPTER", "TF_CPP_MIN_LOG_LEVEL"):
        monkeypatch.setenv(name, "")
    exec(compile(setup, "setup", "exec"), {})  # noqa: S102 (our own cell)
    report = notebook_check.check(class_counts)
    link = f"{site}/phase1_explore.html#explore-balance"
    assert f"Read: {link}" in repr(report)
    assert f"<a href='{link}'>" in report._repr_html_()
    monkeypatch.setenv(reading.VARIABLE, "")
    assert site not in repr(notebook_check.check(class_counts))


def class_counts(labels, classes=10):
    """Return a wrong answer."""
    return []


def test_the_command_adds_what_is_to_be_installed(tmp_path):
    """To every notebook."""
    assert run("--out", tmp_path, "--install", "fmnist[book]").exit_code == 0
    for path in tmp_path.glob("*.ipynb"):
        code = sources(nbformat.read(path, as_version=4), "code")
        assert code[0] == '%pip install --quiet "fmnist[book]"'


@pytest.mark.parametrize("where", ["a file on the way", "a folder in the way"])
def test_a_place_that_cannot_be_written_is_one_line(tmp_path, where):
    """The line names the folder and the reason."""
    out = tmp_path / "out"
    if where == "a file on the way":
        out = out / "deeper"
        out.parent.write_text("")
        reason = "Not a directory"
    else:
        (out / f"{PHASES[0]}.ipynb").mkdir(parents=True)
        reason = "Is a directory"
    done = run("--out", out)
    assert done.exit_code == 1
    assert done.stderr == f"fmnist: {out} cannot be written: {reason}.\n"


def test_a_notebook_in_which_somebody_worked_is_kept(tmp_path):
    """Beside the new one, each time under a name of its own; what is the same is left alone."""
    assert run("--out", tmp_path).exit_code == 0
    path = tmp_path / f"{PHASES[0]}.ipynb"
    new = path.read_bytes()
    for number in (1, 2):
        path.write_bytes(b"my answers %d" % number)
        kept = tmp_path / f"{path.name}.kept-{number}"
        done = run("--out", tmp_path)
        assert done.output.splitlines()[0] == f"{path} (what was there is kept: {kept})"
        assert kept.read_bytes() == b"my answers %d" % number
        assert path.read_bytes() == new
    assert "kept" not in "".join(run("--out", tmp_path).output.splitlines())
