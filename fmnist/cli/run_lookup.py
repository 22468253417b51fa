"""From what a user types to kept runs: the name of a recipe, or the beginning of a run's key."""

from fmnist.tools.user_errors import UserError
from fmnist.training import recipes, runs, sweep


def runs_of(name: str) -> list[runs.Run]:
    """Return the kept runs of a recipe, one per seed, or the one run whose key begins so.

    Raises:
        UserError: there is none, or more than one key begins so.
    """
    if name in recipes.RECIPES:
        recipe = sweep.in_this_tier(recipes.RECIPES[name]).with_seed(0)
        found = [
            run
            for run in runs.kept()
            # Of other code, data or versions there may be runs of the same recipe.
            if run.recipe.with_seed(0) == recipe and run.key == runs.key(run.recipe)
        ]
        if not found:
            raise UserError(f"No run of {name} is kept. Type: fmnist train {name}")
        return found
    found = [run for run in runs.kept() if run.key.startswith(name)]
    if len(found) == 1:
        return found
    if found:
        raise UserError(f"{len(found)} runs begin with {name!r}. Give more of the key.")
    raise UserError(
        f"{name!r} is neither a kept run (see: fmnist runs) nor a recipe: "
        f"{', '.join(recipes.RECIPES)}."
    )
