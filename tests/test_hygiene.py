"""What the repository says to machines and readers around the code: is it so?"""

import os
import re
import subprocess
import tomllib

import click
import pytest
import yaml

from fmnist.cli import commands
from fmnist.course import ROOT
from fmnist.exercises import catalog
from fmnist.grading.marks import by_hand, policy
from fmnist.grading.sandbox import isolation

BOOK = ROOT / "book"
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
TARGETS = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
ACTION = re.compile(r"^ *-? *uses: \S+@[0-9a-f]{40}  # v\d+\.\d+\.\d+$")
# What a workflow may type besides make: to prepare its machine, to show what make left, and as a
# student without make.
AROUND = ("sudo apt-get ", "sudo sysctl ", "cat _build/claims.md >> ")
STUDENT = (
    "python -m pip install --editable .",
    "python -m pytest --noconftest tests/test_student_side.py",
)


def workflow(name: str) -> dict:
    """Return a workflow by the stem of its file."""
    return yaml.safe_load((ROOT / ".github" / "workflows" / f"{name}.yml").read_text("utf-8"))


def commands_of(parsed: dict) -> list[str]:
    """Return every line that the jobs of a workflow type."""
    steps = [step for job in parsed["jobs"].values() for step in job["steps"]]
    return [line for step in steps for line in step.get("run", "").splitlines()]


def named_in(text: str, command: str) -> set[str]:
    """Return the words that follow a command in code, in lines of a console or in the text."""
    lines = re.findall(rf"^[$>] {command} ([a-z][a-z-]*)", text, re.MULTILINE)
    return {*lines, *re.findall(rf"`{command} ([a-z][a-z-]*)", text)}


def options(command: click.Command) -> set[str]:
    """Return the options of a command, and of those below it."""
    own = {option for parameter in command.params for option in parameter.opts}
    below = command.commands.values() if isinstance(command, click.Group) else ()
    return own.union(*map(options, below), {"--help"})


def glossary() -> list[str]:
    """Return the terms of the glossary, in their order."""
    text = (BOOK / "glossary.md").read_text("utf-8")
    block = text.partition("```{glossary}\n")[2].partition("\n```")[0]
    return re.findall(r"^(\S.*)$", block, re.MULTILINE)


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_a_workflow_types_what_a_contributor_types(path):
    """Its commands are make with a target that exists, but for a few that are listed here."""
    lines = commands_of(workflow(path.stem))
    made = [re.fullmatch(r"(?:time )?(?:taskset \S+ \S+ )?make ([a-z-]+)", line) for line in lines]
    others = [line for line, target in zip(lines, made, strict=True) if not target]
    assert {target[1] for target in made if target} <= TARGETS
    assert [line for line in others if not line.startswith(AROUND) and line not in STUDENT] == []


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_a_workflow_takes_actions_by_their_hash(path):
    """A tag can be moved to other code, a commit cannot; the version stands beside it."""
    used = [line for line in path.read_text("utf-8").splitlines() if "uses:" in line]
    assert used
    assert [line for line in used if not ACTION.match(line)] == []


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_a_workflow_ends_and_may_only_read(path):
    """Every job has a time limit, and more than reading is granted job by job."""
    parsed = workflow(path.stem)
    assert parsed["permissions"] == {"contents": "read"}
    assert [name for name, job in parsed["jobs"].items() if "timeout-minutes" not in job] == []


