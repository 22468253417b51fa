"""Training: learns, repeats bit for bit, survives a kill. On a small part of the images."""

import dataclasses
import os
import signal
import subprocess
import sys
import time

import numpy as np
import pytest

from fmnist.data import preprocess, splits
from fmnist.tools import executors
from fmnist.training import recipes, runs, sweep

RECIPE = dataclasses.replace(
    recipes.DEEP, epochs=3, mirror="random", shift=2, weight_decay=0.01, label_smoothing=0.1
)
FAST = dataclasses.replace(
    RECIPE, stem="whitening", optimiser="muon", learning_rate=0.03, schedule="one_cycle",
    mirror="alternating", erasing=0.3, skipping=0.75, weight_decay=0.0, epochs=5,
)  # fmt: skip


@pytest.fixture(scope="module", name="images")
def _images():
    """The images of a smoke build, and their scaling."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FMNIST_TIER", "smoke")
        train, validation = splits.train_and_validation()
    return train, validation, preprocess.Standardiser.fit(train.images)


@pytest.fixture(scope="module", name="fit")
def _fit(images):
    """Train a recipe on those images."""
    from fmnist.training import fit

    split, validation, standardiser = images

    def trained(recipe: recipes.Recipe, **settings) -> runs.Trained:
        return fit.fit(recipe, split, validation, standardiser=standardiser, **settings)

    return trained


@pytest.fixture(scope="module", name="trained")
def _trained(fit):
    """The recipe, trained from beginning to end."""
    return fit(RECIPE)


def same(one, other) -> bool:
    """Return whether two trainings gave the same, bit for bit."""
    weights = zip(one.weights, other.weights, strict=True)
    return one.history == other.history and all(np.array_equal(a, b) for a, b in weights)


@pytest.mark.parametrize("recipe", [RECIPE, FAST], ids=["plain", "fast"])
def test_the_same_seed_gives_the_same_weights(fit, recipe):
    """Bit for bit, with all that is drawn at random; another seed does not."""
    trained = fit(recipe)
    assert same(fit(recipe), trained)
    assert not same(fit(recipe.with_seed(1)), trained)


def test_training_learns(trained):
    """The loss falls, and the logits are those of the accuracy that is reported."""
    history = trained.history
    assert history[-1]["loss"] < history[0]["loss"]
    assert history[-1]["learning_rate"] < history[0]["learning_rate"]
    assert trained.validation_logits.shape == (1_000, 10)


def test_the_history_is_what_keras_computes(trained, images):
    """Validation loss and accuracy agree with Keras's own evaluation of the same weights."""
    import keras

    from fmnist.training import models

    _, validation, standardiser = images
    model = models.deep_cnn(batch_norm=True)
    model.set_weights(trained.weights)
    model.compile(
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True), metrics=["accuracy"]
    )
    loss, accuracy = model.evaluate(
        standardiser.apply(validation.images), validation.labels, verbose=0
    )
    assert trained.history[-1]["val_loss"] == pytest.approx(loss, rel=1e-4)
    assert trained.history[-1]["val_accuracy"] == pytest.approx(accuracy, abs=1e-6)
    assert trained.parameters == sum(
        int(np.prod(weight.shape)) for weight in model.trainable_weights
    )


@pytest.mark.parametrize("recipe", [RECIPE, FAST], ids=["plain", "fast"])
def test_training_that_was_stopped_goes_on_with_the_same_result(fit, empty_cache, recipe):
    """Weights, the optimiser's memory, random states and losses come back from the checkpoint."""

    class StoppedHere(Exception):
        """Ends the training after the second epoch."""

    def stop(epoch: int, _) -> None:
        if epoch == 2:
            raise StoppedHere

    with pytest.raises(StoppedHere):
        fit(recipe, on_epoch=stop, checkpoint="stopped")
    seen = []
    resumed = fit(recipe, checkpoint="stopped", on_epoch=lambda epoch, _: seen.append(epoch))
    assert seen == [3, 4, 5][: recipe.epochs - 2]
    assert same(resumed, fit(recipe))


