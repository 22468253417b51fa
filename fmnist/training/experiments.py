"""Experiments: recipes that are trained to be compared with one another, and with how many seeds.

A build of the book trains those of `OF_THE_BOOK`. The others are trained by ``fmnist runs record``,
which writes what came out into the table beside this file; the chapters read that table (see
`fmnist.evaluation.recipe_results`).
"""

from dataclasses import dataclass, field, replace
from typing import Any

from fmnist.training import recipes
from fmnist.training.recipes import SEEDS, Recipe


@dataclass(frozen=True)
class Joint:
    """Several trainings that are bought together and give one result.

    Attributes:
        recipes: names of recipes of the experiment.
        members: networks of each recipe, with different seeds.
        chosen: whether the network that is best on the first half of the validation images is
            taken; if not, the probabilities of all are averaged.
    """

    recipes: tuple[str, ...]
    members: int = 1
    chosen: bool = False


@dataclass(frozen=True)
class Experiment:
    """Recipes that belong together.

    Attributes:
        recipes: by name; the first is what the others are compared with.
        seeds: each recipe is trained with.
        against: names of recipes that are compared with another one than the first, and with which.
        joint: by name, what is made of several trainings; compared with the first recipe, too.
        half: whether the accuracy is that on the second half of the validation images, since the
            first is kept for choosing among the recipes. Their settings were first tried before
            anybody had divided the images.
    """

    recipes: dict[str, Recipe]
    seeds: tuple[int, ...] = SEEDS
    against: dict[str, str] = field(default_factory=dict)
    joint: dict[str, Joint] = field(default_factory=dict)
    half: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        """Names of all that has a result: the recipes, and then what is made of several."""
        return (*self.recipes, *self.joint)

    def reference(self, name: str) -> str:
        """Return what a recipe is compared with; "" for the first, which is compared with none."""
        first = next(iter(self.recipes))
        return "" if name == first else self.against.get(name, first)

    def seeds_of(self, name: str) -> tuple[int, ...]:
        """Return the seeds that a recipe is trained with, more where others are joined with it."""
        members = [joint.members for joint in self.joint.values() if name in joint.recipes]
        further = len(self.seeds) * (max(members, default=1) - 1)
        first = max(self.seeds) + 1
        return (*self.seeds, *range(first, first + further))

    def wanted(self) -> list[Recipe]:
        """Return every recipe with every seed."""
        return [
            recipe.with_seed(seed)
            for name, recipe in self.recipes.items()
            for seed in self.seeds_of(name)
        ]


def _each_with_the_one_before(names: dict[str, Recipe]) -> dict[str, str]:
    return dict(zip([*names][1:], names, strict=False))


OF_THE_BOOK = {
    "ladder": Experiment(recipes.FULL, against=_each_with_the_one_before(recipes.FULL)),
    "medicines": Experiment(recipes.ABLATION, against=recipes.COMPARED_WITH),
    "tuning": Experiment({"plain": recipes.PLAIN} | recipes.TUNING, seeds=SEEDS[:1]),
    "scaling": Experiment(recipes.SCALING),
}

FIVE, NINE = tuple(range(5)), tuple(range(9))
CHANGES: dict[str, dict[str, Any]] = {
    "none": {},
    "mirror": {"mirror": "random"},
    "shift 1": {"shift": 1},
    "shift 2": {"shift": 2},
    "mirror and shift 2": {"mirror": "random", "shift": 2},
    "erasing": {"erasing": 0.3},
}
LENGTHS = (10, 20, 40)  # epochs

# A fifth of the images, and then five times as many multiplications in six ways.
START = replace(recipes.DEEP, images=10_000)
BUDGET = {
    "start": START,
    "longer": replace(START, epochs=25),
    "augmentation": replace(START, epochs=25, mirror="random", shift=1),
    "larger": replace(START, model="broad_cnn"),
    "more images": recipes.DEEP,
    **{f"rate {rate:g}": replace(START, learning_rate=rate) for rate in (5e-4, 1e-3, 5e-3, 1e-2)},
}
RATES = (2e-5, 1e-4, 3e-4, 1e-3, 5e-3, 1e-2, 2e-2, 5e-2)
# The same number of steps for each: 3,125 with 32 images.
IMAGES = (1_000, 2_000, 5_000, 20_000, 50_000)
TOWER = replace(recipes.PLAIN, epochs=5)
DEPTHS = (4, 12, 24)  # convolutions
EXPERIMENTS = {
    # The seven medicines and the schedule again, with three times as many seeds.
    "nine seeds": Experiment(recipes.ABLATION, NINE, recipes.COMPARED_WITH),
    # Each change of the images with each length of training, against none with the same length.
    "augmentation": Experiment(
        {
            f"{change}, {epochs} epochs": replace(recipes.PLAIN, epochs=epochs, **fields)
            for epochs in LENGTHS
            for change, fields in CHANGES.items()
        },
        against={
            f"{change}, {epochs} epochs": f"none, {epochs} epochs"
            for epochs in LENGTHS
            for change in CHANGES
            if change != "none"
        },
    ),
    # One idea after another, for the same price.
    "rungs": Experiment(recipes.RUNGS, against=_each_with_the_one_before(recipes.RUNGS), half=True),
    # Each idea, and some that were not taken.
    "ideas": Experiment(
        {"one_minute": recipes.FAST}
        | {name: replace(recipes.FAST, **change) for name, change in recipes.VARIANTS.items()},
        half=True,
    ),
    # One price, paid in six ways. A search for the learning rate pays for five networks, too.
    "one budget": Experiment(
        BUDGET,
        joint={
            "ensemble": Joint(("start",), members=5),
            "learning rate": Joint(
                ("start", *(name for name in BUDGET if name.startswith("rate"))), chosen=True
            ),
        },
        half=True,
    ),
    # What else decides: each against the network or the recipe of phase 4's medicines.
    "layers": Experiment(
        {"stride": recipes.PLAIN}
        | {
            name.replace("_", " "): replace(recipes.PLAIN, model=name)
            for name in ("max_pooling", "average_pooling", "global_average", "every_place")
        },
        FIVE,
    ),
    "depth": Experiment(
        {
            f"{kind} {depth}{norm}": replace(TOWER, model=f"{kind}_{depth}", batch_norm=bool(norm))
            for norm in ("", ", batch norm")
            for kind in ("plain", "shortcut")
            for depth in DEPTHS
        },
        against={
            f"shortcut {depth}{norm}": f"plain {depth}{norm}"
            for norm in ("", ", batch norm")
            for depth in DEPTHS
        },
    ),
    "rates": Experiment(
        {"0.002": recipes.PLAIN}
        | {f"{rate:g}": replace(recipes.PLAIN, learning_rate=rate) for rate in RATES}
    ),
    "images": Experiment(
        {"10000": recipes.PLAIN}
        | {
            f"{images}": replace(recipes.PLAIN, images=images, epochs=100_000 // images)
            for images in IMAGES
        }
    ),
}
