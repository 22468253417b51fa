"""The command that makes what students and grading services get."""

from pathlib import Path

import click

from fmnist.cli.command_group import commands, needs
from fmnist.tools.user_errors import UserError

PATH = click.Path(path_type=Path)


@commands.command()
@click.option("--student", type=PATH, metavar="DIR", help="A copy of the course for students.")
@click.option("--gradescope", type=PATH, metavar="FILE.zip", help="An autograder for Gradescope.")
@click.option("--github-classroom", type=PATH, metavar="DIR", help="A template repository.")
@click.option("--nbgrader", type=PATH, metavar="DIR", help="Source assignments for nbgrader.")
@click.option("--assignment", default="", metavar="NAME", help="Its exercises only.")
@click.option("--site", default="", metavar="URL", help="Where the book is on the web.")
def release(assignment: str, site: str, **targets: Path | None) -> None:
    """Make what students or a grading service get; give one target.

    What students get is looked through for lines of solutions and hidden checks; if there is one,
    nothing is written. A DIR that ends in .zip becomes an archive.

    \b
    Example:
        fmnist release --student copy/
        fmnist release --student week1.zip --assignment week1
        fmnist release --student copy/ --site https://example.edu/fmnist
        fmnist release --gradescope autograder.zip --assignment week1
        fmnist release --github-classroom template/ --assignment week1
        fmnist release --nbgrader course/
    """
    from fmnist.exercises import reading
    from fmnist.release import classroom, gradescope, nbgrader, packing, student

    given = {kind: target for kind, target in targets.items() if target is not None}
    if len(given) != 1:
        options = ", ".join(f"--{kind.replace('_', '-')}" for kind in targets)
        raise UserError(f"Give one of {options}; received {len(given)}.")
    kind, target = given.popitem()
    address = reading.site(site)
    with_site = {"student": student.files, "github_classroom": classroom.files}
    if address and kind not in with_site:
        raise UserError("--site is for --student and --github-classroom: there replies name pages.")
    makers = {
        "gradescope": gradescope.files,
        "nbgrader": nbgrader.files,
    }
    if kind == "gradescope" and target.suffix != ".zip":
        raise UserError(f"{target} must end in .zip: Gradescope takes an archive.")
    try:
        packing.need_solutions()
        packing.check_target(target)
        if kind in with_site:
            files = with_site[kind](assignment, site=address)
        else:
            files = makers[kind](assignment)
        packing.write(files, target)
    except OSError as error:
        raise UserError(f"{error.filename} cannot be read: {error.strerror}.") from None
    except ModuleNotFoundError as error:
        raise UserError(needs(error.name or "a package", "dev")) from None
    proved = ", no line of a solution in them" if kind in ("student", "github_classroom") else ""
    click.echo(f"{target}: {len(files)} files{proved}")
