"""What is said of how the parts of the package fit together, held against the parts."""

import ast
import re
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

import fmnist
from fmnist.grading import isolation

PACKAGE = Path(fmnist.__file__).parent
README = (PACKAGE / "README.md").read_text("utf-8")
NOTHING = "nothing of the package"
EVERYTHING = "everything"
COMPUTING = {"keras", "tensorflow"}


def part_of(file: Path) -> str:
    """Return the module or the subpackage that a file belongs to."""
    return file.relative_to(PACKAGE).with_suffix("").parts[0]


def files() -> list[Path]:
    """Return every module, but those that are named by what they are for."""
    return [file for file in PACKAGE.rglob("*.py") if not part_of(file).startswith("__")]


PARTS = {part_of(file) for file in files()}


def imported(nodes: Iterable[ast.AST]) -> set[str]:
    """Return what some statements import, with what it is taken from."""
    names = set()
    for node in nodes:
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def parts_imported(file: Path) -> set[str]:
    """Return the parts of the package that a file imports, at its top or where it needs them."""
    names = imported(ast.walk(ast.parse(file.read_text("utf-8"))))
    return {name.split(".")[1] for name in names if name.startswith("fmnist.")} & PARTS


def arrows(text: str) -> dict[str, set[str]]:
    """Return what the lines with an arrow say, by what stands before it."""
    said = {}
    for line in text.splitlines():
        if " -> " in line:
            left, _, right = line.partition(" -> ")
            right = re.split(r"\s{2,}", right)[0]
            to = (
                set()
                if right == NOTHING
                else PARTS
                if right == EVERYTHING
                else {*right.split(", ")}
            )
            said |= {name.strip(): to for name in left.split(",")}
    return said


def section(title: str) -> str:
    """Return what stands below a heading of the README."""
    return README.partition(f"## {title}\n")[2].partition("\n## ")[0]


def test_the_arrows_are_the_imports():
    """Each part stands in the README with all that it imports, and with nothing else."""
    found = defaultdict(set)
    for file in files():
        found[part_of(file)] |= parts_imported(file) - {part_of(file)}
    said = arrows(section("Who may import whom"))
    said["cli"] = found["cli"]  # commands may import everything
    assert said == found


def test_grading_reaches_neither_the_images_nor_training():
    """The checks and the class can do without them, directly and through others."""
    said = arrows(section("Who may import whom"))
    waiting, reached = ["grading", "exercises"], set()
    while waiting:
        part = waiting.pop()
        if part not in reached:
            reached.add(part)
            waiting += said[part]
    assert not reached & {"data", "fetch", "models", "runs", "train"}


def test_what_a_worker_sees_imports_only_what_it_sees():
    """Nothing else is there, so anything else would end it."""
    seen = [PACKAGE / name for name in isolation.VISIBLE]
    modules = [file for one in seen for file in ([one] if one.is_file() else one.rglob("*.py"))]
    known = {".".join(file.relative_to(PACKAGE.parent).with_suffix("").parts) for file in modules}
    known |= {name.removesuffix(".__init__") for name in known}
    for file in modules:
        names = imported(ast.walk(ast.parse(file.read_text("utf-8"))))
        ours = {name for name in names if name.split(".")[0] == "fmnist"}
        assert all(name in known or name.rpartition(".")[0] in known for name in ours), file


def test_what_loads_tensorflow_is_named():
    """The README names each module that imports it at the top."""
    sentence = section("Who may import whom").partition("\n- Only ")[2].partition(" import ")[0]
    heavy = {
        part_of(file)
        for file in files()
        if {name.split(".")[0] for name in imported(ast.parse(file.read_text("utf-8")).body)}
        & COMPUTING
    }
    assert set(re.findall(r"`(\w+)`", sentence)) == heavy


def test_the_map_names_every_part():
    """Whoever asks for help on the package finds each module and each subpackage."""
    assert set(re.findall(r"\w+", fmnist.__doc__)) >= PARTS