def test_early_stopping_takes_the_best_weights(fit):
    """Training ends when the validation loss has not fallen for so many epochs."""
    # So high a learning rate that the loss soon rises.
    recipe = dataclasses.replace(
        RECIPE, model="mlp", epochs=30, learning_rate=0.02, schedule="constant", patience=2
    )
    trained = fit(recipe)
    losses = [row["val_loss"] for row in trained.history]
    best = losses.index(min(losses))
    assert len(losses) == best + 3 < 30
    assert best > 0
    shifted = trained.validation_logits - trained.validation_logits.max(axis=1, keepdims=True)
    assert np.isfinite(shifted).all()
    short = fit(dataclasses.replace(recipe, epochs=best + 1, patience=0))
    assert all(np.array_equal(a, b) for a, b in zip(trained.weights, short.weights, strict=True))


def test_label_smoothing_is_not_in_the_reported_loss(fit):
    """A smoothed loss cannot fall below the entropy of its targets; what is reported does."""
    smoothing = 0.5
    target = np.full(10, smoothing / 10)
    target[0] += 1 - smoothing
    floor = -(target * np.log(target)).sum()
    recipe = dataclasses.replace(
        recipes.RECIPES["linear"], epochs=3, learning_rate=0.01, label_smoothing=smoothing
    )
    last = fit(recipe).history[-1]
    assert max(last["loss"], last["val_loss"]) < floor


@pytest.mark.parametrize("name", recipes.CHOICES["model"])
def test_every_model_gives_ten_logits(name):
    """For images of 28 by 28 pixels; and each name of a recipe has its model."""
    from fmnist.training import models

    assert models.MODELS[name].__name__ == name
    if name in recipes.WHITENED:
        stem = models.of(recipes.Recipe(name, epochs=1, stem="whitening")).get_layer(models.STEM)
        assert stem.kernel.shape == (4, 4, 1, 32)
        assert not stem.trainable
    for batch_norm in (False, True):
        model = models.MODELS[name](dropout=0.1, batch_norm=batch_norm)
        assert model.output_shape == (None, 10)
        assert not model.layers[-1].activation.__name__.startswith("softmax")


def test_mlp_and_small_cnn_have_equally_many_parameters():
    """Within one per cent, so that comparing them compares the architecture."""
    from fmnist.training import models

    counts = [models.MODELS[name]().count_params() for name in ("mlp", "small_cnn")]
    assert abs(counts[0] - counts[1]) < 0.01 * counts[0]
    assert models.linear().count_params() == 28 * 28 * 10 + 10


def test_multiplications_are_counted():
    """A convolution has its kernel at each place, a dense layer each weight once."""
    from fmnist.training import models

    assert models.multiplications(models.linear()) == 28 * 28 * 10
    first, second, third = 14 * 14 * 4 * 4 * 24, 7 * 7 * 3 * 3 * 24 * 32, 7 * 7 * 3 * 3 * 32 * 64
    assert models.multiplications(models.strided_cnn()) == first + second + third + 64 * 10


# --- in worker processes, as the book does it ---

QUICK = dataclasses.replace(recipes.RECIPES["linear"], epochs=2)


def test_workers_train_what_is_missing_and_keep_it(empty_cache_with_images, smoke_tier):
    """Every epoch is reported; the second time there is nothing to train."""
    events = []
    wanted = [QUICK, QUICK.with_seed(1)]
    sweep.train_missing(wanted, report=lambda recipe, epoch, _: events.append((recipe.seed, epoch)))
    assert sorted(events) == [(0, 1), (0, 2), (1, 1), (1, 2)]
    run = sweep.run(QUICK)
    assert run.recipe == QUICK
    assert run.train_images == splits.SMOKE_TRAIN
    sweep.train_missing(wanted, report=lambda *_: pytest.fail("trained again"))


@pytest.fixture(name="worker")
def _worker(tmp_path, monkeypatch):
    """Have `sweep` start a program of this test's instead of its workers; nothing is trained."""

    def start(program: str) -> None:
        file = tmp_path / "worker.py"
        file.write_text(program, "utf-8")
        popen = subprocess.Popen
        monkeypatch.setattr(
            subprocess, "Popen", lambda _, **more: popen([sys.executable, str(file)], **more)
        )

    return start


