"""Recipes, and the store of what was trained."""

import contextlib
import dataclasses
import os
import shutil
import subprocess
import sys
import threading
from concurrent.futures import Future, ThreadPoolExecutor
from types import SimpleNamespace

import numpy as np
import pytest

from fmnist import course
from fmnist.data import preprocess
from fmnist.training import arithmetic, recipes, runs, sweep

RNG = np.random.default_rng(0)
LINEAR = recipes.RECIPES["linear"]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"model": "huge"}, "model must be one of linear, mlp, .*, not 'huge'"),
        ({"optimiser": "magic"}, "optimiser must be one of adam, sgd, muon, not 'magic'"),
        ({"epochs": 0}, "epochs must be at least 1, not 0"),
        ({"batch_size": 0}, "batch_size must be at least 1"),
        ({"patience": -1}, "patience must be at least 0"),
        ({"images": 15}, "images must be a multiple of 10, not 15"),
        ({"learning_rate": -1.0}, "learning_rate must be a float above 0"),
        ({"learning_rate": float("nan")}, "learning_rate must be a float above 0"),
        ({"weight_decay": float("inf")}, "weight_decay must be at least 0"),
        ({"dropout": 1.0}, r"dropout must be in \[0, 1\), not 1.0"),
        ({"label_smoothing": -0.1}, r"label_smoothing must be in \[0, 1\)"),
    ],
)
def test_a_recipe_that_cannot_be_trained_is_refused(change, message):
    """The message names field and value."""
    with pytest.raises(ValueError, match=message):
        dataclasses.replace(LINEAR, **change)


def test_a_recipe_says_what_is_special_about_it():
    """Fields at their defaults are not named."""
    assert str(LINEAR) == "linear, 5 epochs, seed 0"
    special = dataclasses.replace(LINEAR, seed=3, dropout=0.5)
    assert str(special) == "linear, 5 epochs, dropout 0.5, seed 3"


def test_variants_of_the_ablation_differ_in_one_field():
    """What changes between two of them has one cause."""
    for name, recipe in (recipes.ABLATION | recipes.TUNING).items():
        other = recipes.ABLATION[recipes.COMPARED_WITH.get(name, "plain")]
        plain = dataclasses.asdict(other)
        fields = [field for field, value in dataclasses.asdict(recipe).items()
                  if value != plain[field]]  # fmt: skip
        if name == "sgd":  # another optimiser needs another learning rate
            fields.remove("learning_rate")
        assert len(fields) == (name != "plain"), name


def test_precision_follows_the_processor(monkeypatch):
    """Where it is left to the machine, bfloat16 is taken only if the processor has it."""
    auto = dataclasses.replace(LINEAR, precision="auto")
    for able, expected in ((True, "bfloat16"), (False, "float32")):
        monkeypatch.setattr(arithmetic, "has_bfloat16", lambda able=able: able)
        assert recipes.precision(auto) == expected
        assert recipes.precision(LINEAR) == "float32"


def test_the_key_follows_all_that_decides_the_result(monkeypatch):
    """Another seed, training code, data, version or precision gives another key."""
    keys = {runs.key(LINEAR), runs.key(LINEAR.with_seed(1))}
    for target, name, value in (
        (runs, "code_hash", lambda *_, **__: "changed"),
        ("importlib.metadata", "version", lambda _: "0"),
        (os, "environ", os.environ | {"FMNIST_TIER": "smoke"}),
        ("fmnist.data.sources", "FILES", ()),
        (recipes, "precision", lambda _: "bfloat16"),
        (arithmetic, "name", lambda: "without oneDNN"),
    ):
        with monkeypatch.context() as patch:
            if isinstance(target, str):
                patch.setattr(f"{target}.{name}", value)
            else:
                patch.setattr(target, name, value)
            keys.add(runs.key(LINEAR))
    assert len(keys) == 8


