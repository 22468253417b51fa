"""An author's commands."""

import itertools

import click

from fmnist.cli.common import Mistake, exercise_named


@click.group()
def course() -> None:
    """Write and prove exercises.

    \b
    Example:
        fmnist course new brightest_pixel --phase phase1_explore
        fmnist course check brightest_pixel
    """


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


@course.command()
@click.argument("name")
@click.option("--phase", required=True, help="For example phase1_explore.")
def new(name: str, phase: str) -> None:
    """Write the files of a new exercise NAME; `fmnist course check NAME` says what is to do.

    \b
    Example:
        fmnist course new brightest_pixel --phase phase1_explore
    """
    from fmnist.exercises import catalog, scaffold

    try:
        for path in scaffold.new(name, phase):
            click.echo(path.relative_to(catalog.ROOT))
    except catalog.CatalogError as error:
        raise Mistake(str(error)) from None
    click.echo(f"Show it in book/{phase}.md, and type: fmnist course check {name}")
