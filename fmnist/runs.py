"""Kept runs: what was trained, under a key made of all that decides the result.

A run is a folder ``runs/<key>`` in the cache with ``run.json`` and ``weights.npz``. It is
written beside its place and moved there in one step, so it is whole or absent. Nothing is ever
changed in it: other code, data, versions or recipe give another key.
"""

import ast
import hashlib
import importlib.metadata
import json
import os
import platform
import shutil
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from fmnist import data, fetch, paths
from fmnist.preprocess import Standardiser
from fmnist.recipes import Recipe

# The modules that decide what training gives, and the packages that they compute with.
MODULES = ("data", "models", "preprocess", "train")
PACKAGES = ("keras", "numpy", "tensorflow")


@dataclass(frozen=True)
class Run:
    """One trained network.

    Attributes:
        key: of the run; also the name of its folder.
        recipe: what was trained.
        history: one row per epoch, see `train.fit`.
        seconds: that training took, wall time.
        machine: kind of machine it was trained on.
        train_images: how many images it was trained on.
        standardiser: statistics of those images, on whose scale the network expects its input.
    """

    key: str
    recipe: Recipe
    history: tuple[dict[str, float], ...]
    seconds: float
    machine: str
    train_images: int
    standardiser: Standardiser

    def weights(self) -> list[np.ndarray]:
        """Return the weights in the order of `keras.Model.get_weights`."""
        with np.load(_folder() / self.key / "weights.npz") as file:
            return [file[f"arr_{index}"] for index in range(len(file.files))]


def key(recipe: Recipe) -> str:
    """Return the key of a recipe on this data, code and these versions: 16 hexadecimal digits."""
    deciding = {
        "recipe": asdict(recipe),
        "data": [file.sha256 for file in fetch.FILES if file.name.startswith("train")],
        "smoke": data.is_smoke(),
        "code": {name: code_hash(Path(__file__).with_name(f"{name}.py")) for name in MODULES},
        "versions": {name: importlib.metadata.version(name) for name in PACKAGES},
    }
    return hashlib.sha256(json.dumps(deciding, sort_keys=True).encode()).hexdigest()[:16]


def code_hash(path: Path) -> str:
    """Return a hash of what a module does: its syntax tree without docstrings and comments."""
    tree = ast.parse(path.read_text("utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and ast.get_docstring(
            node, clean=False
        ):
            node.body = node.body[1:]
    return hashlib.sha256(ast.dump(tree).encode()).hexdigest()[:16]


def find(key_: str) -> Run | None:
    """Return the kept run with this key, or None."""
    try:
        stored = json.loads((_folder() / key_ / "run.json").read_text("utf-8"))
    except FileNotFoundError:
        return None
    recipe = Recipe(**stored.pop("recipe"))
    standardiser = Standardiser(**stored.pop("standardiser"))
    history = tuple(stored.pop("history"))
    return Run(recipe=recipe, history=history, standardiser=standardiser, **stored)


def keep(
    key_: str,
    recipe: Recipe,
    weights: list[np.ndarray],
    history: list[dict[str, float]],
    *,
    standardiser: Standardiser,
    train_images: int,
    seconds: float,
) -> Run:
    """Store a run and return it. If another process was faster, its run is returned."""
    _folder().mkdir(parents=True, exist_ok=True)
    writing = Path(tempfile.mkdtemp(dir=_folder(), prefix=".writing-"))
    try:
        np.savez(writing / "weights.npz", *weights)
        stored = {
            "key": key_,
            "recipe": asdict(recipe),
            "history": history,
            "seconds": seconds,
            "machine": f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores",
            "train_images": train_images,
            "standardiser": asdict(standardiser),
        }
        (writing / "run.json").write_text(json.dumps(stored, indent=1), "utf-8")
        writing.chmod(0o755)
        try:
            writing.rename(_folder() / key_)
        except OSError:
            if find(key_) is None:
                raise
    finally:
        shutil.rmtree(writing, ignore_errors=True)
    run = find(key_)
    assert run is not None  # noqa: S101 (it was just written)
    return run


def kept() -> list[Run]:
    """Return all kept runs, sorted by recipe and key."""
    found = [find(path.parent.name) for path in _folder().glob("*/run.json")]
    runs = [run for run in found if run is not None]
    return sorted(runs, key=lambda run: (run.recipe.model, run.recipe.seed, run.key))


def _folder() -> Path:
    return paths.cache() / "runs"
