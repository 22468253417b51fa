"""A student's commands."""

import importlib.util
from pathlib import Path

import click

from fmnist.cli.common import Mistake, exercise_named, needs


@click.command()
@click.argument("name")
@click.option("--file", type=click.Path(path_type=Path), help="The answer; by default the stub's.")
def check(name: str, file: Path | None) -> None:
    """Check the exercise NAME and say what is missing.

    \b
    Example:
        fmnist check class_counts
        fmnist check class_counts --file my_answer.py
    """
    from fmnist.exercises import runner, verdicts

    exercise = exercise_named(name)
    path = file or exercise.stub
    if not path.is_file():
        raise Mistake(f"There is no file {path}. Give the answer with --file.")
    passed: list[verdicts.Verdict] = []
    faults: list[verdicts.Verdict] = []
    if exercise.keras:
        if importlib.util.find_spec("keras") is None:
            raise Mistake(needs("keras", "keras"))
        click.echo("This one needs TensorFlow, which takes some seconds to load ...")
    for verdict in runner.check(exercise, path):
        (passed if verdict.outcome == "passed" else faults).append(verdict)
    total = len(passed) + len(faults)
    if faults:
        stopped = " before it was stopped" * (faults[-1].kind in ("timed out", "crashed"))
        score = f"{len(passed)} of {total} public checks passed{stopped}"
        click.secho(f"{exercise.name}: {score}", bold=True)
        click.secho(f"\n{faults[0].message}", fg="red")
        click.echo(
            f"\nCheck: {faults[0].check}\nRead:  _build/html/{exercise.phase}.html#{exercise.read}"
        )
        raise SystemExit(1)
    click.secho(f"{exercise.name}: all {total} public checks passed", fg="green", bold=True)
    click.echo("Your instructor's hidden checks try other inputs.")