@pytest.mark.parametrize(
    ("lines", "counts"),
    [
        ({}, False),
        ({"training/models.py": "def deep_cnn(**_): return 1"}, True),
        ({"training/models.py": "def _convolution(**_): return 1"}, True),
        ({"training/models.py": "def mlp(**_): return 1"}, False),  # another network
        ({"training/models.py": "CHANGED = 1"}, False),
        ({"training/muon.py": "CHANGED = 1", "training/whitening.py": "CHANGED = 1"}, False),
        ({"training/optimisers.py": "CHANGED = 1", "training/sampling.py": "CHANGED = 1"}, True),
        ({"training/pipeline.py": "CHANGED = 1"}, True),
        ({"training/augmentation.py": "CHANGED = 1"}, True),
        ({"training/new.py": "", "training/fit.py": "import fmnist.training.new"}, True),
        ({"data/fetch.py": "CHANGED = 1"}, False),
        (
            {"training/recipes.py": "RECIPES['new'] = PLAIN", "tools/keeping.py": "CHANGED = 1"},
            False,
        ),
    ],
)
def test_code_that_decides_the_result_is_in_the_key(tmp_path, lines, counts):
    """Nobody lists the modules that training imports; those that only fetch or keep are in none."""
    package = tmp_path / course.PACKAGE.name
    shutil.copytree(course.PACKAGE, package)
    for name, line in lines.items():
        with (package / name).open("a", encoding="utf-8") as file:
            file.write(f"\n{line}\n")
    program = (
        "from fmnist.training import recipes, runs\n"
        "print(runs.key(recipes.DEEP), *runs.deciding(recipes.DEEP))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=tmp_path,  # where `-c` looks first
        capture_output=True,
        text=True,
        check=True,
    )
    key, *modules = done.stdout.split()
    assert (key != runs.key(recipes.DEEP)) == counts
    assert ("fmnist.training.new" in modules) == ("training/new.py" in lines)


def stored(recipe: recipes.Recipe = LINEAR, *, key: str = "abc", first: float = 1.0) -> runs.Run:
    """Keep a run that nobody trained."""
    return runs.keep(
        key,
        recipe,
        runs.Trained(
            weights=[np.full((2, 3), first, np.float32), np.zeros(3, np.float32)],
            history=[{"loss": 1.0, "val_loss": 2.0}],
            validation_logits=np.zeros((4, 10), np.float32),
            parameters=9,
            validation="",
            standardiser=preprocess.Standardiser(0.25, 0.5),
            train_images=7,
            seconds=1.5,
        ),
    )


@pytest.fixture(name="kept")
def _kept(empty_cache):
    """A run in an otherwise empty store."""
    return stored()


def test_a_kept_run_is_found_whole(kept):
    """Recipe, history, weights and logits come back as they were."""
    assert runs.find("abc") == kept
    assert runs.kept() == [kept]
    assert [weight.shape for weight in kept.weights()] == [(2, 3), (3,)]
    assert kept.validation_logits().shape == (4, 10)
    assert kept.versions.keys() == {"keras", "numpy", "tensorflow"}


def test_a_run_is_kept_once(kept, empty_cache):
    """A second process that trained the same finds the first one's run in its place."""
    assert stored(first=9.0) == kept
    assert kept.weights()[0][0, 0] == 1.0
    assert [path.name for path in (empty_cache / "runs").iterdir()] == ["abc"]


def test_a_run_that_was_never_kept_is_not_found(empty_cache):
    """An unknown key, or an empty store, gives nothing."""
    assert runs.find("nope") is None
    assert runs.kept() == []


KEY = "0123456789abcdef"


def test_a_run_of_another_version_does_not_block_its_key(empty_cache):
    """A record with other fields is not half understood; it is named, set aside and made anew."""
    stored(key=KEY)
    path = empty_cache / "runs" / KEY / "run.json"
    path.write_text(path.read_text().replace('"parameters"', '"size"'))
    assert runs.find(KEY) is None
    assert runs.kept() == []
    assert runs.unreadable() == [KEY]
    assert stored(key=KEY, first=9.0) == runs.find(KEY)
    assert runs.unreadable() == []
    assert runs.stale([]) == [f".unreadable-{KEY}", KEY]


@pytest.mark.parametrize("name", ["run.json", "weights.npz", "validation.npy"])
def test_a_run_that_was_cut_passes_for_none(empty_cache, name):
    """Each of its files, at every length; whole it is found again."""
    run = stored(key=KEY)
    path = empty_cache / "runs" / KEY / name
    whole = path.read_bytes()
    for length in range(len(whole)):
        path.write_bytes(whole[:length])
        assert runs.find(KEY) is None, length
    path.write_bytes(whole)
    assert runs.find(KEY) == run


@pytest.mark.parametrize("damage", ["zeros", "missing", "null"])
def test_a_run_that_was_damaged_is_trained_again(empty_cache, damage):
    """What a disk made of it is seen by its sums."""
    stored(key=KEY)
    folder = empty_cache / "runs" / KEY
    if damage == "zeros":
        (folder / "weights.npz").write_bytes(bytes((folder / "weights.npz").stat().st_size))
    elif damage == "missing":
        (folder / "validation.npy").unlink()
    else:
        (folder / "run.json").write_text("null")
    assert runs.find(KEY) is None
    assert stored(key=KEY).weights()[0].shape == (2, 3)


