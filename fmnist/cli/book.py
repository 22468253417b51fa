"""The command that builds the book."""

import os

import click

from fmnist.cli.common import Mistake
from fmnist.cli.training import trained


@click.command()
@click.option("--tier", type=click.Choice(["full", "smoke"]), default="full", show_default=True)
def book(tier: str) -> None:
    """Build the book: get the images, train what is missing, run every chapter.

    \b
    Example:
        fmnist book
        fmnist book --tier smoke    quickly, on a small part of the images
    """
    import time

    from fmnist import booktools
    from fmnist import fetch as fetching
    from fmnist import runs as store
    from fmnist.recipes import RECIPES

    started = time.perf_counter()
    os.environ["FMNIST_TIER"] = tier
    try:
        fetching.fetch(click.echo)
        for recipe in RECIPES.values():  # here, where progress shows; the chapters find the runs
            if store.find(store.key(recipe)) is None:
                trained(recipe)
        site = booktools.build(smoke=tier == "smoke")
    except (fetching.FetchError, booktools.BuildError) as error:
        raise Mistake(str(error)) from None
    click.echo(f"Built in {time.perf_counter() - started:.0f} s: {site / 'index.html'}")
