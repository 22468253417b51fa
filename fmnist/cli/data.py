"""Commands around the images, and around what a machine must have."""

from pathlib import Path

from fmnist.cli.command_group import commands
from fmnist.tools.terminal import shown
from fmnist.tools.user_errors import UserError

STYLES = {"ok": "green", "warning": "yellow", "missing": "bold red"}


@commands.command()
def fetch() -> None:
    """Get the images: four files, verified.

    \b
    Example:
        fmnist fetch
        FMNIST_DATA=~/Downloads/fashion fmnist fetch    from that folder only
    """
    fetched()


def fetched() -> Path:
    """Get the images, show how far it is, and return their folder, or end in one line."""
    from rich import progress as bars
    from rich.console import Console

    from fmnist.data import fetch as fetching

    console = Console(highlight=False)

    def say(line: str) -> None:
        console.print(shown(line), markup=False, soft_wrap=True)

    display = bars.Progress(
        bars.TextColumn("{task.description}"),
        *(bars.BarColumn(), bars.DownloadColumn(), bars.TimeRemainingColumn()),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    )
    tasks: dict[str, bars.TaskID] = {}

    def progress(name: str, done: int, total: int | None) -> None:
        if name not in tasks:
            for earlier in tasks.values():
                display.update(earlier, visible=False)
            tasks[name] = display.add_task(name, total=total)
        display.update(tasks[name], completed=done)

    try:
        with display:
            return fetching.fetch(say, progress=progress)
    except fetching.FetchError as error:
        raise UserError(shown(" ".join(str(error).split()))) from None


@commands.command()
def doctor() -> None:
    """Look whether this machine can build the book, and say what to type where it cannot.

    A warning means that some command will not work; exit status 1, that the book cannot be built.

    \b
    Example:
        fmnist doctor
    """
    from rich.console import Console
    from rich.text import Text

    from fmnist.cli import doctor as examination

    console = Console(highlight=False)
    missing = 0
    with console.status("Looking, which takes some seconds ..."):
        for finding in examination.findings():
            line = Text(f"{finding.state:8}", style=STYLES[finding.state])
            line.append(f"{finding.name:11}{shown(finding.detail)}", style="default")
            if finding.advice:
                line.append(f"  Next: {shown(finding.advice)}", style="bold default")
            console.print(line, soft_wrap=True)
            missing += finding.state == examination.MISSING
    if missing:
        raise UserError(
            "The book cannot be built here yet; see each line that begins with missing."
        )
    console.print("The book can be built here.")
