"""The optimiser of a recipe, and its learning rate over the steps of a training."""

import keras

from fmnist.training.muon import Muon
from fmnist.training.recipes import Recipe

RISING = 0.2  # share of the steps of "one_cycle" over which the rate rises
LOWEST = 0.1  # of the highest rate, with which it begins

Rate = float | keras.optimizers.schedules.LearningRateSchedule


class OneCycle(keras.optimizers.schedules.LearningRateSchedule):
    """Up along a line from a tenth of the rate for a fifth of the steps, then to 0 along a line.

    Source: Smith (2018), arXiv:1803.09820, without its last, lower phase.
    """

    def __init__(self, highest: float, steps: int) -> None:
        """Take the highest rate and the number of steps of the whole training."""
        self.highest, self.steps = highest, steps
        self.rising = max(round(RISING * steps), 1)

    def __call__(self, step):
        """Return the rate of a step, counted from 0."""
        step = keras.ops.cast(step, "float32")
        up = LOWEST + (1 - LOWEST) * step / self.rising
        down = (self.steps - step) / max(self.steps - self.rising, 1)
        return self.highest * keras.ops.maximum(keras.ops.minimum(up, down), 0.0)


def rate(recipe: Recipe, steps: int) -> Rate:  # type: ignore[valid-type]
    """Return the learning rate of a recipe over the steps of its training."""
    if recipe.schedule == "cosine":
        return keras.optimizers.schedules.CosineDecay(recipe.learning_rate, steps)
    if recipe.schedule == "one_cycle":
        return OneCycle(recipe.learning_rate, steps)
    return recipe.learning_rate


def rate_at(rate: Rate, step: int) -> float:  # type: ignore[valid-type]
    """Return the learning rate of one step, counted from 0.

    Asked after a step, an optimiser gives the rate of the next one.
    """
    return rate if isinstance(rate, float) else float(rate(step))


def optimiser(recipe: Recipe, steps: int) -> keras.Optimizer:
    """Return the optimiser of a recipe for a training of so many steps."""
    over_time = rate(recipe, steps)
    decay = recipe.weight_decay or None
    settings = {"use_ema": recipe.averaging > 0, "ema_momentum": recipe.averaging or 0.99}
    if recipe.optimiser == "sgd":
        chosen = keras.optimizers.SGD(
            over_time, momentum=0.9, nesterov=True, weight_decay=decay, **settings
        )
    else:
        kind = Muon if recipe.optimiser == "muon" else keras.optimizers.Adam
        chosen = kind(over_time, weight_decay=decay, **settings)
    if decay:
        # Biases and the scales of batch normalisation have no reason to be small.
        chosen.exclude_from_weight_decay(var_names=["bias", "gamma", "beta"])
    return chosen
