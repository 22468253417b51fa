"""The group of all commands, and how it tells what a person has to mend."""

import signal

import click

from fmnist import course
from fmnist.tools.terminal import shown_lines
from fmnist.tools.user_errors import UserError

# Commands that keep what is done, and go on there.
GO_ON = ("book", "fetch", "grade", "sweep", "train")


class Stopped(KeyboardInterrupt):
    """A signal came that ends this process.

    Attributes:
        number: of the signal.
    """

    def __init__(self, number: int):
        super().__init__()
        self.number = number


def stop_at_signals() -> None:
    """Have signals that end a process end it as Ctrl-C does: with its processes and its files."""
    for name in ("SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) == signal.SIG_DFL:
            signal.signal(number, _stop)


def _stop(number: int, _: object) -> None:
    raise Stopped(number)


class Commands(click.Group):
    """All commands; each may meet what a person has to mend."""

    def invoke(self, ctx: click.Context) -> object:
        """Run one command.

        A user error is told in one line and ends it with exit status 1; a signal with that of a
        shell, 130 for Ctrl-C.
        """
        try:
            return super().invoke(ctx)
        except UserError as error:
            tell(error)
            ctx.exit(1)
        except KeyboardInterrupt as stopped:
            goes_on = ctx.invoked_subcommand in GO_ON
            tell("stopped. Type the command again: it goes on." if goes_on else "stopped.")
            ctx.exit(128 + getattr(stopped, "number", signal.SIGINT))


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
