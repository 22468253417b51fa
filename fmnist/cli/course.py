"""An author's commands."""

import itertools

import click

from fmnist.cli.common import Mistake, exercise_named


@click.group()
def course() -> None:
    """Write and prove exercises."""


@course.command()
@click.argument("names", nargs=-1)
def check(names: tuple[str, ...]) -> None:
    """Prove exercises: stubs fail, references pass, wrong answers are caught, links lead somewhere.

    \b
    Example:
        fmnist course check
        fmnist course check class_counts
    """
    from fmnist.exercises import catalog, quality

    if not catalog.SOLUTIONS.is_dir():
        raise Mistake("solutions/ is missing: this needs a checkout with solutions.")
    try:
        chosen = [exercise_named(name) for name in names] or catalog.load()
        common = () if names else (quality.of_the_course(), quality.of_strays())
        found = 0
        for problem in itertools.chain(*common, quality.problems(chosen)):
            found += 1
            click.secho(problem, fg="red")
    except catalog.CatalogError as error:
        raise Mistake(str(error)) from None
    if found:
        raise Mistake(f"{found} problem{'s' * (found > 1)} found.")
    whole = "exercises are" if len(chosen) > 1 else "exercise is"
    click.secho(f"{len(chosen)} {whole} whole.", fg="green")
