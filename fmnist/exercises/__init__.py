"""What a student's check run is made of; `check` is for notebooks."""

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fmnist.exercises.notebook import Report


def check(function: Callable) -> "Report":
    """Run the public checks of the exercise that `function` answers, and return what to show.

    Args:
        function: just defined in a notebook, under the name of an exercise.

    Raises:
        catalog.CatalogError: there is no exercise of that name; the message lists the names.
    """
    from fmnist.exercises import notebook

    return notebook.check(function)
