"""Mistakes of a user, told in one line."""

import click

from fmnist import course
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
    what = "--editable '." if (course.ROOT / "pyproject.toml").is_file() else "'fmnist"
    return (
        f"This command needs {package}, which is not installed. Type: pip install {what}[{extra}]'"
    )
