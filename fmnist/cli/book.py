"""The command that builds the book."""

import os
from pathlib import Path

import click

from fmnist.cli.command_group import commands
from fmnist.cli.data import fetched
from fmnist.cli.training import train_with_progress
from fmnist.tools.user_errors import UserError, writing


@commands.command()
@click.option("--tier", type=click.Choice(["full", "smoke"]), default="full", show_default=True)
@click.option(
    "--solutions/--no-solutions",
    default=True,
    envvar="FMNIST_SOLUTIONS",
    show_default=True,
    help="Whether the site shows the model answers; also FMNIST_SOLUTIONS=no.",
)
@click.option(
    "--strict",
    is_flag=True,
    help="Fail if a claim does not hold here, or if kept results are older than the code; "
    "otherwise the page says so at its place.",
)
def book(tier: str, solutions: bool, strict: bool) -> None:
    """Build the book: get the images, train what is missing, run every chapter.

    Chapters of which nothing changed are not run again. A site without solutions goes into
    _build/no-solutions, one of the smoke tier into _build/smoke.

    \b
    Example:
        fmnist book
        fmnist book --no-solutions    for students
        fmnist book --tier smoke      quickly, on a small part of the images
    """
    import time

    from fmnist.book import build
    from fmnist.evaluation import recipe_results
    from fmnist.training import sweep

    started = time.perf_counter()
    os.environ["FMNIST_TIER"] = tier
    wanted = sweep.of_the_book()
    try:
        fetched()
        train_with_progress(wanted)  # the chapters find these runs
        site, claims = build.build(
            smoke=tier == "smoke", strict=strict, solutions=solutions, say=click.echo
        )
    except OSError as error:
        raise UserError(
            f"The book cannot be written: {error}. Mend that and type the command again: chapters "
            "that ran are kept."
        ) from None
    click.echo(f"Built in {time.perf_counter() - started:.0f} s: {site / 'index.html'}")
    click.echo(claims)
    if old := recipe_results.all_old():
        if strict and tier == "full":
            raise UserError(old)
        click.echo(old)


@commands.command()
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("_build/notebooks"),
    show_default=True,
)
@click.option("--install", default="", help="What pip installs first, for machines as Colab's.")
@click.option("--site", default="", metavar="URL", help="Where the book is on the web.")
def notebooks(out: Path, install: str, site: str) -> None:
    """Write a notebook for students from each chapter, with cells for its exercises.

    \b
    Example:
        fmnist notebooks
        fmnist notebooks --install "fmnist[book] @ git+https://..."
        fmnist notebooks --site https://example.edu/fmnist
    """
    from fmnist.book import notebooks as making
    from fmnist.exercises import reading

    address = reading.site(site)
    with writing(out):
        for path, kept in making.write_all(out, install=install, site=address):
            click.echo(f"{path} (what was there is kept: {kept})" if kept else path)
