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
class Experiment:
    """Recipes that belong together.

    Attributes:
        recipes: by name; the first is what the others are compared with.
        seeds: each recipe is trained with.
        against: names of recipes that are compared with another one than the first, and with which.
        half: whether the accuracy is that on the second half of the validation images, since the
            first is kept for choosing among the recipes. Their settings were first tried before
            anybody had divided the images.
    """

    recipes: dict[str, Recipe]
    seeds: tuple[int, ...] = SEEDS
    against: dict[str, str] = field(default_factory=dict)
    half: bool = False

    def reference(self, name: str) -> str:
        """Return what a recipe is compared with; "" for the first, which is compared with none."""
        first = next(iter(self.recipes))
        return "" if name == first else self.against.get(name, first)

    def wanted(self) -> list[Recipe]:
        """Return every recipe with every seed."""
        return [recipe.with_seed(seed) for recipe in self.recipes.values() for seed in self.seeds]


def _each_with_the_one_before(names: dict[str, Recipe]) -> dict[str, str]:
    return dict(zip([*names][1:], names, strict=False))


OF_THE_BOOK = {
    "ladder": Experiment(recipes.FULL, against=_each_with_the_one_before(recipes.FULL)),
    "medicines": Experiment(recipes.ABLATION, against=recipes.COMPARED_WITH),
    "tuning": Experiment({"plain": recipes.PLAIN} | recipes.TUNING, seeds=SEEDS[:1]),
    "scaling": Experiment(recipes.SCALING),
}

NINE = tuple(range(9))
CHANGES: dict[str, dict[str, Any]] = {
    "none": {},
    "mirror": {"mirror": "random"},
    "shift 1": {"shift": 1},
    "shift 2": {"shift": 2},
    "mirror and shift 2": {"mirror": "random", "shift": 2},
    "erasing": {"erasing": 0.3},
}
LENGTHS = (10, 20, 40)  # epochs
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
}
