"""What the repository promises about itself."""

import io
import re
import subprocess
import tomllib

import pytest
from PIL import Image

from fmnist.course import ROOT
from pictures import COLOURS, LIMIT, PAGE, REPLY, SIZE, of_page, of_reply, reply

LOCK = (ROOT / "requirements.lock").read_text("utf-8")
README = (ROOT / "README.md").read_text("utf-8")
CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
GUIDES = ("README.md", "CONTRIBUTING.md", "fmnist/README.md")
TEXTS = [*(ROOT / "book").rglob("*.md"), *(ROOT / "exercises").rglob("*.md")]
PAGES = sorted(path.relative_to(ROOT).as_posix() for path in TEXTS)
# A path of the repository in code, without a part that a reader fills in.
NAMED = re.compile(r"`((?:fmnist|tests|book|exercises|solutions|\.github)/[\w./-]*)`")
DOTTED = re.compile(r"`(fmnist(?:\.\w+)+)(?:\(.*\))?`")
LINK = re.compile(r"\]\(([^)\s]+)\)")


def tables(text: str) -> list[list[list[str]]]:
    """Return the cells of each table of a Markdown text, by rows, its head first."""
    blocks = re.findall(r"(?:^\|.*\|\n)+", text, re.MULTILINE)
    return [
        [
            [cell.strip() for cell in line.strip("|").split("|")]
            for line in block.splitlines()
            if not re.fullmatch(r"[|-]+", line)
        ]
        for block in blocks
    ]


def below(text: str, heading: str) -> str:
    """Return what stands below a heading of the second level."""
    return text.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]


