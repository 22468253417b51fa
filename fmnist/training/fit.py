"""From a recipe to a trained network: the same recipe gives the same weights, bit for bit.

Worker processes with one thread each (`fmnist.training.worker`) do the training that
`fmnist.training.sweep` asks for: the order of the operations in a sum then depends on nothing but
the recipe, and two workers on two cores do more than one worker with two threads.
"""

import json
import logging
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from fmnist.data import preprocess, splits
from fmnist.training import models, recipes, runs
from fmnist.training.pipeline import pipeline
from fmnist.training.recipes import Recipe

logger = logging.getLogger(__name__)

Rate = float | keras.optimizers.schedules.LearningRateSchedule
EpochDone = Callable[[int, dict[str, float]], None]
BATCH_OF_PREDICTIONS = 500  # images; memory, not the result, depends on it
STEPS_AT_ONCE = 16  # between returns to Python; a seventh of the time for small batches


def train(recipe: Recipe, *, on_epoch: EpochDone = lambda *_: None) -> runs.Run:
    """Return the kept run of a recipe, or train it now, in this process, and keep it.

    Training that was stopped goes on after the last whole epoch, with the same result.

    Args:
        recipe: what to train.
        on_epoch: called after each epoch with its number, from 1, and its row of the history.

    Raises:
        data.DataMissing: the images are not in the cache.
        runs.StoreError: the run cannot be written.
    """
    key = runs.key(recipe)
    with runs.lock(key):  # a second process waits here, and then finds the run of the first
        kept = runs.find(key)
        if kept is not None:
            return kept
        split, validation = splits.train_and_validation()
        if recipe.images and recipe.images < len(split):
            split = splits.subset(split, recipe.images)
        trained = fit(
            recipe,
            split,
            validation,
            standardiser=preprocess.scaler(recipe.scaling, split.images),
            on_epoch=on_epoch,
            checkpoint=key,
        )
        return runs.keep(key, recipe, trained)


