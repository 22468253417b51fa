"""The command that puts the marks of a term together."""

from pathlib import Path

import click

from fmnist.cli.command_group import commands
from fmnist.tools.terminal import shown
from fmnist.tools.user_errors import UserError, writing
from fmnist.tools.wording import counted

MOST_SHOWN = 10  # students of whom something is missing


@commands.command()
@click.argument("folders", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--out", type=click.Path(dir_okay=False, path_type=Path), default=Path("gradebook.csv"),
    show_default=True, help="The table.",
)  # fmt: skip
@click.option(
    "--by", type=click.Choice(["id", "email", "name"]), default=None,
    help="What students are told apart by; by default the id, with Moodle's rosters the e-mail.",
)  # fmt: skip
def gradebook(folders: tuple[Path, ...], out: Path, by: str | None) -> None:
    """Put the marks of several assignments into one table: FOLDERS that `fmnist grade` wrote.

    A row is a student; an assignment has its points and its maximum. Two folders of one
    assignment, as of two sections, make one column.

    \b
    Example:
        fmnist gradebook grades/week1 grades/week2 grades/week3
        fmnist gradebook grades/* --out term.csv
        fmnist gradebook grades/* --by email
    """
    from fmnist.grading.judging.store import write_whole
    from fmnist.grading.marks import term

    read = term.read(folders, by=by or "")
    with writing(out):
        if out.exists() and not term.is_ours(out.read_text("utf-8", "replace")):
            raise UserError(f"{out} is another file than a gradebook; give another --out.")
        write_whole(out, term.table(read))
    lacking = [(one, term.missing(one, read)) for one in read.people]
    lacking = [(one, told) for one, told in lacking if told]
    for one, told in lacking[:MOST_SHOWN]:
        click.echo(f"{shown(one.name or one.key)}: {shown('; '.join(told))}")
    if len(lacking) > MOST_SHOWN:
        more = counted(len(lacking) - MOST_SHOWN, "other student")
        click.echo(f"and {more}: see the column missing")
    found = counted(len(read.assignments), "assignment")
    click.echo(f"{found}, {counted(len(read.people), 'student')}: {out}")