def test_what_goes_wrong_in_a_worker_is_told(worker, empty_cache):
    """The exception with its traceback, and no remark of TensorFlow's on the machine."""
    worker(
        "import sys\n"
        "print('I0000 00:00:1 cpu_feature_guard', file=sys.stderr)\n"
        "next(sys.stdin)\n"
        "raise ZeroDivisionError('a mistake in a new model')\n"
    )
    with pytest.raises(sweep.TrainingFailed) as caught:
        sweep.train_missing([QUICK, QUICK.with_seed(1)])
    told = str(caught.value)
    assert "ended early (exit status 1)" in told
    assert told.endswith("ZeroDivisionError: a mistake in a new model")
    assert "worker.py" in told
    assert "cpu_feature_guard" not in told
    assert "memory" not in told


@pytest.mark.parametrize(
    ("program", "message"),
    [
        ("raise SystemExit(3)", r"exit status 3\)"),
        ('input(); print(\'{"failed": "the disk is full"}\')', "^the disk is full$"),
        ("import os; input(); os.kill(os.getpid(), 9)", r"exit status -9\)\. Is there enough mem"),
    ],
)
def test_a_worker_that_ends_is_told(worker, empty_cache, program, message):
    """Whatever its end was; nobody waits for it."""
    worker(program)
    with pytest.raises(sweep.TrainingFailed, match=message):
        sweep.train_missing([QUICK])


def test_a_worker_that_is_gone_before_it_is_asked_keeps_no_other(worker, empty_cache, tmp_path):
    """What was written for it cannot be sent; the others end at once, not with their trainings."""
    worker(
        "import os, pathlib, sys\n"
        f"mine = pathlib.Path({str(tmp_path)!r}) / 'first'\n"
        "try: mine.touch(exist_ok=False)\n"
        "except FileExistsError: input(); sys.stdin.read()\n"  # another one, which trains on
        "os.close(0)\n"
    )
    with pytest.raises(sweep.TrainingFailed, match="ended early"):
        sweep.train_missing([QUICK, QUICK.with_seed(1)])


def test_half_a_message_is_none(worker, empty_cache):
    """A worker that is killed while it writes is one that ended."""
    worker("input(); print('{\"epo', end='', flush=True)")
    with pytest.raises(sweep.TrainingFailed, match="ended early"):
        sweep.train_missing([QUICK])


@pytest.mark.parametrize("said", ["no JSON", '{"epoch": 1, "row": {}}'])
def test_an_error_of_ours_while_workers_train_is_raised(worker, empty_cache, said):
    """A line that is no message, and a report that fails: neither is lost in a thread."""
    worker(f"import time\ninput()\nprint({said!r}, flush=True)\ninput()\n")
    with pytest.raises((ValueError, ZeroDivisionError)):
        sweep.train_missing([QUICK], report=lambda *_: 1 / 0)


def test_a_damaged_checkpoint_begins_anew(fit, trained, empty_cache, caplog):
    """Training says so, and gives the same."""
    runs.write_checkpoint("damaged", lambda file: file.write(b"PK\x03\x04 and no more"))
    assert same(fit(RECIPE, checkpoint="damaged"), trained)
    assert "damaged" in caplog.text


@pytest.mark.parametrize(
    ("schedule", "rates"),
    [
        ("constant", [0.1, 0.1]),
        (
            "cosine",
            [0.1 * (1 + np.cos(np.pi * 9 / 20)) / 2, 0.1 * (1 + np.cos(np.pi * 19 / 20)) / 2],
        ),
    ],
)
def test_the_learning_rate_of_an_epoch_is_that_of_its_last_step(fit, schedule, rates):
    """A schedule that falls to 0 has not arrived there: the step after the last one would have."""
    recipe = dataclasses.replace(
        recipes.RECIPES["linear"],
        epochs=2,
        batch_size=200,
        learning_rate=0.1,
        schedule=schedule,
    )
    told = [row["learning_rate"] for row in fit(recipe).history]
    assert told == pytest.approx(rates, rel=1e-4)


