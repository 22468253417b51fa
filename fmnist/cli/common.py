"""What several commands share: mistakes in one line, foreign text made harmless, a quiet import."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

import click

from fmnist.exercises import catalog


class Mistake(click.ClickException):
    """Something that the user can mend: one line on standard error, exit status 1."""

    def show(self, file=None) -> None:
        """Print the line."""
        click.echo(f"fmnist: {self.message}", err=True, file=file)


def exercise_named(name: str) -> catalog.Exercise:
    """Return the exercise with this name, or end with what names there are."""
    try:
        return catalog.find(name)
    except catalog.CatalogError as error:
        raise Mistake(str(error)) from None


def needs(package: str, extra: str) -> str:
    """Return the sentence for a command that lacks a package, with what to type."""
    what = "--editable '." if (catalog.ROOT / "pyproject.toml").is_file() else "'fmnist"
    return (
        f"This command needs {package}, which is not installed. Type: pip install {what}[{extra}]'"
    )


@contextmanager
def quiet() -> Iterator[None]:
    """Send standard error nowhere: TensorFlow writes there, past Python, whenever it is loaded."""
    kept, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)


def shown(text: str) -> str:
    """Return foreign text without what a terminal would obey."""
    return "".join(character if character.isprintable() else "?" for character in text)
