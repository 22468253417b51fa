"""The command that makes what students and grading services get."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

import click

from fmnist.cli.command_group import commands, needs
from fmnist.tools.user_errors import UserError

PATH = click.Path(path_type=Path)
ENDED = (
    "GitHub Classroom ended on 28 August 2026: use --template for any Git host, or --classroom50."
)
# What to do with a release, line by line.
NEXT = {
    "student": (
        "Give it to your students, as a zip or a folder; its README.md says what to type.",
        "Mark what comes back: fmnist grade HAND-INS --out GRADES{option}",
    ),
    "template": (
        "Push it to a repository of its own, as a template from which students make theirs:",
        "  cd {target} && git init && git add --all && git commit -m 'As it came', then push.",
        "Mark their clones, one folder each: fmnist grade CLONES --out GRADES{option}",
    ),
    "classroom50": (
        "Copy it into your classroom's folder of the repository classroom50, and push that.",
        "When you add the assignment, give it --runtime runtime.json and a template that you make "
        "with: fmnist release --template DIR{option}",
    ),
    "gradescope": (
        "On Gradescope choose a Programming Assignment, Configure Autograder, and upload it.",
        "Students hand in hand-in.zip. It has all solutions: keep it to yourself.",
    ),
    "nbgrader": (
        "Type: cd {target} && nbgrader generate_assignment {first}; its README.md goes on.",
        "source/ has the solutions: keep it to yourself.",
    ),
    "container": (
        "Type: docker build --tag fmnist-grading {target} (or podman); its first lines go on.",
        "It has all solutions: push the image nowhere.",
    ),
}


@commands.command()
@click.option("--student", type=PATH, metavar="DIR", help="A copy of the course for students.")
@click.option("--template", type=PATH, metavar="DIR", help="A template repository, any Git host.")
@click.option("--classroom50", type=PATH, metavar="DIR", help="Autograders for Classroom 50.")
@click.option("--gradescope", type=PATH, metavar="FILE.zip", help="An autograder for Gradescope.")
@click.option("--nbgrader", type=PATH, metavar="DIR", help="Source assignments for nbgrader.")
@click.option("--container", type=PATH, metavar="DIR", help="A machine to grade on, as a recipe.")
@click.option("--github-classroom", type=PATH, hidden=True)
@click.option("--assignment", default="", metavar="NAME", help="Its exercises only.")
@click.option("--site", default="", metavar="URL", help="Where the book is on the web.")
@click.option(
    "--hidden-visibility",
    type=click.Choice(["after_published", "after_due_date", "hidden", "visible"]),
    help="When students see on Gradescope what hidden checks say.  [default: after_published]",
)
def release(
    assignment: str,
    site: str,
    hidden_visibility: str | None,
    github_classroom: Path | None,
    **targets: Path | None,
) -> None:
    """Make what students or a grading service get; give one target.

    What students get is looked through for lines of solutions and hidden checks; if there is one,
    nothing is written. A DIR that ends in .zip becomes an archive.

    \b
    Example:
        fmnist release --student copy/
        fmnist release --student week1.zip --assignment week1
        fmnist release --student copy/ --site https://example.edu/fmnist
        fmnist release --template template/ --assignment week1
        fmnist release --classroom50 classroom/
        fmnist release --gradescope autograder.zip --assignment week1
        fmnist release --nbgrader course/
        fmnist release --container grading/
    """
    from fmnist.exercises import reading
    from fmnist.release import classroom50, container, gradescope, nbgrader, packing, student
    from fmnist.release import template as template_repository

    if github_classroom is not None:
        raise UserError(ENDED)
    given = {kind: target for kind, target in targets.items() if target is not None}
    if len(given) != 1:
        options = ", ".join(f"--{kind}" for kind in targets)
        raise UserError(f"Give one of {options}; received {len(given)}.")
    kind, target = given.popitem()
    address = reading.site(site)
    with_site = {"student": student.files, "template": template_repository.files}
    if address and kind not in with_site:
        raise UserError("--site is for --student and --template: there replies name pages.")
    makers: dict[str, Callable[[str], packing.Files]] = {
        "classroom50": classroom50.files,
        "gradescope": gradescope.files,
        "nbgrader": nbgrader.files,
        "container": container.files,
    }
    if hidden_visibility is not None:
        if kind != "gradescope":
            raise UserError("--hidden-visibility is for --gradescope.")
        makers[kind] = partial(gradescope.files, hidden_visibility=hidden_visibility)
    if kind == "gradescope" and target.suffix != ".zip":
        raise UserError(f"{target} must end in .zip: Gradescope takes an archive.")
    if kind == "container" and assignment:
        raise UserError("--assignment is for what grades one; give it to fmnist grade there.")
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
    public = kind in ("student", "template", "classroom50")
    proved = ", no line of a solution in them" if public else ""
    click.echo(f"{target}: {len(files)} files{proved}")
    first = next((name.split("/")[1] for name in files if name.startswith("source/")), "")
    option = f" --assignment {assignment}" if assignment else ""
    for line in NEXT[kind]:
        click.echo(line.format(target=target, first=first, option=option))