def tracked() -> list[str]:
    """Return the names of all files under version control, or about to be."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if listed.returncode:
        pytest.skip("only in a git checkout")
    return listed.stdout.splitlines()


def is_there(dotted: str) -> bool:
    """Return whether a dotted name is a module of the package, or stands in one."""
    module = ROOT.joinpath(*dotted.split("."))
    if module.is_dir() or module.with_suffix(".py").is_file():
        return True
    file = module.parent.with_suffix(".py")
    file = file if file.is_file() else module.parent / "__init__.py"
    return file.is_file() and bool(re.search(rf"\b{module.name}\b", file.read_text("utf-8")))


def test_nothing_is_tracked_that_a_command_makes():
    """No notebook, data set, trained network or built page, but the tables that take hours."""
    made = re.compile(r"\.(ipynb|gz|npz|npy|keras|h5|onnx|tflite|zip|whl|html|csv)$")
    kept = (
        "fmnist/grading/reports/templates/",
        "book/class/",  # examples to start from
        "book/replications.csv",
        "fmnist/training/gains.csv",
        "fmnist/training/recipe_results.csv",
    )
    found = [name for name in tracked() if made.search(name)]
    assert [name for name in found if not name.startswith(kept)] == []


def test_the_lock_has_versions_and_hashes_and_no_address():
    """Every package is pinned with its hashes, and no index or file is named."""
    packages = re.findall(r"^[a-z0-9-]+==\S+", LOCK, re.MULTILINE)
    assert len(packages) > 80
    assert LOCK.count("--hash=sha256:") >= len(packages)
    assert "://" not in LOCK


@pytest.mark.parametrize("pinned", [r"jupyter-book==1\.\S+", r"tensorflow==\S+", r"keras==3\.\S+"])
def test_the_lock_has_what_the_course_needs(pinned):
    """A Jupyter Book 1, Keras 3, and TensorFlow under its own name on every platform."""
    assert len(re.findall(f"^{pinned}", LOCK, re.MULTILINE)) == 1
    assert "tensorflow-cpu" not in LOCK


def test_the_commands_of_the_readme_exist():
    """Every make target that the README names is in the Makefile."""
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    named = set(re.findall(r"make ([a-z-]+)", README))
    assert named
    assert named <= targets


def test_the_readme_says_what_the_installation_says():
    """How much is installed and how long it takes is what `make setup` announces."""
    told = re.search(r"about \d+ GB on disk, \d+ to \d+ minutes", (ROOT / "Makefile").read_text())
    size, _, minutes = told[0].partition(", ")
    first = README.partition("\n## ")[0]
    assert size in first
    assert minutes in first


@pytest.mark.parametrize("name", GUIDES)
def test_links_within_the_repository_lead_somewhere(name):
    """Whoever follows one finds a file or a folder."""
    text = (ROOT / name).read_text("utf-8")
    inner = [link for link in LINK.findall(text) if not link.startswith("https://")]
    folder = (ROOT / name).parent
    assert [link for link in inner if not (folder / link.partition("#")[0]).exists()] == []


@pytest.mark.parametrize("name", [*GUIDES, *PAGES])
def test_a_path_in_a_text_is_that_of_a_file(name):
    """What was moved or renamed is called by its new name."""
    text = (ROOT / name).read_text("utf-8")
    assert [path for path in NAMED.findall(text) if not (ROOT / path).exists()] == []
    assert [dotted for dotted in DOTTED.findall(text) if not is_there(dotted)] == []


# --- the first screen ---


def test_each_cell_of_the_comparison_has_its_source():
    """A claim about another course or grader, or about this one, can be looked up."""
    compared = tables(below(README, "What comparable courses and graders give"))
    assert len(compared) == 2
    for head, *rows in compared:
        assert all(LINK.search(cell) for cell in head[2:]), head
        for row in rows:
            assert len(row) == len(head)
            assert [cell for cell in row[1:] if not LINK.search(cell)] == []


def test_the_pictures_are_small_and_can_be_heard():
    """Both are in the README, with a text that says what they show; one command takes them."""
    shown = {path: text for text, path in re.findall(r"^!\[(.+)\]\((.+)\)$", README, re.MULTILINE)}
    made = {path.relative_to(ROOT).as_posix() for path in (PAGE, REPLY)}
    assert shown.keys() == made
    assert {path for path in tracked() if path.startswith(".github/pictures/")} <= made
    assert sum((ROOT / path).stat().st_size for path in made) <= LIMIT
    assert all(len(text) > 100 for text in shown.values())


def test_the_reply_of_the_picture_is_what_the_command_says():
    """The text beside the picture quotes it: whoever changes the reply takes the picture anew."""
    command, _, answer = reply().partition("\n")
    found = re.search(r"^!\[(A terminal\..+)\]", README, re.MULTILINE)
    number = README.count("\n", 0, found.start()) + 1
    lines = [line.strip() for line in answer.splitlines()]
    quoted = [line for line in lines if line.endswith(".")]
    assert quoted
    missing = [text for text in (f'"{command}"', lines[0], *quoted) if text not in found[1]]
    told = f"README.md, line {number}: write {missing} in the text, and type: make pictures"
    assert missing == [], told


def test_a_picture_shows_a_whole_screen_or_a_whole_text(browser, tmp_path):
    """A page has the size of the window, a reply that of its lines; both have few colours."""
    (tmp_path / "page.html").write_text("<p class='live-figure'>A figure <svg></svg></p>", "utf-8")
    page = Image.open(io.BytesIO(of_page(browser, (tmp_path / "page.html").as_uri())))
    short, long = (
        Image.open(io.BytesIO(of_reply(browser, "fmnist check\n" + "<One> line\n" * lines)))
        for lines in (1, 4)
    )
    assert page.size == (SIZE["width"], SIZE["height"])
    assert short.size[0] == long.size[0]
    assert short.size[1] < long.size[1]
    assert all(len(picture.getcolors()) <= COLOURS for picture in (page, short, long))


# --- what is installed, and why ---


def test_every_dependency_has_its_reason():
    """Each package that pyproject.toml asks for is in the table, with why and what it replaces."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    wanted = [*project["dependencies"]]
    for extra in project["optional-dependencies"].values():
        wanted += extra
    packages = {re.match(r"[\w-]+", one)[0].lower() for one in wanted} - {project["name"]}
    ((_, *rows),) = tables(below(CONTRIBUTING, "Dependencies, and why each"))
    named = {name.lower() for row in rows for name in re.findall(r"[\w-]+", row[0])}
    assert packages - named == set()
    assert [row for row in rows if len(row) != 3 or not all(row)] == []