def test_what_a_killed_process_left_is_removed_by_the_next_one(empty_cache):
    """A folder and a checkpoint that were being written; those of other runs stay."""
    folder = empty_cache / "runs"
    folder.mkdir(parents=True)
    (folder / f".writing-{KEY}-x").mkdir()
    (folder / f".writing-{KEY}-y").write_text("half a checkpoint")
    (folder / ".writing-fedcba9876543210-z").write_text("of another run")
    with runs.lock(KEY):
        assert [path.name for path in folder.iterdir()] == [".writing-fedcba9876543210-z"]


def test_what_is_being_written_is_not_stale(empty_cache):
    """Only what no process holds can be pruned."""
    folder = empty_cache / "runs"
    folder.mkdir(parents=True)
    (folder / f".writing-{KEY}-x").write_text("")
    assert runs.stale([]) == [f".writing-{KEY}-x"]
    with runs.lock(KEY):
        (folder / f".writing-{KEY}-x").write_text("")
        assert in_another_thread(lambda: runs.stale([])) == []


def in_another_thread(work):
    """Return what work gives in a thread that does not hold this one's locks."""
    with ThreadPoolExecutor(1) as threads:
        return threads.submit(work).result()


def test_what_nothing_asks_for_is_stale_and_can_be_removed(kept, empty_cache):
    """Runs and checkpoints of other recipes or code are named; those in use are not."""
    key = runs.key(LINEAR)
    stored(key=key)
    runs.write_checkpoint("old", lambda file: file.write(b"x"))
    assert runs.stale([LINEAR]) == [".training-old.npz", "abc"]
    for name in runs.stale([LINEAR]):
        runs.remove(name)
    assert [path.name for path in (empty_cache / "runs").iterdir()] == [key]


def test_a_store_that_cannot_be_written_is_told(tmp_path, monkeypatch):
    """The message names the folder and what to set."""
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("FMNIST_CACHE", str(tmp_path / "file"))
    message = r"Runs cannot be kept in .*Make room there, or set FMNIST_CACHE"
    with pytest.raises(runs.StoreError, match=message):
        stored()
    with pytest.raises(runs.StoreError, match=message), runs.lock("abc"):
        pass


def test_a_full_disk_leaves_nothing_half_written(kept, empty_cache, monkeypatch):
    """The run is not there, and neither is a part of it."""

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(np, "save", full)
    with pytest.raises(runs.StoreError, match=r"No space left on device\. Make room there"):
        stored(key="new")
    assert [path.name for path in (empty_cache / "runs").iterdir()] == ["abc"]


def test_whoever_comes_second_waits_for_the_first(empty_cache):
    """The right to train a run is held by one at a time."""
    order = []

    def second() -> None:
        with runs.lock("abc"):
            order.append("second")

    waiting = threading.Thread(target=second)
    with runs.lock("abc"):
        waiting.start()
        waiting.join(timeout=0.3)
        order.append("first")
    waiting.join()
    assert order == ["first", "second"]


# --- the sweep, without training ---


def test_a_smoke_build_trains_for_two_epochs_with_two_seeds(smoke_tier):
    """The same recipes, cut short."""
    assert sweep.in_this_tier(LINEAR).epochs == 2
    assert sweep.seeds() == (0, 1)


def test_what_is_kept_is_not_missing(empty_cache):
    """Each missing recipe is listed once, and the dearest first."""
    stored(key=runs.key(LINEAR))
    deep, other = recipes.RECIPES["deep_cnn"], LINEAR.with_seed(1)
    assert sweep.missing([LINEAR, other, deep, other]) == [deep, other]


def test_the_book_asks_for_every_recipe():
    """None is defined that no chapter could use, and comparisons have all seeds."""
    asked = sweep.of_the_book()
    assert {recipe.with_seed(0) for recipe in asked} == set(recipes.RECIPES.values())
    for name in recipes.FULL | recipes.ABLATION | recipes.SCALING:
        for seed in recipes.SEEDS:
            assert recipes.RECIPES[name].with_seed(seed) in asked


def test_a_cluster_that_goes_is_told_with_what_to_type(empty_cache):
    """What came before is kept, so that the command goes on when it is typed again."""
    gone: Future = Future()
    gone.cancel()
    gone.set_running_or_notify_cancel()
    executor = SimpleNamespace(submit=lambda *_: gone)
    place = SimpleNamespace(open=lambda: contextlib.nullcontext(executor))
    with pytest.raises(sweep.TrainingFailed, match=r"has gone\. Type the command again"):
        sweep.train_on(place, [LINEAR], done=print)
