"""Kept runs: what was trained, under a key made of all that decides the result.

A run is a folder ``runs/<key>`` in the cache with ``run.json``, ``weights.npz`` and
``validation.npy``. It is written beside its place and moved there in one step, so it is whole or
absent. Nothing is ever changed in it: other code, data, versions or recipe give another key. What
a disk or another version has made of it is seen when it is looked for: such a run is trained
again, and the folder is set aside.
"""

import functools
import hashlib
import importlib.metadata
import json
import os
import platform
import re
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO

import numpy as np

from fmnist import course
from fmnist.data import sources, splits
from fmnist.data.preprocess import Standardiser
from fmnist.tools import keeping
from fmnist.tools.keeping import code_hash, text_hash
from fmnist.tools.user_errors import UserError
from fmnist.training import arithmetic, recipes
from fmnist.training.recipes import Recipe

# What training reaches and what yet decides nothing of its result, so that it is in no key.
DECIDE_NOTHING = (
    "fmnist.data.fetch",  # the images are those whose SHA-256 is in the key
    "fmnist.training.recipes",  # every choice of the recipe is in the key, and its precision
    "fmnist.training.runs",  # how a result is kept
)
# Modules that a recipe may do without.
OPTIONAL: dict[str, Callable[[Recipe], bool]] = {
    "fmnist.training.muon": lambda recipe: recipe.optimiser == "muon",
    "fmnist.training.whitening": lambda recipe: recipe.stem == "whitening",
}
MODELS = "fmnist.training.models"  # of its networks only the one of the recipe decides
PACKAGES = ("keras", "numpy", "tensorflow")
RECORD = "run.json"
ARRAYS = ("weights.npz", "validation.npy")
SET_ASIDE = ".unreadable-"  # before the key: a folder that could not be read
KEY = re.compile(r"[0-9a-f]{16}")


class StoreError(UserError):
    """The folder of runs cannot be written; the message says why and what to do."""


@dataclass(frozen=True, kw_only=True)
class Training:
    """What is said of a training, whether it has just ended or its run is kept.

    Attributes:
        history: one row per epoch. "loss" and "accuracy" are means over the epoch, while the
            weights changed and augmentation and dropout were on; "val_loss" and "val_accuracy"
            are those of the weights after the epoch. Losses are cross-entropies in nats per
            image, without label smoothing; accuracies are fractions; "learning_rate" is that of
            the epoch's last step.
        parameters: how many numbers were trained.
        validation: digest of the validation images, see `splits.Split`.
        standardiser: scaling with statistics of the training images, which the network expects.
        train_images: how many images it was trained on.
        seconds: of one core that training took; of its last part, if it was resumed.
    """

    history: Sequence[dict[str, float]]
    parameters: int
    validation: str
    standardiser: Standardiser
    train_images: int
    seconds: float


@dataclass(frozen=True, kw_only=True)
class Trained(Training):
    """What training gives.

    Attributes:
        weights: in the order of `keras.Model.get_weights`.
        validation_logits: float32, shape (n, 10), of these weights.
    """

    weights: list[np.ndarray]
    validation_logits: np.ndarray


@dataclass(frozen=True, kw_only=True)
class Run(Training):
    """One trained network that is kept.

    Attributes:
        key: of the run; also the name of its folder.
        recipe: what was trained.
        machine: kind of machine it was trained on.
        code: hash of the code that decides what the recipe gives.
        images: hash of the files with the training images.
        versions: of the packages that computed.
    """

    key: str
    recipe: Recipe
    machine: str
    code: str
    images: str
    versions: dict[str, str]

    def weights(self) -> list[np.ndarray]:
        """Return the weights in the order of `keras.Model.get_weights`."""
        with np.load(_folder() / self.key / "weights.npz") as file:
            return [file[f"arr_{index}"] for index in range(len(file.files))]

    def validation_logits(self) -> np.ndarray:
        """Return what the network says of the validation images: float32, shape (n, 10)."""
        return np.load(_folder() / self.key / "validation.npy")


