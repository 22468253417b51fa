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
from fmnist.training import models, optimisers, recipes, runs, sampling, whitening
from fmnist.training.pipeline import pipeline
from fmnist.training.recipes import Recipe

logger = logging.getLogger(__name__)

EpochDone = Callable[[int, dict[str, float]], None]
SMALL, WHOLE = 20, splits.IMAGE_SHAPE[0]  # pixels: sides of images that are shrunk, and are not
BATCH_OF_PREDICTIONS = 500  # images; memory, not the result, depends on it


def train(recipe: Recipe, *, on_epoch: EpochDone = lambda *_: None) -> runs.Run:
    """Return the kept run of a recipe, or train it now, in this process, and keep it.

    Training that was stopped goes on after the last whole epoch, with the same result.

    Args:
        recipe: what to train.
        on_epoch: called after each epoch with its number, from 1, and its row of the history.

    Raises:
        splits.DataMissing: the images are not in the cache.
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

    Random numbers of the whole process are seeded, see `built`: what another part of it draws
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
    started = time.process_time()
    steps = sum(
        -(-sampling.count(len(split), recipe.skipping, epoch, recipe.epochs) // recipe.batch_size)
        for epoch in range(recipe.epochs)
    )
    model = built(recipe, standardiser.apply(split.images[: whitening.IMAGES]))
    optimiser, rate = optimisers.optimiser(recipe, steps), optimisers.rate(recipe, steps)
    optimiser.build(model.trainable_variables)  # so that its state can be restored
    step = _step(model, optimiser, recipe.label_smoothing)
    losses = tf.Variable(np.zeros(len(split), np.float32))  # of each image, when last looked at
    state = [*model.variables, *optimiser.variables, losses]
    scaled = standardiser.apply(validation.images)
    restored = _restore(state, model, runs.checkpoint(checkpoint)) if checkpoint else None
    history, best = restored or ([], model.get_weights())
    logits = None  # of the validation images, by the weights as they are
    while len(history) < recipe.epochs and not _is_past_best(history, recipe.patience):
        epoch = len(history)
        looked_at, weights = sampling.draw(
            losses.numpy(),
            skipping=recipe.skipping,
            seed=recipe.seed,
            epoch=epoch,
            epochs=recipe.epochs,
        )
        batches = pipeline(
            split,
            standardiser,
            batch_size=recipe.batch_size,
            seed=recipe.seed,
            epoch=epoch,
            mirror=recipe.mirror,
            shift=recipe.shift,
            erasing=recipe.erasing,
            size=SMALL if epoch < round(recipe.shrunk * recipe.epochs) else WHOLE,
            looked_at=looked_at,
        )
        told = [(where, *step(*batch, weights[where])) for *batch, where in batches]
        positions, seen, right = (np.concatenate(one) for one in zip(*told, strict=True))
        losses.assign(_replaced(losses.numpy(), positions, seen))
        logits = model.predict(scaled, batch_size=BATCH_OF_PREDICTIONS, verbose=0)
        history.append(
            {
                "loss": float(np.average(seen.astype(float), weights=weights[positions])),
                "accuracy": float(np.average(right, weights=weights[positions])),
                "val_loss": _cross_entropy(validation.labels, logits),
                "val_accuracy": float((logits.argmax(axis=1) == validation.labels).mean()),
                "learning_rate": optimisers.rate_at(rate, int(optimiser.iterations) - 1),
            }
        )
        if epochs_since_best(history) == 0:
            best = model.get_weights()
        if checkpoint:
            _save(state, history, best, checkpoint)
        on_epoch(len(history), history[-1])
    if recipe.patience:
        model.set_weights(best)
        logits = None
    if recipe.averaging:
        optimiser.finalize_variable_values(model.trainable_variables)
        logits = None
    if logits is None:
        logits = model.predict(scaled, batch_size=BATCH_OF_PREDICTIONS, verbose=0)
    return runs.Trained(
        weights=model.get_weights(),
        history=history,
        validation_logits=logits,
        parameters=sum(int(np.prod(weight.shape)) for weight in model.trainable_weights),
        validation=validation.digest,
        standardiser=standardiser,
        train_images=len(split),
        seconds=time.process_time() - started,
    )


def built(recipe: Recipe, images: np.ndarray) -> keras.Model:
    """Return the untrained network of a recipe.

    Random numbers of Python, NumPy and TensorFlow are seeded, and TensorFlow computes
    deterministically from here on, in the whole process.

    Args:
        recipe: what to train.
        images: standardised training images, from which a whitening stem is computed.
    """
    keras.utils.set_random_seed(recipe.seed)
    tf.config.experimental.enable_op_determinism()
    mixed = recipes.precision(recipe) == "bfloat16"
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy("mixed_bfloat16" if mixed else "float32")
    try:
        model = models.of(recipe)
    finally:
        keras.config.set_dtype_policy(before)
    if recipe.stem == "whitening":
        model.get_layer(models.STEM).set_weights([whitening.filters(images)])
    return model


def _step(model: keras.Model, optimiser: keras.Optimizer, smoothing: float) -> Callable:
    """Return a function that takes one step of training."""

    @tf.function(reduce_retracing=True)
    def step(images, labels, weights):
        """Return the loss of each image, in nats, and whether the network was right."""
        with tf.GradientTape() as tape:
            logits = model.call(images, training=True)  # of any size: the model's own is 28
            by_class = -tf.nn.log_softmax(logits)  # what the loss would be for each class
            losses = tf.reduce_sum(tf.one_hot(labels, models.CLASSES) * by_class, axis=1)
            smoothed = (1 - smoothing) * losses + smoothing * tf.reduce_mean(by_class, axis=1)
            mean = tf.reduce_sum(weights * smoothed) / tf.reduce_sum(weights)
        gradients = tape.gradient(mean, model.trainable_variables)
        optimiser.apply(gradients, model.trainable_variables)
        said = tf.argmax(logits, axis=1, output_type=tf.int32)
        return losses, said == tf.cast(labels, tf.int32)

    return step


def _replaced(values: np.ndarray, positions: np.ndarray, new: np.ndarray) -> np.ndarray:
    """Return the values with new ones at these positions."""
    values = values.copy()
    values[positions] = new
    return values


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


def _save(
    state: list[Any], history: list[dict[str, float]], best: list[np.ndarray], key: str
) -> None:
    """Keep all that the next epoch depends on: weights, random states, the optimiser's memory."""
    arrays: dict[str, Any] = {"history": json.dumps(history)}
    arrays |= {f"state_{n}": variable.numpy() for n, variable in enumerate(state)}
    arrays |= {f"best_{n}": weight for n, weight in enumerate(best)}
    runs.write_checkpoint(key, lambda file: np.savez(file, **arrays))


