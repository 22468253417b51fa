"""The commands. Parsing and printing only: what is done stands in the modules that they call.

Modules are imported inside the commands: TensorFlow takes seconds, and most commands, above all
a student's, must answer at once.
"""

import sys

import click

from fmnist.cli import authoring, book, data, exercises, grading, release, training, using
from fmnist.cli.mistakes import Mistake, needs
from fmnist.exercises.workspace import WorkspaceError
from fmnist.toml_tables import TableError

# The extras that bring what a student of NumPy exercises need not install.
EXTRAS = {
    "keras": ("keras", "PIL", "scipy", "sklearn", "tensorflow"),
    "book": ("jupyter_book", "nbformat", "matplotlib", "plotly", "sphinx", "yaml"),
    "grading": ("jinja2", "py_landlock", "pyseccomp"),
}


class Commands(click.Group):
    """All commands; each may meet a folder or a table that a person has to mend."""

    def invoke(self, ctx: click.Context) -> object:
        """Run one command.

        Raises:
            Mistake: what the exercises, or a student's folder, are not as they must be.
        """
        try:
            return super().invoke(ctx)
        except (TableError, WorkspaceError) as error:
            raise Mistake(str(error)) from None


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
def commands() -> None:
    """Image classification with deep learning, on Fashion-MNIST."""


for command in (
    data.doctor,
    data.fetch,
    training.train,
    training.runs,
    training.sweep,
    using.evaluate,
    using.predict,
    exercises.start,
    exercises.next_,
    exercises.list_,
    exercises.check,
    exercises.hint,
    exercises.watch,
    exercises.reset,
    exercises.solution,
    exercises.pack,
    authoring.course,
    grading.grade,
    release.release,
    book.book,
    book.notebooks,
):
    commands.add_command(command)


def main() -> None:
    """Run the command line; it ends with the status that the shell gets.

    0: done; 1: a mistake, told in one line; 2: words that no command knows; 130: Ctrl-C.
    """
    try:
        commands(prog_name="fmnist")
    except KeyboardInterrupt:
        sys.exit(130)
    except ModuleNotFoundError as error:
        package = (error.name or "").split(".")[0]
        for extra, packages in EXTRAS.items():
            if package in packages:
                Mistake(needs(package, extra)).show()
                sys.exit(1)
        raise