def test_every_supported_python_is_checked():
    """`make check` runs on each version that pyproject.toml promises, and students' on the ends."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    first, end = map(int, re.findall(r"3\.(\d+)", project["requires-python"]))
    versions = [f"3.{minor}" for minor in range(first, end)]
    jobs = workflow("check")["jobs"]
    assert jobs["check"]["strategy"]["matrix"]["python"] == versions
    assert jobs["student"]["strategy"]["matrix"] == {
        "os": ["macos-latest", "windows-latest"],
        "python": [versions[0], versions[-1]],
    }


def test_the_cold_build_has_the_time_that_the_readme_says():
    """Once a week the whole book is built from nothing, on two cores, within twice that time."""
    parsed = workflow("cold")
    builds = [
        step for step in parsed["jobs"]["book"]["steps"] if "make book" in step.get("run", "")
    ]
    assert parsed[True]["schedule"]  # YAML reads the key "on" as true
    assert "a quarter of an hour to half an hour on two cores" in (ROOT / "README.md").read_text(
        "utf-8"
    )
    assert [0 < step["timeout-minutes"] <= 60 for step in builds] == [True]
    assert "cache" not in str(parsed["jobs"]["book"])


def test_the_citation_is_whole_and_of_this_version():
    """CITATION.cff has what its schema requires, and agrees with pyproject.toml."""
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert {"cff-version", "message", "title", "authors", "license"} <= citation.keys()
    assert citation["cff-version"] == "1.2.0"
    assert (citation["version"], citation["license"]) == (project["version"], project["license"])
    assert [author["name"] for author in citation["authors"]] == [
        author["name"] for author in project["authors"]
    ]


def test_the_hooks_run_our_own_linters():
    """Every pre-commit hook is a make target of this repository, and make knows how to run it."""
    config = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text("utf-8"))
    assert [repository["repo"] for repository in config["repos"]] == ["local"]
    for hook in config["repos"][0]["hooks"]:
        assert hook["language"] == "system"
        assert hook["entry"].startswith("make ")
        dry = [*hook["entry"].split(), "--dry-run"]
        done = subprocess.run(dry, cwd=ROOT, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        assert "ruff" in done.stdout


@pytest.mark.parametrize("page", ["index", "working", "grading"])
def test_the_commands_of_a_page_exist(page):
    """What the front matter of the book tells a reader to type is there."""
    text = (BOOK / f"{page}.md").read_text("utf-8")
    assert named_in(text, "make") <= TARGETS
    assert named_in(text, "fmnist") <= commands.commands.keys()
    assert named_in(text, "make")


@pytest.mark.parametrize("name", ["README.md", "book/working.md", "book/grading.md"])
def test_the_options_of_a_text_exist(name):
    """Whoever types one that a text names is understood, by the command that it stands behind."""
    known = options(commands)
    text = (ROOT / name).read_text("utf-8")
    typed = re.findall(r"(?:^[$>] |`)fmnist ([a-z][^`\n#]*)", text, re.MULTILINE)
    for words in map(str.split, typed):
        command = commands
        while isinstance(command, click.Group) and words:
            command = command.commands.get(words.pop(0), click.Command(""))
        assert {word for word in words if word.startswith("--")} <= options(command), words
    named = set(re.findall(r"`(--[a-z-]+)", text))
    assert named <= known


def test_the_page_on_grading_says_what_the_grader_knows(tmp_path):
    """Levels of isolation, columns of marks, and rules that the grader can read."""
    text = (BOOK / "grading.md").read_text("utf-8")
    for level in isolation.LEVELS.values():
        assert f"| {level.letter} |" in text
    assert f"isolation A: {isolation.LEVELS['A'].meaning}" in text
    assert f"`{','.join(by_hand.COLUMNS)}`" in text
    rules = tmp_path / "late.toml"
    rules.write_text(text.partition("```toml\n")[2].partition("```")[0], "utf-8")
    assert policy.read(rules).late.percent_per_day == 10


@pytest.mark.parametrize("name", ["CHANGELOG.md", "CITATION.cff", "LICENSE"])
def test_the_page_about_the_book_repeats_nothing(name):
    """Licence, citation and changes are on the site as they are in the repository."""
    text = (BOOK / "about.md").read_text("utf-8")
    assert re.search(rf"^```{{(?:literal)?include}} \.\./{re.escape(name)}$", text, re.MULTILINE)


def test_solutions_are_published_only_where_somebody_said_so():
    """By a variable or by hand; the workflow and the page on grading say what that is for."""
    (path,) = (ROOT / ".github" / "workflows").glob("publish.yml")
    text = path.read_text("utf-8")
    read = yaml.safe_load(text)
    (inputs,) = [on["workflow_dispatch"]["inputs"] for on in [read[True]]]  # YAML reads "on" so
    assert inputs["solutions"]["default"] is False
    chosen = read["jobs"]["build"]["env"]["SOLUTIONS"]
    condition = re.fullmatch(r"\$\{\{ \((.+)\) && 'yes' \|\| 'no' \}\}", chosen)[1]
    assert condition == "inputs.solutions || vars.FMNIST_SOLUTIONS == 'yes'"
    assert "make book" in commands_of(workflow("publish"))
    for said, wanted in (("no", True), ("yes", False)):
        dry = subprocess.run(
            ["make", "--dry-run", "book"],
            cwd=ROOT,
            env=os.environ | {"SOLUTIONS": said},
            capture_output=True,
            text=True,
            check=True,
        )
        assert ("--no-solutions" in dry.stdout) is wanted
    (upload,) = [
        step["with"]["path"]
        for step in read["jobs"]["build"]["steps"]
        if "upload-pages-artifact" in step.get("uses", "")
    ]
    assert upload.endswith("|| '_build/no-solutions/_build/html' }}")
    comment = " ".join(text.partition("name:")[0].replace("#", "").split())
    page = (BOOK / "grading.md").read_text("utf-8")
    for said in (comment, page):
        assert "without solutions" in said
        assert "FMNIST_SOLUTIONS" in said
        assert "private" in said


def test_the_glossary_is_in_order():
    """Terms stand in alphabetical order, each once."""
    terms = glossary()
    assert len(terms) > 50
    assert terms == sorted(set(terms), key=str.casefold)


def test_every_term_of_the_glossary_is_used():
    """Each is linked from a page other than the glossary; that links lead there, Sphinx checks."""
    texts = [page.read_text("utf-8") for page in BOOK.glob("*.md") if page.stem != "glossary"]
    texts += [objective.text for objective in catalog.read().objectives]
    linked = set()
    for shown in re.findall(r"\{term\}`([^`]+)`", "\n".join(texts)):
        target = re.fullmatch(r".*<(.+)>", shown, re.DOTALL)
        linked.add((target[1] if target else shown).casefold())
    assert [term for term in glossary() if term.casefold() not in linked] == []