def _restore(
    state: list[Any], model: keras.Model, path: Path
) -> tuple[list[dict[str, float]], list[np.ndarray]] | None:
    """Give the variables the values in a checkpoint, and return history and best weights.

    None is returned, and they are left as they are, if there is no checkpoint or it is damaged:
    then training begins anew.
    """
    try:
        with path.open("rb") as opened, np.load(opened) as file:
            kept = {name: file[name] for name in file.files}
        values = [kept[f"state_{n}"] for n in range(len(state))]
        best = [kept[f"best_{n}"] for n in range(len(model.get_weights()))]
        history = json.loads(str(kept["history"]))
    except FileNotFoundError:
        return None
    except (OSError, EOFError, KeyError, ValueError, zipfile.BadZipFile) as error:
        logger.warning("%s is damaged (%s): training begins anew", path, error)
        return None
    for variable, value in zip(state, values, strict=True):
        variable.assign(value)
    return history, best


def model_of(run: runs.Run) -> keras.Model:
    """Return the trained network of a run."""
    model = models.of(run.recipe)
    model.set_weights(run.weights())
    return model


def logits(run: runs.Run, split: splits.Split) -> np.ndarray:
    """Return what the network of a run says of the images of a split.

    Returns:
        float32, shape (n, 10), logits.
    """
    images = run.standardiser.apply(split.images)
    return model_of(run).predict(images, batch_size=BATCH_OF_PREDICTIONS, verbose=0)
