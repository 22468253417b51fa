"""The commands. Parsing and printing only: what is done stands in the modules that they call.

Modules are imported inside the commands: TensorFlow takes seconds, and most commands, above all
a student's, must answer at once.
"""

import sys

# Whatever is imported here adds its commands to the group.
from fmnist.cli import authoring, book, data, exercises, grading, inference, release, term, training  # noqa: F401
from fmnist.cli.command_group import commands, needs, stop_at_signals, tell
from fmnist.tools import terminal

# The extras that bring what a student of NumPy exercises need not install.
EXTRAS = {
    "keras": ("keras", "PIL", "scipy", "sklearn", "tensorflow"),
    "book": ("jupyter_book", "nbformat", "matplotlib", "plotly", "sphinx", "yaml"),
    "grading": ("jinja2", "py_landlock", "pyseccomp"),
}


def main() -> None:
    """Run the command line; it ends with the status that the shell gets.

    0: done; 1: a user error, told in one line, or what was said could not be written; 2: words that
    no command knows; 128 and the number of a signal, as 130 for Ctrl-C, which ends with 0 what
    waits for it.
    """
    stop_at_signals()
    terminal.outlive_streams()
    terminal.take_every_letter(sys.stdout, sys.stderr)
    try:
        status = commands(prog_name="fmnist")
    except SystemExit as ended:
        status = ended.code
    except KeyboardInterrupt:  # before a command began
        status = 130
    except ModuleNotFoundError as error:
        package = (error.name or "").split(".")[0]
        extra = next((extra for extra, packages in EXTRAS.items() if package in packages), None)
        if extra is None:
            raise
        tell(needs(package, extra))
        status = 1
    if not status and (why := terminal.unsaid()):
        tell(f"all is done, but standard output did not take what was said of it: {why}.")
        status = 1
    sys.exit(status)
