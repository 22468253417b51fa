"""Commands around the images."""

import click

from fmnist.cli.common import Mistake


@click.command()
def fetch() -> None:
    """Get the images: four files, verified.

    \b
    Example:
        fmnist fetch
        FMNIST_DATA=~/Downloads/fashion fmnist fetch    from that folder only
    """
    from fmnist import fetch as fetching

    try:
        fetching.fetch(click.echo)
    except fetching.FetchError as error:
        raise Mistake(str(error)) from None