@pytest.mark.slow
def test_two_workers_give_what_one_gives(empty_cache_with_images, smoke_tier, monkeypatch):
    """The number of workers, and so of cores, decides nothing."""
    recipe = dataclasses.replace(recipes.RECIPES["plain"], epochs=1)
    sweep.train_missing([recipe, recipe.with_seed(1)])
    together = sweep.run(recipe)
    weights = together.weights()
    runs.remove(together.key)
    monkeypatch.setattr(executors, "cores", lambda: 1)
    alone = sweep.run(recipe)
    assert alone.history == together.history
    assert all(np.array_equal(a, b) for a, b in zip(alone.weights(), weights, strict=True))


def test_kept_runs_predict_like_the_trained_network(empty_cache_with_images, smoke_tier):
    """What is loaded from the store gives the logits that were kept with it."""
    from fmnist.evaluation import metrics
    from fmnist.training import fit

    run = sweep.run(QUICK)
    _, validation = splits.train_and_validation()
    kept = metrics.logits(run, validation)
    assert np.array_equal(kept, run.validation_logits())
    assert fit.logits(run, validation) == pytest.approx(kept, abs=1e-4)
    accuracy = metrics.accuracy([run], validation)
    assert accuracy.value == pytest.approx(run.history[-1]["val_accuracy"], abs=1e-9)
    assert (accuracy.n, accuracy.seeds, accuracy.split) == (1_000, (0,), "validation")
    turned = validation.take(np.arange(len(validation))[::-1])  # not in the order that was kept
    assert metrics.logits(run, turned) == pytest.approx(kept[::-1], abs=1e-4)


def test_a_worker_that_is_killed_is_told_and_resumed(empty_cache_with_images, smoke_tier):
    """Kill -9 loses less than an epoch, says what to do, and the result is the same."""
    recipe = dataclasses.replace(QUICK, epochs=40)
    killed = []

    def kill(_recipe, epoch: int, _row) -> None:
        if epoch == 3 and not killed:
            listed = subprocess.run(
                ["pgrep", "-P", str(os.getpid()), "-f", "fmnist.training.worker"],
                capture_output=True,
                text=True,
                check=True,
            )
            killed.append(int(listed.stdout.split()[0]))
            os.kill(killed[0], signal.SIGKILL)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sweep, "SMOKE_EPOCHS", 40)
        with pytest.raises(sweep.TrainingFailed, match=r"ended early.*goes on after the last"):
            sweep.train_missing([recipe], report=kill)
        assert runs.find(runs.key(recipe)) is None
        epochs = []
        sweep.train_missing([recipe], report=lambda _r, epoch, _row: epochs.append(epoch))
        resumed = sweep.run(recipe)
        assert 3 <= epochs[0] <= 40
        assert epochs[-1] == 40
        runs.remove(resumed.key)
        assert sweep.run(recipe).history == resumed.history


def test_missing_images_fail_in_one_sentence(empty_cache):
    """The worker says what to type."""
    with pytest.raises(sweep.TrainingFailed, match="Type: fmnist fetch"):
        sweep.train_missing([QUICK])


def test_a_worker_ends_with_whoever_asked(empty_cache_with_images):
    """No training goes on for nobody: when the other end is gone, so is the worker."""
    process = subprocess.Popen(
        [sys.executable, "-m", "fmnist.training.worker"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=os.environ | sweep.ENVIRONMENT | {"FMNIST_TIER": "smoke"},
    )
    process.stdin.close()
    process.stdout.close()
    deadline = time.monotonic() + 60
    while process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.1)
    assert process.poll() is not None


def test_light_modules_do_not_load_tensorflow():
    """What a student's first second is made of must not import it."""
    program = (
        "import sys, fmnist.cli, fmnist.data.splits, fmnist.evaluation.metrics, "
        "fmnist.training.sweep, fmnist.exercises.runner, fmnist.grading.class_run; "
        "sys.exit('tensorflow' in sys.modules or 'keras' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
