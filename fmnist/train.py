"""From a recipe to a trained network, which is kept: the same recipe trains only once."""

import os
import time
from collections.abc import Callable

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
import numpy as np
import tensorflow as tf

from fmnist import data, models, runs
from fmnist.preprocess import Standardiser
from fmnist.recipes import Recipe

EpochDone = Callable[[int, dict[str, float]], None]


def run(recipe: Recipe, *, on_epoch: EpochDone = lambda *_: None) -> runs.Run:
    """Return the kept run of `recipe`; train it first if there is none.

    Args:
        recipe: what to train.
        on_epoch: called after each epoch with its number, from 1, and its row of the history.

    Raises:
        data.DataMissing: the images are not in the cache.
    """
    key = runs.key(recipe)
    kept = runs.find(key)
    if kept is not None:
        return kept
    train, validation = data.train_and_validation()
    started = time.perf_counter()
    standardiser = Standardiser.fit(train.images)
    model, history = fit(recipe, train, validation, standardiser=standardiser, on_epoch=on_epoch)
    return runs.keep(
        key,
        recipe,
        model.get_weights(),
        history,
        standardiser=standardiser,
        train_images=len(train),
        seconds=time.perf_counter() - started,
    )


def fit(
    recipe: Recipe,
    train: data.Split,
    validation: data.Split,
    *,
    standardiser: Standardiser,
    on_epoch: EpochDone = lambda *_: None,
) -> tuple[keras.Model, list[dict[str, float]]]:
    """Train a network and return it with its history.

    Returns:
        the model, and one row per epoch: loss and accuracy on both splits; losses in nats per
        image, accuracies as fractions. The figures on the training images are means over the
        epoch, while the weights changed and dropout was on.
    """
    # The order of operations in a sum changes its last bits: the same seed, the same weights.
    keras.utils.set_random_seed(recipe.seed)
    tf.config.experimental.enable_op_determinism()
    steps = recipe.epochs * -(-len(train) // recipe.batch_size)
    model = models.MODELS[recipe.model]()
    model.compile(
        optimizer=keras.optimizers.Adam(
            keras.optimizers.schedules.CosineDecay(recipe.learning_rate, decay_steps=steps)
        ),
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        metrics=["accuracy"],
    )
    report = keras.callbacks.LambdaCallback(
        on_epoch_end=lambda epoch, row: on_epoch(epoch + 1, dict(row))
    )
    history = model.fit(
        standardiser.apply(train.images),
        train.labels,
        validation_data=(standardiser.apply(validation.images), validation.labels),
        epochs=recipe.epochs,
        batch_size=recipe.batch_size,
        callbacks=[report],
        verbose=0,
    ).history
    rows = [
        {name: float(values[epoch]) for name, values in history.items()}
        for epoch in range(recipe.epochs)
    ]
    return model, rows


def model_of(run_: runs.Run) -> keras.Model:
    """Return the trained network of a run."""
    model = models.MODELS[run_.recipe.model]()
    model.set_weights(run_.weights())
    return model


def logits(run_: runs.Run, split: data.Split) -> np.ndarray:
    """Return what the network of a run says of the images of a split.

    Returns:
        float32, shape (n, 10), logits.
    """
    images = run_.standardiser.apply(split.images)
    return model_of(run_).predict(images, batch_size=512, verbose=0)
