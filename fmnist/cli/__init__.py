"""The commands. Parsing and printing only: what is done stands in the modules that they call.

Modules are imported inside the commands: TensorFlow takes seconds, and most commands, above all
a student's, must answer at once.
"""

import sys

import click

from fmnist.cli import authoring, book, data, exercises, grading, mistakes, release, training, using

# Where commands find what a student of NumPy exercises need not install.
EXTRAS = {
    "keras": "keras",
    "PIL": "keras",
    "scipy": "keras",
    "sklearn": "keras",
    "tensorflow": "keras",
    "jupyter_book": "book",
    "nbformat": "book",
    "matplotlib": "book",
    "plotly": "book",
    "sphinx": "book",
    "yaml": "book",
    "copydetect": "grading",
    "jinja2": "grading",
    "py_landlock": "grading",
    "pyseccomp": "grading",
}


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
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
    """Run the command line."""
    try:
        commands(prog_name="fmnist")
    except KeyboardInterrupt:
        sys.exit(130)
    except ModuleNotFoundError as error:
        package = (error.name or "").split(".")[0]
        if package not in EXTRAS:
            raise
        mistakes.Mistake(mistakes.needs(package, EXTRAS[package])).show()
        sys.exit(1)