def key(recipe: Recipe) -> str:
    """Return the key of a recipe on this data, code and these versions: 16 hexadecimal digits."""
    deciding = {
        "recipe": asdict(recipe) | {"precision": recipes.precision(recipe)},
        "data": _hash_of_images(),
        "smoke": splits.is_smoke(),
        "arithmetic": arithmetic.name(),
        "code": code(recipe),
        "versions": _versions(),
    }
    return text_hash(json.dumps(deciding, sort_keys=True))


def code(recipe: Recipe) -> str:
    """Return a hash of the code that decides what the training of a recipe gives."""
    return _hash_of_code(recipe.model, _unused(recipe))


def deciding(recipe: Recipe) -> dict[str, Path]:
    """Return name and file of the modules that decide what the training of a recipe gives."""
    return _deciding(_unused(recipe))


def _unused(recipe: Recipe) -> tuple[str, ...]:
    return tuple(name for name, needs in OPTIONAL.items() if not needs(recipe))


@functools.cache
def _deciding(unused: tuple[str, ...]) -> dict[str, Path]:
    return keeping.reached("fmnist.training.fit", without=(*DECIDE_NOTHING, *unused))


def _hash_of_code(model: str, unused: tuple[str, ...]) -> str:
    hashes = {
        name: code_hash(path, messages=False, of=("of", model) if name == MODELS else ())
        for name, path in _deciding(unused).items()
    }
    return text_hash(json.dumps(hashes))


def _hash_of_images() -> str:
    return text_hash(
        "".join(file.sha256 for file in sources.FILES if file.name.startswith("train"))
    )


def _versions() -> dict[str, str]:
    return {name: importlib.metadata.version(name) for name in PACKAGES}


def find(key_: str) -> Run | None:
    """Return the kept run with this key, or None if there is none that is whole."""
    try:
        return read(key_)
    except (OSError, AttributeError, KeyError, TypeError, ValueError):
        return None


def read(key_: str) -> Run:
    """Return the kept run with this key, which is there.

    Raises:
        OSError, AttributeError, KeyError, TypeError, ValueError: it is not, or not whole.
    """
    stored = json.loads((_folder() / key_ / RECORD).read_text("utf-8"))
    if stored.pop("sums") != _sums(_folder() / key_):
        raise ValueError(f"the files of run {key_} are not those that were kept")
    stored["recipe"] = Recipe(**stored["recipe"])
    stored["standardiser"] = Standardiser(**stored["standardiser"])
    stored["history"] = tuple(stored["history"])
    return Run(**stored)


def unreadable() -> list[str]:
    """Return the keys of folders that are kept and hold no whole run, sorted.

    They are damaged or of another version of this package; training sets them aside.
    """
    keys = (path.name for path in _folder().glob("*") if KEY.fullmatch(path.name))
    return sorted(key_ for key_ in keys if find(key_) is None)


def _sums(folder: Path) -> dict[str, str]:
    return {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in ARRAYS}


def keep(key_: str, recipe: Recipe, trained: Trained) -> Run:
    """Store a run and return it. If another process was faster, its run is returned.

    Raises:
        StoreError: the folder cannot be written, or the disk is full.
    """
    stored = asdict(trained)
    weights, logits = stored.pop("weights"), stored.pop("validation_logits")
    stored |= {
        "key": key_,
        "recipe": asdict(recipe) | {"precision": recipes.precision(recipe)},
        "seconds": round(trained.seconds, 1),
        "machine": f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores",
        "code": code(recipe),
        "images": _hash_of_images(),
        "versions": _versions(),
    }
    with _written(key_) as folder:
        np.savez(folder / "weights.npz", *weights)
        np.save(folder / "validation.npy", logits)
        text = json.dumps(stored | {"sums": _sums(folder)}, indent=1)
        (folder / RECORD).write_text(text, "utf-8")
    checkpoint(key_).unlink(missing_ok=True)
    return read(key_)


def files(key_: str) -> dict[str, bytes]:
    """Return the content of a kept run's files by name, for another machine to `receive`."""
    return {path.name: path.read_bytes() for path in (_folder() / key_).iterdir()}


def receive(key_: str, content: dict[str, bytes]) -> None:
    """Keep a run that another machine has trained.

    Raises:
        StoreError: the folder cannot be written, or the disk is full.
    """
    with lock(key_), _written(key_) as folder:
        for name, data in content.items():
            (folder / Path(name).name).write_bytes(data)


