"""The commands. Parsing and printing only: what is done stands in the modules that they call.

Modules are imported inside the commands: TensorFlow takes seconds, and most commands, above all
a student's, must answer at once.
"""

import sys

import click

from fmnist.cli import book, data, exercises, grading, training


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def commands() -> None:
    """Image classification with deep learning, on Fashion-MNIST."""


for command in (
    data.fetch,
    training.train,
    training.runs,
    exercises.check,
    grading.grade,
    book.book,
):
    commands.add_command(command)


def main() -> None:
    """Run the command line."""
    try:
        commands(prog_name="fmnist")
    except KeyboardInterrupt:
        sys.exit(130)
