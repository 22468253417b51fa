"""Recipes: every choice that decides what training gives, in one frozen record.

What came out of each, and what it cost, stands beside this file in ``recipe_results.csv``: the
accuracy on the validation images with its interval, the seeds, the seconds of one core, the
multiplications for one image, and the machine. `fmnist.evaluation.recipe_results` reads and writes
it.

TensorFlow is not imported here, so that a command can name and check a recipe at once.
"""

import math
from dataclasses import dataclass, fields, replace
from typing import Any

from fmnist.tools import wording
from fmnist.training import arithmetic

# Functions in `models`, and roughly how many seconds of one core an epoch of 50,000 images costs.
MODELS = {
    "linear": 0.2,
    "mlp": 0.4,
    "strided_cnn": 5,
    "small_cnn": 11,
    "deep_cnn": 11,
    "pooled_cnn": 18,
    "residual_cnn": 20,
    "wide_cnn": 26,
    "widest_cnn": 55,
    "broad_cnn": 50,
    "plain_4": 9,
    "plain_12": 22,
    "plain_24": 42,
    "shortcut_4": 10,
    "shortcut_12": 24,
    "shortcut_24": 45,
    "max_pooling": 9,
    "average_pooling": 9,
    "global_average": 5,
    "every_place": 5,
}
# Models whose first layer may be computed instead of trained, see `whitening`.
WHITENED = (
    "small_cnn",
    "deep_cnn",
    "pooled_cnn",
    "residual_cnn",
    "wide_cnn",
    "widest_cnn",
    "broad_cnn",
)
# The choices that have names. Each is defined where it is used: models, fit, preprocess,
# augmentation.
CHOICES = {
    "model": tuple(MODELS),
    "stem": ("trained", "whitening"),
    "optimiser": ("adam", "sgd", "muon"),
    "schedule": ("constant", "cosine", "one_cycle"),
    "scaling": ("none", "unit", "standard"),
    "mirror": ("never", "random", "alternating"),
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
        stem: "trained", or "whitening": filters computed from the images, see `whitening`.
        optimiser: "adam" (Kingma and Ba 2015), "sgd" with Nesterov momentum 0.9, or "muon".
        learning_rate: the highest of the schedule, above 0.
        schedule: "constant"; "cosine", to 0 along a half cosine; or "one_cycle", up along a line
            for a fifth of the steps and then to 0 along another.
        scaling: "none" (pixels 0 to 255), "unit" (0 to 1), "standard" (mean 0, deviation 1).
        mirror: "never", "random" or "alternating": see `augmentation.mirrored`.
        shift: pixels by which images are moved at most, either way, at least 0.
        erasing: probability with which a part of an image is erased, in [0, 1).
        skipping: share of the easy images that an epoch leaves out, in [0, 1): see `sampling`.
        shrunk: share of the epochs, the first ones, that see images of 20 by 20 pixels, in [0, 1).
        dropout: share of the last features set to 0 in training, in [0, 1).
        batch_norm: whether convolutions are followed by batch normalisation.
        weight_decay: decoupled (Loshchilov and Hutter 2019), at least 0.
        averaging: share of a fading mean of the weights that each step leaves as it is, in [0, 1);
            the network ends with that mean. 0 for the last weights.
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
    stem: str = "trained"
    optimiser: str = "adam"
    learning_rate: float = 2e-3
    schedule: str = "cosine"
    scaling: str = "standard"
    mirror: str = "never"
    shift: int = 0
    erasing: float = 0.0
    skipping: float = 0.0
    shrunk: float = 0.0
    dropout: float = 0.2
    batch_norm: bool = False
    weight_decay: float = 0.0
    averaging: float = 0.0
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
        for field in fields(self):
            if field.type is int and not isinstance(getattr(self, field.name), int):
                raise ValueError(
                    f"{field.name} must be a whole number, not {getattr(self, field.name)!r}"
                )
        for name, choices in CHOICES.items():
            if getattr(self, name) not in choices:
                raise ValueError(
                    f"{name} must be one of {', '.join(choices)}, not {getattr(self, name)!r}"
                )
        lowest = {"epochs": 1, "batch_size": 1}
        lowest |= dict.fromkeys(("shift", "weight_decay", "patience", "images"), 0)
        for name, least in lowest.items():
            if not least <= getattr(self, name) < math.inf:
                raise ValueError(f"{name} must be at least {least}, not {getattr(self, name)}")
        if self.images % 10:
            raise ValueError(f"images must be a multiple of 10, not {self.images}")
        if not isinstance(self.learning_rate, float) or not 0 < self.learning_rate < math.inf:
            raise ValueError(f"learning_rate must be a float above 0, not {self.learning_rate}")
        for name in ("erasing", "skipping", "shrunk", "dropout", "averaging", "label_smoothing"):
            if not 0 <= getattr(self, name) < 1:
                raise ValueError(f"{name} must be in [0, 1), not {getattr(self, name)}")
        if self.shrunk and self.model in ("linear", "mlp"):
            raise ValueError(f"shrunk must be 0 for {self.model}, which takes one size of images")
        if self.patience and self.averaging:
            raise ValueError("patience takes the best weights and averaging their mean: choose one")
        if self.stem != "trained" and self.model not in WHITENED:
            raise ValueError(f"stem must be trained for {self.model}, not {self.stem!r}")
        if self.optimiser == "muon" and not self.batch_norm:
            raise ValueError("optimiser muon needs batch_norm: it holds the kernels' length fixed")

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


# All training images: each of phases 3 to 5's networks, and one in which every idea of phase 6 is
# put to use. Epochs are few, so that the book is built in minutes on two cores.
DEEP = Recipe("deep_cnn", epochs=5, batch_norm=True)
# What phase 6 does to `DEEP`, one idea after another, for the same price: an epoch that leaves easy
# images out costs about half of a whole one, so there are more of them.
IDEAS: dict[str, dict[str, Any]] = {
    "muon": {"optimiser": "muon", "learning_rate": 0.03},
    "one_cycle": {"schedule": "one_cycle"},
    "mirror": {"mirror": "alternating"},
    "smoothing": {"label_smoothing": 0.1},
    "whitening": {"stem": "whitening"},
    "one_minute": {"skipping": 0.85, "epochs": 7},
}
RUNGS = {"deep_cnn": DEEP}
for _name, _fields in IDEAS.items():
    RUNGS[_name] = replace([*RUNGS.values()][-1], **_fields)
FAST = RUNGS["one_minute"]
# Each idea taken away from `FAST`, or put beside the others, for about the same price.
VARIANTS: dict[str, dict[str, Any]] = {
    "Adam instead of Muon": {"optimiser": "adam", "learning_rate": 2e-3},
    "no mirror": {"mirror": "never"},
    "no label smoothing": {"label_smoothing": 0.0},
    "first layer trained": {"stem": "trained"},
    "all images in all epochs": {"skipping": 0.0, "epochs": 5},
    "erasing": {"erasing": 0.3},
    "small images first": {"shrunk": 0.5, "epochs": 9},
    "mean of the weights": {"averaging": 0.99},
}
FULL = {
    "linear": Recipe("linear", epochs=5),
    "mlp": Recipe("mlp", epochs=8),
    "small_cnn": Recipe("small_cnn", epochs=5),
    "deep_cnn": DEEP,
    "one_minute": FAST,
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
    "mirror": replace(PLAIN, mirror="random"),
    "shift": replace(PLAIN, shift=2),
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
