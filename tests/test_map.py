"""What is said of how the parts of the package fit together, held against the parts."""

import ast
import re
import tomllib
from collections.abc import Iterable
from pathlib import Path

import fmnist
from fmnist.grading.sandbox import isolation

PACKAGE = Path(fmnist.__file__).parent
README = (PACKAGE / "README.md").read_text("utf-8")
COMPUTING = {"keras", "tensorflow"}
CONTRACTS = tomllib.loads((PACKAGE.parent / "pyproject.toml").read_text("utf-8"))["tool"][
    "importlinter"
]["contracts"]


def imported(nodes: Iterable[ast.AST]) -> set[str]:
    """Return what some statements import, with what it is taken from."""
    names = set()
    for node in nodes:
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def section(title: str) -> str:
    """Return what stands below a heading of the README."""
    return README.partition(f"## {title}\n")[2].partition("\n## ")[0]


def test_the_picture_is_what_is_checked():
    """The README shows the layers of the contract, from the top down."""
    picture = section("Who may import whom").split("```")[1]
    shown = [re.split(r"\s{2,}", line)[0] for line in picture.strip().splitlines()]
    assert shown == CONTRACTS[0]["layers"]
    inner = " ".join(CONTRACTS[1]["layers"]).replace(" | ", " ").split()
    sentence = section("Who may import whom").partition("Within `grading`")[2].partition("\n")[0]
    assert re.findall(r"\w+", sentence.replace("then", "")) == inner


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
        file.stem
        for file in PACKAGE.rglob("*.py")
        if {name.split(".")[0] for name in imported(ast.parse(file.read_text("utf-8")).body)}
        & COMPUTING
    }
    assert set(re.findall(r"`(\w+)`", sentence)) == heavy


def test_the_map_names_every_part():
    """Whoever asks for help on the package finds each module and each subpackage."""
    parts = {path.stem for path in PACKAGE.iterdir() if not path.name.startswith("__")}
    assert set(re.findall(r"\w+", fmnist.__doc__)) >= parts - {"README"}
