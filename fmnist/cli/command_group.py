"""The group of all commands, and how it tells what a person has to mend."""

import click

from fmnist import course
from fmnist.tools.terminal import shown_lines
from fmnist.tools.user_errors import UserError


class Commands(click.Group):
    """All commands; each may meet what a person has to mend."""

    def invoke(self, ctx: click.Context) -> object:
        """Run one command; a user error is told in one line and ends it with exit status 1."""
        try:
            return super().invoke(ctx)
        except UserError as error:
            tell(error)
            ctx.exit(1)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
def commands() -> None:
    """Image classification with deep learning, on Fashion-MNIST."""


def tell(error: object) -> None:
    """Print a user error on standard error; what others wrote in it commands nothing."""
    click.echo(shown_lines(f"fmnist: {error}"), err=True)


def needs(package: str, extra: str) -> str:
    """Return the sentence for a command that lacks a package, with what to type."""
    return f"This command needs {package}, which is not installed. Type: {installation(extra)}"


def installation(extra: str) -> str:
    """Return what to type to get an extra: of a checkout, of the copy one stands in, or by name."""
    if (course.ROOT / "pyproject.toml").is_file():
        return f"pip install --editable '.[{extra}]'"
    from fmnist.exercises import copies, workspace

    try:
        wheel = copies.wheel(workspace.here())
    except UserError:
        wheel = None
    return f'python -m pip install "{wheel or "fmnist"}[{extra}]"'