def fit(
    recipe: Recipe,
    split: splits.Split,
    validation: splits.Split,
    *,
    standardiser: preprocess.Standardiser,
    on_epoch: EpochDone = lambda *_: None,
    checkpoint: str = "",
) -> runs.Trained:
    """Train a network.

    Random numbers of the whole process are seeded, see `compiled`: what another part of it draws
    afterwards follows from this recipe.

    Args:
        recipe: what to train; its field `images` is not looked at.
        split: training images.
        validation: validation images.
        standardiser: the scaling of both.
        on_epoch: see `train`.
        checkpoint: key of the run under which the state is kept after each epoch, and from which
            training goes on if it is there; empty for none. Whoever gives one holds `runs.lock`.
    """
    started = time.perf_counter()
    steps = recipe.epochs * -(-len(split) // recipe.batch_size)
    model, rate = compiled(recipe, steps=steps), _rate(recipe, steps)
    scaled = standardiser.apply(validation.images)
    restored = _restore(model, runs.checkpoint(checkpoint)) if checkpoint else None
    history, best = restored or ([], model.get_weights())
    while len(history) < recipe.epochs and not _is_past_best(history, recipe.patience):
        epoch = len(history)
        batches = pipeline(
            split,
            standardiser,
            batch_size=recipe.batch_size,
            seed=recipe.seed,
            epoch=epoch,
            augmentation=recipe.augmentation,
        )
        # `shuffle` says that Keras need not: the pipeline has.
        seen = model.fit(batches, epochs=1, verbose=0, shuffle=False).history
        logits = model.predict(scaled, batch_size=BATCH_OF_PREDICTIONS, verbose=0)
        history.append(
            {
                "loss": float(seen["cross_entropy"][0]),
                "accuracy": float(seen["accuracy"][0]),
                "val_loss": _cross_entropy(validation.labels, logits),
                "val_accuracy": float((logits.argmax(axis=1) == validation.labels).mean()),
                "learning_rate": _rate_at(rate, int(model.optimizer.iterations) - 1),
            }
        )
        if epochs_since_best(history) == 0:
            best = model.get_weights()
        if checkpoint:
            _save(model, history, best, checkpoint)
        on_epoch(len(history), history[-1])
    if recipe.patience:
        model.set_weights(best)
    return runs.Trained(
        weights=model.get_weights(),
        history=history,
        validation_logits=model.predict(scaled, batch_size=BATCH_OF_PREDICTIONS, verbose=0),
        parameters=sum(int(np.prod(weight.shape)) for weight in model.trainable_weights),
        validation=validation.digest,
        standardiser=standardiser,
        train_images=len(split),
        seconds=time.perf_counter() - started,
    )


def compiled(recipe: Recipe, *, steps: int) -> keras.Model:
    """Return the untrained network of a recipe with its optimiser and loss.

    Random numbers of Python, NumPy and TensorFlow are seeded, and TensorFlow computes
    deterministically from here on, in the whole process.

    Args:
        recipe: what to train.
        steps: of the whole training, over which the learning rate is scheduled.
    """
    keras.utils.set_random_seed(recipe.seed)
    tf.config.experimental.enable_op_determinism()
    mixed = recipes.precision(recipe) == "bfloat16"
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy("mixed_bfloat16" if mixed else "float32")
    try:
        model = models.MODELS[recipe.model](dropout=recipe.dropout, batch_norm=recipe.batch_norm)
    finally:
        keras.config.set_dtype_policy(before)
    smoothing = recipe.label_smoothing

    def loss(labels, logits):
        truth = keras.ops.one_hot(labels, models.CLASSES)
        return keras.losses.categorical_crossentropy(
            truth, logits, from_logits=True, label_smoothing=smoothing
        )

    model.compile(
        optimizer=_optimiser(recipe, steps),
        loss=loss,
        steps_per_execution=STEPS_AT_ONCE,
        metrics=[
            "accuracy",
            keras.metrics.SparseCategoricalCrossentropy(from_logits=True, name="cross_entropy"),
        ],
    )
    model.optimizer.build(model.trainable_variables)  # so that its state can be restored
    return model


def _rate(recipe: Recipe, steps: int) -> Rate:  # type: ignore[valid-type]
    """Return the learning rate of a recipe over the steps of its training."""
    if recipe.schedule == "cosine":
        return keras.optimizers.schedules.CosineDecay(recipe.learning_rate, steps)
    if recipe.schedule == "one_cycle":
        rising = max(steps // 5, 1)
        return keras.optimizers.schedules.CosineDecay(
            recipe.learning_rate / 10,
            max(steps - rising, 1),
            warmup_target=recipe.learning_rate,
            warmup_steps=rising,
        )
    return recipe.learning_rate


def _rate_at(rate: Rate, step: int) -> float:  # type: ignore[valid-type]
    """Return the learning rate of one step, counted from 0.

    Asked after a step, an optimiser gives the rate of the next one.
    """
    return rate if isinstance(rate, float) else float(rate(step))


def _optimiser(recipe: Recipe, steps: int) -> keras.Optimizer:
    rate = _rate(recipe, steps)
    decay = recipe.weight_decay or None
    if recipe.optimiser == "sgd":
        optimiser = keras.optimizers.SGD(rate, momentum=0.9, nesterov=True, weight_decay=decay)
    else:
        optimiser = keras.optimizers.Adam(rate, weight_decay=decay)
    if decay:
        # Biases and the scales of batch normalisation have no reason to be small.
        optimiser.exclude_from_weight_decay(var_names=["bias", "gamma", "beta"])
    return optimiser


def epochs_since_best(history: list[dict[str, float]]) -> int:
    """Return how many epochs ago the validation loss was lowest; 0 if it was the last."""
    losses = [row["val_loss"] for row in history]
    return len(losses) - 1 - losses.index(min(losses))


def _is_past_best(history: list[dict[str, float]], patience: int) -> bool:
    return bool(patience and history) and epochs_since_best(history) >= patience


def _cross_entropy(labels: np.ndarray, logits: np.ndarray) -> float:
    """Return the mean of minus the logarithm of the true class's probability, in nats."""
    shifted = logits.astype(np.float64) - logits.max(axis=1, keepdims=True)
    true = shifted[np.arange(len(labels)), labels]
    return float((np.log(np.exp(shifted).sum(axis=1)) - true).mean())


def _state(model: keras.Model) -> list[keras.Variable]:
    """Return all that the next epoch depends on: weights, random states, the optimiser's memory."""
    return [*model.variables, *model.optimizer.variables]


def _save(
    model: keras.Model, history: list[dict[str, float]], best: list[np.ndarray], key: str
) -> None:
    arrays: dict[str, Any] = {"history": json.dumps(history)}
    arrays |= {f"state_{n}": variable.numpy() for n, variable in enumerate(_state(model))}
    arrays |= {f"best_{n}": weight for n, weight in enumerate(best)}
    runs.write_checkpoint(key, lambda file: np.savez(file, **arrays))


def _restore(
    model: keras.Model, path: Path
) -> tuple[list[dict[str, float]], list[np.ndarray]] | None:
    """Give the model the state in a checkpoint, and return history and best weights.

    None is returned, and the model left as it is, if there is no checkpoint or it is damaged: then
    training begins anew.
    """
    try:
        with path.open("rb") as opened, np.load(opened) as file:
            kept = {name: file[name] for name in file.files}
        states = [kept[f"state_{n}"] for n in range(len(_state(model)))]
        best = [kept[f"best_{n}"] for n in range(len(model.get_weights()))]
        history = json.loads(str(kept["history"]))
    except FileNotFoundError:
        return None
    except (OSError, EOFError, KeyError, ValueError, zipfile.BadZipFile) as error:
        logger.warning("%s is damaged (%s): training begins anew", path, error)
        return None
    for variable, value in zip(_state(model), states, strict=True):
        variable.assign(value)
    return history, best


def model_of(run: runs.Run) -> keras.Model:
    """Return the trained network of a run."""
    model = models.MODELS[run.recipe.model](
        dropout=run.recipe.dropout, batch_norm=run.recipe.batch_norm
    )
    model.set_weights(run.weights())
    return model


def logits(run: runs.Run, split: splits.Split) -> np.ndarray:
    """Return what the network of a run says of the images of a split.

    Returns:
        float32, shape (n, 10), logits.
    """
    images = run.standardiser.apply(split.images)
    return model_of(run).predict(images, batch_size=BATCH_OF_PREDICTIONS, verbose=0)