@contextmanager
def _written(key_: str) -> Iterator[Path]:
    """Yield a folder that becomes that of the run, whole, unless another process was faster."""
    with _told_if_unwritable():
        writing = Path(tempfile.mkdtemp(dir=_made_folder(), prefix=_unfinished(key_)))
        try:
            yield writing
            writing.chmod(0o755)
            if find(key_) is None:
                _set_aside(key_)
            try:
                writing.rename(_folder() / key_)
            except OSError:
                if find(key_) is None:
                    raise
        finally:
            shutil.rmtree(writing, ignore_errors=True)


def _set_aside(key_: str) -> None:
    """Move what lies in the place of a run, and is none, out of the way."""
    place, aside = _folder() / key_, _folder() / f"{SET_ASIDE}{key_}"
    if place.exists():
        shutil.rmtree(aside, ignore_errors=True)  # of an earlier time
        place.rename(aside)


def kept() -> list[Run]:
    """Return all kept runs, sorted by recipe and key."""
    found = [find(path.name) for path in _folder().glob("*") if not path.name.startswith(".")]
    runs = [run for run in found if run is not None]
    return sorted(runs, key=lambda run: (run.recipe.model, str(run.recipe), run.key))


def stale(wanted: Iterable[Recipe]) -> list[str]:
    """Return the names of what no recipe in `wanted` would find again, sorted.

    These are runs of other code, data, versions or recipes, checkpoints of such runs, what could
    not be read, and what processes left that were killed while they wrote.
    """
    keys = {key(recipe) for recipe in wanted}
    return sorted(
        path.name
        for path in _folder().glob("*")
        if path.name.removeprefix(".training-").split(".")[0] not in keys
        and not _is_being_written(path.name)
    )


def _is_being_written(name: str) -> bool:
    """Tell whether an unfinished file or folder belongs to a process that is at work."""
    if not name.startswith(keeping.TEMPORARY):
        return False
    key_ = name.removeprefix(keeping.TEMPORARY).partition("-")[0]
    try:
        with _told_if_unwritable(), keeping.alone(_lock_file(key_), wait=0):
            return False
    except keeping.Busy:
        return True


def remove(name: str) -> None:
    """Remove one run, by its key, or what `stale` names.

    Raises:
        StoreError: it cannot be removed.
    """
    with _told_if_unwritable():
        path = _folder() / name
        if path.is_dir():
            # First out of its place, so that it is whole or absent at every moment.
            doomed = path.rename(_folder() / f"{keeping.TEMPORARY}{name.lstrip('.')}-removed")
            shutil.rmtree(doomed)
        else:
            path.unlink(missing_ok=True)


def checkpoint(key_: str) -> Path:
    """Return the file that holds the state of a training that was not finished."""
    return _folder() / f".training-{key_}.npz"


@contextmanager
def lock(key_: str) -> Iterator[None]:
    """Hold the right to train a run and to write its files; whoever comes second waits.

    What a process left that was killed while it wrote them is removed: none is at work now.

    Raises:
        StoreError: the folder cannot be written.
    """
    with ExitStack() as held:
        with _told_if_unwritable():
            held.enter_context(keeping.alone(_lock_file(key_)))
        keeping.clear(_folder(), _unfinished(key_))
        yield


def write_checkpoint(key_: str, write: Callable[[IO[bytes]], object]) -> None:
    """Have the state of a training written whole, or leave the one before.

    Raises:
        StoreError: the folder cannot be written, or the disk is full.
    """
    with _told_if_unwritable():
        _made_folder()
        keeping.write_whole(checkpoint(key_), write, temporary=_unfinished(key_))


@contextmanager
def _told_if_unwritable() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StoreError(
            f"Runs cannot be kept in {_folder()}: {error.strerror or error}. Make room there, or "
            "set FMNIST_CACHE to another folder."
        ) from None


def _unfinished(key_: str) -> str:
    """Return how the names of a run's unfinished files begin."""
    return f"{keeping.TEMPORARY}{key_}-"


def _lock_file(key_: str) -> Path:
    return course.cache() / "locks" / f"{key_}.lock"


def _made_folder() -> Path:
    _folder().mkdir(parents=True, exist_ok=True)
    return _folder()


def _folder() -> Path:
    return course.cache() / "runs"
