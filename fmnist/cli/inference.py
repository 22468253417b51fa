"""Commands that use a trained network: evaluate it, and have it look at a user's images."""

from pathlib import Path

import click

from fmnist.cli.command_group import commands
from fmnist.tools.terminal import quiet, shown
from fmnist.tools.user_errors import UserError


@commands.command()
@click.argument("name", metavar="RECIPE_OR_RUN")
@click.option("--test", "reason", metavar="REASON", help="On the test images, for this reason.")
def evaluate(name: str, reason: str | None) -> None:
    """Say how good a trained network is: accuracy, classes, and what it confuses.

    On validation images. The test images are opened with a reason, which goes into the ledger:
    use them once, when all choices are made.

    \b
    Example:
        fmnist evaluate small_cnn
        fmnist evaluate small_cnn --test "final figure of my report"
    """
    from rich.console import Console
    from rich.table import Table

    from fmnist.analysis import errors
    from fmnist.cli.run_lookup import runs_of
    from fmnist.data import seal, splits
    from fmnist.evaluation import metrics as evaluation

    kept = runs_of(name)
    try:
        if reason is None:
            _, split = splits.train_and_validation()
        else:
            split = seal.open_test(reason, run=" ".join(run.key for run in kept))
    except (splits.DataMissing, OSError, ValueError) as error:
        raise UserError(str(error)) from None
    if reason is not None:
        click.echo("Loading TensorFlow ...")
    with quiet():
        predicted = [evaluation.predictions(run, split) for run in kept]
        accuracy = evaluation.accuracy(kept, split)
    click.secho(str(accuracy), bold=True)
    table = Table("class", box=None)
    for heading in ("precision", "recall", "F1"):
        table.add_column(heading, justify="right")
    report = evaluation.class_report(split.labels, predicted[0])
    for row in zip(splits.CLASS_NAMES, report.precision, report.recall, report.f1, strict=True):
        table.add_row(row[0], *(f"{100 * share:.1f} %" for share in row[1:]))
    Console().print(table)
    matrix = evaluation.confusion_matrix(split.labels, predicted[0])
    for pair in errors.confused_pairs(matrix)[:3]:
        if pair.total:
            click.echo(f"confused: {pair}.")
    if len(kept) > 1:
        click.echo(f"Classes and confusions are those of seed {kept[0].recipe.seed} alone.")


@commands.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--with", "name", default="small_cnn", show_default=True, metavar="RECIPE_OR_RUN")
@click.option("--prepare", is_flag=True, help="Make any photo fit, and say how.")
def predict(files: tuple[Path, ...], name: str, prepare: bool) -> None:
    """Say what is on your own images: grey, 28 by 28 pixels, the garment bright on black.

    Other images are refused, unless they are to be prepared.

    \b
    Example:
        fmnist predict boot.png
        fmnist predict --prepare IMG_2031.jpg
    """
    import numpy as np

    from fmnist.cli.run_lookup import runs_of
    from fmnist.data import photos, splits
    from fmnist.evaluation import calibration

    run = runs_of(name)[0]
    images = []
    for file in files:
        try:
            if prepare:
                prepared = photos.prepare(file)
                images.append(prepared.image)
                click.echo(f"{shown(str(file))}: {'; '.join(prepared.steps)}")
            else:
                images.append(photos.read(file))
        except photos.NotReady as error:
            raise UserError(shown(str(error))) from None
    click.echo("Loading TensorFlow ...")
    with quiet():
        from fmnist.training import fit

        foreign = splits.Split("yours", np.stack(images), np.zeros(len(images), np.uint8))
        shares = calibration.softmax(fit.logits(run, foreign))
    for file, row in zip(files, shares, strict=True):
        best = ", ".join(
            f"{splits.CLASS_NAMES[label]} {100 * row[label]:.0f} %"
            for label in row.argsort()[:-4:-1]
        )
        click.echo(f"{shown(str(file))}: {best}")
    click.echo(
        "The shares are how the network divides its belief among the ten classes: it has no way "
        "to say that an image shows something else."
    )
