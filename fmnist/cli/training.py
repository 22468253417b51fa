"""Commands around networks: train them and list what was kept."""

import click

from fmnist.cli.common import Mistake, quiet


@click.command()
@click.argument("recipe")
@click.option("--seed", type=click.IntRange(0, 2**31 - 1), help="Instead of the recipe's own.")
@click.option("--epochs", type=click.IntRange(1, 1000), help="Instead of the recipe's own.")
def train(recipe: str, seed: int | None, epochs: int | None) -> None:
    """Train the network of a RECIPE, or find the run that was kept.

    \b
    Example:
        fmnist train small_cnn
        fmnist train linear --seed 1
    """
    import dataclasses

    from fmnist.recipes import RECIPES

    if recipe not in RECIPES:
        raise Mistake(f"There is no recipe {recipe!r}. Choose one of: {', '.join(RECIPES)}.")
    changes = {"seed": seed, "epochs": epochs}
    chosen = dataclasses.replace(
        RECIPES[recipe], **{name: value for name, value in changes.items() if value is not None}
    )
    run = trained(chosen)
    from fmnist import data, evaluate

    _, validation = data.train_and_validation()
    accuracy = evaluate.accuracy(run, validation, evaluate.predictions(run, validation))
    click.echo(f"run {run.key}, trained in {run.seconds:.0f} s\n{accuracy}")


def trained(recipe):
    """Return the run of a recipe; show its progress if it must be trained first."""

    def report(epoch: int, row: dict[str, float]) -> None:
        click.echo(
            f"epoch {epoch}/{recipe.epochs}: loss {row['loss']:.3f} training, "
            f"{row['val_loss']:.3f} validation (nats per image)"
        )

    click.echo(f"{recipe}\nLoading TensorFlow ...")
    with quiet():
        from fmnist import data, train

    try:
        return train.run(recipe, on_epoch=report)
    except data.DataMissing as error:
        raise Mistake(str(error)) from None


@click.command()
def runs() -> None:
    """List the runs that were kept.

    \b
    Example:
        fmnist runs
    """
    from fmnist import runs as store

    kept = store.kept()
    for run in kept:
        last = run.history[-1]
        click.echo(
            f"{run.key}  {run.recipe.model:10} seed {run.recipe.seed}  "
            f"{run.recipe.epochs:3} epochs  {run.train_images:,} images  "
            f"validation loss {last['val_loss']:.3f}  {run.seconds:.0f} s"
        )
    if not kept:
        click.echo("No run is kept yet. Type: fmnist train small_cnn")
