"""Recipes: every choice that decides what training gives, in one frozen record.

What came out of each, and what it cost, stands beside this file in ``recipe_results.csv``: the
accuracy on the validation images with its interval, the number of seeds, the multiplications for
one image, and the machine. `fmnist.evaluation.recipe_results` reads and writes it.

TensorFlow is not imported here, so that a command can name and check a recipe at once.
"""

import math
from dataclasses import dataclass, fields, replace

from fmnist.tools import wording
from fmnist.training import arithmetic

# Functions in `models`, and what an epoch of 50,000 images costs each on one core, in rough
# proportion.
MODELS = {
    "linear": 1,
    "mlp": 2,
    "strided_cnn": 11,
    "small_cnn": 18,
    "deep_cnn": 24,
    "residual_cnn": 34,
}
# The choices that have names. Each is defined where it is used: models, fit, preprocess,
# augmentation.
CHOICES = {
    "model": tuple(MODELS),
    "optimiser": ("adam", "sgd"),
    "schedule": ("constant", "cosine", "one_cycle"),
    "scaling": ("none", "unit", "standard"),
    "augmentation": ("none", "flip_shift"),
    "precision": ("float32", "bfloat16", "auto"),
}
SEEDS = (0, 1, 2)


@dataclass(frozen=True)
class Recipe:
    """What to train, and how.

    Attributes:
        model: a name in `MODELS`.
        epochs: passes over the training images, at least 1.
        batch_size: images a step, at least 1.
        optimiser: "adam" (Kingma and Ba 2015), or "sgd" with Nesterov momentum 0.9.
        learning_rate: the highest of the schedule, above 0.
        schedule: "constant"; "cosine", to 0 along a half cosine; or "one_cycle", up along a line
            for a fifth of the steps and then to 0 along a half cosine.
        scaling: "none" (pixels 0 to 255), "unit" (0 to 1), "standard" (mean 0, deviation 1).
        augmentation: "none", or "flip_shift": see `augmentation.augment`.
        dropout: share of the last features set to 0 in training, in [0, 1).
        batch_norm: whether convolutions are followed by batch normalisation.
        weight_decay: decoupled (Loshchilov and Hutter 2019), at least 0.
        label_smoothing: share of the probability spread over all classes, in [0, 1).
        patience: epochs without a lower validation loss after which training stops and the best
            weights are taken; 0 for never.
        images: how many training images, stratified; 0 for all.
        precision: "float32"; "bfloat16", with float32 weights; "auto", bfloat16 where
            `arithmetic.has_bfloat16` finds it, float32 elsewhere.
        seed: of weights, order of images, augmentation and dropout.
    """

    model: str
    epochs: int
    batch_size: int = 128
    optimiser: str = "adam"
    learning_rate: float = 2e-3
    schedule: str = "cosine"
    scaling: str = "standard"
    augmentation: str = "none"
    dropout: float = 0.2
    batch_norm: bool = False
    weight_decay: float = 0.0
    label_smoothing: float = 0.0
    patience: int = 0
    images: int = 0
    precision: str = "float32"
    seed: int = 0

    def __post_init__(self):
        """Refuse what cannot be trained.

        Raises:
            ValueError: a field is out of its range.
        """
        for name, choices in CHOICES.items():
            if getattr(self, name) not in choices:
                raise ValueError(
                    f"{name} must be one of {', '.join(choices)}, not {getattr(self, name)!r}"
                )
        lowest = {"epochs": 1, "batch_size": 1, "weight_decay": 0, "patience": 0, "images": 0}
        for name, least in lowest.items():
            if not least <= getattr(self, name) < math.inf:
                raise ValueError(f"{name} must be at least {least}, not {getattr(self, name)}")
        if self.images % 10:
            raise ValueError(f"images must be a multiple of 10, not {self.images}")
        if not 0 < self.learning_rate < math.inf:
            raise ValueError(f"learning_rate must be above 0, not {self.learning_rate}")
        for name in ("dropout", "label_smoothing"):
            if not 0 <= getattr(self, name) < 1:
                raise ValueError(f"{name} must be in [0, 1), not {getattr(self, name)}")

    def with_seed(self, seed: int) -> "Recipe":
        """Return the same recipe with another seed."""
        return replace(self, seed=seed)

    def __str__(self) -> str:
        """Return model, epochs and seed, and whatever else is not the default."""
        said = [f"{self.model}, {wording.counted(self.epochs, 'epoch')}"]
        for field in fields(self)[2:-1]:
            value = getattr(self, field.name)
            if value != field.default:
                said.append(f"{field.name} {value}")
        return ", ".join([*said, f"seed {self.seed}"])


# All training images: from one layer to residual blocks. "deep_cnn_augmented" and "residual_cnn"
# differ from "deep_cnn" in one field each, but another model is more than one change: more
# convolutions, other widths, shortcuts. Epochs are few so that the book is built in half an hour on
# two cores.
DEEP = Recipe("deep_cnn", epochs=5, batch_norm=True)
FULL = {
    "linear": Recipe("linear", epochs=5),
    "mlp": Recipe("mlp", epochs=8),
    "small_cnn": Recipe("small_cnn", epochs=5),
    "deep_cnn": DEEP,
    "deep_cnn_augmented": replace(DEEP, augmentation="flip_shift"),
    "residual_cnn": replace(DEEP, model="residual_cnn"),
}

# A fifth of the images and a cheap network, so that many variants with three seeds are affordable;
# no dropout and small batches, so that the network can overfit. Each differs in one field from
# "plain", or from the variant that `COMPARED_WITH` names.
PLAIN = Recipe("strided_cnn", epochs=10, batch_size=32, dropout=0.0, images=10_000)
CONSTANT = replace(PLAIN, schedule="constant")
ABLATION = {
    "plain": PLAIN,
    "dropout": replace(PLAIN, dropout=0.3),
    "weight_decay": replace(PLAIN, weight_decay=0.1),
    "batch_norm": replace(PLAIN, batch_norm=True),
    "label_smoothing": replace(PLAIN, label_smoothing=0.1),
    "augmentation": replace(PLAIN, augmentation="flip_shift"),
    "constant": CONSTANT,
    # Where the learning rate falls to 0, the validation loss hardly rises at the end, and there is
    # nothing to stop early.
    "early_stopping": replace(CONSTANT, patience=2),
}
COMPARED_WITH = {"early_stopping": "constant"}
# One training each: what these show is larger than the difference between seeds.
TUNING = {
    "sgd": replace(PLAIN, optimiser="sgd", learning_rate=0.02),
    "batch_128": replace(PLAIN, batch_size=128),
    "batch_512": replace(PLAIN, batch_size=512),
    "too_fast": replace(PLAIN, learning_rate=5e-2),
    "too_slow": replace(PLAIN, learning_rate=2e-5),
}
# Seconds each, and pixels from 0 to 255 make training jump: three seeds, too.
SCALING = {
    f"scaling_{how}": Recipe(
        "linear", epochs=5, optimiser="sgd", learning_rate=0.01, schedule="constant",
        scaling=how, images=10_000,
    )
    for how in CHOICES["scaling"]
}  # fmt: skip
RECIPES = FULL | ABLATION | TUNING | SCALING


def precision(recipe: Recipe) -> str:
    """Return the precision that a recipe is trained with on this machine."""
    if recipe.precision != "auto":
        return recipe.precision
    return "bfloat16" if arithmetic.has_bfloat16() else "float32"
