"""Accuracy for seconds of one core: the recipes of phase 6 against rivals, in the same run.

python tests/benchmarks/training.py [--seconds 120]

Each row is a process of its own with one thread and the book's arithmetic, on the book's 50,000
training images; what is counted are the CPU seconds of the whole process, from its start. The
accuracy is that on the second half of the validation images: recipes were chosen on the first.
The kept table is printed below, with the day on which it was written.
"""

import argparse
import importlib.util
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from fmnist import course
from fmnist.data import preprocess, splits
from fmnist.evaluation import recipe_results
from fmnist.training import recipes, sweep

Report = Callable[[np.ndarray], None]
BATCH = 128


def images() -> tuple[splits.Split, splits.Split, preprocess.Standardiser]:
    """Return training images, the second half of the validation images, and the scaling."""
    training, validation = splits.train_and_validation()
    half = splits.first_half(validation)
    return (
        training,
        validation.take(np.flatnonzero(~half)),
        preprocess.Standardiser.fit(training.images),
    )


# --- rivals: each yields, now and then, what it says of the images it is asked about ---


def nearest_neighbour(training, asked, scaling) -> Iterator[np.ndarray]:
    """One nearest neighbour on the pixels."""
    from fmnist.analysis import neighbours

    del scaling
    nearest, _ = neighbours.nearest_neighbour(training.images, asked.images)
    yield training.labels[nearest]


def support_vectors(training, asked, scaling) -> Iterator[np.ndarray]:
    """A support vector machine with a radial kernel, on more and more of the images."""
    from sklearn.svm import SVC

    for size in (5_000, 10_000, 20_000):
        some = splits.subset(training, size)
        machine = SVC(C=10, gamma="scale").fit(flat(some, scaling), some.labels)
        yield machine.predict(flat(asked, scaling))


def forest(training, asked, scaling) -> Iterator[np.ndarray]:
    """A random forest, tree after tree."""
    from sklearn.ensemble import RandomForestClassifier

    trees = RandomForestClassifier(20, warm_start=True, random_state=0)
    while True:
        trees.fit(flat(training, scaling), training.labels)
        yield trees.predict(flat(asked, scaling))
        trees.n_estimators += 20


def flat(split: splits.Split, scaling: preprocess.Standardiser) -> np.ndarray:
    """Return standardised pixels, one row an image."""
    return scaling.apply(split.images).reshape(len(split), -1)


def by_keras(build: Callable[[], Any], learning_rate: float = 1e-3, pieces: int = 1) -> Callable:
    """Return a rival that Keras trains with Adam at a constant rate, epoch after epoch."""

    def train(training, asked, scaling) -> Iterator[np.ndarray]:
        import keras

        keras.utils.set_random_seed(0)
        model = build()
        model.compile(
            optimizer=keras.optimizers.Adam(learning_rate),
            loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
            steps_per_execution=16,
        )
        pixels, seen = scaling.apply(training.images), scaling.apply(asked.images)
        while True:
            for part in np.array_split(np.random.default_rng(0).permutation(len(pixels)), pieces):
                model.fit(pixels[part], training.labels[part], batch_size=BATCH, verbose=0)
                yield model.predict(seen, batch_size=500, verbose=0).argmax(axis=1)

    return train


def tutorial_cnn():
    """The small CNN of Keras's own tutorial, with logits for an output."""
    from keras import Input, Sequential, layers

    return Sequential(
        [
            Input((28, 28, 1)),
            layers.Conv2D(32, 3, activation="relu"),
            layers.MaxPooling2D(),
            layers.Conv2D(64, 3, activation="relu"),
            layers.MaxPooling2D(),
            layers.Flatten(),
            layers.Dropout(0.5),
            layers.Dense(10),
        ]
    )


def lenet():
    """LeNet-5 as it is taught today, with ReLU and maximum pooling."""
    from keras import Input, Sequential, layers

    return Sequential(
        [
            Input((28, 28, 1)),
            layers.Conv2D(6, 5, padding="same", activation="relu"),
            layers.MaxPooling2D(),
            layers.Conv2D(16, 5, activation="relu"),
            layers.MaxPooling2D(),
            layers.Flatten(),
            layers.Dense(120, activation="relu"),
            layers.Dense(84, activation="relu"),
            layers.Dense(10),
        ]
    )


def resnet18():
    """ResNet-18 for small images: four stages of two blocks, 64 to 512 filters."""
    from keras import Input, Model, layers

    def convolution(maps, filters, stride=1):
        maps = layers.Conv2D(filters, 3, stride, padding="same", use_bias=False)(maps)
        return layers.BatchNormalization()(maps)

    pixels = Input((28, 28, 1))
    maps = layers.ReLU()(convolution(pixels, 64))
    for filters, stride in ((64, 1), (128, 2), (256, 2), (512, 2)):
        for step in (stride, 1):
            change = convolution(layers.ReLU()(convolution(maps, filters, step)), filters)
            if maps.shape[-1] != filters:
                maps = layers.BatchNormalization()(
                    layers.Conv2D(filters, 1, step, use_bias=False)(maps)
                )
            maps = layers.ReLU()(layers.Add()([maps, change]))
    return Model(pixels, layers.Dense(10)(layers.GlobalAveragePooling2D()(maps)))


def torch_cnn(training, asked, scaling) -> Iterator[np.ndarray]:
    """The tutorial's network in PyTorch, with Adam."""
    import torch
    from torch import nn

    torch.set_num_threads(1)
    torch.manual_seed(0)
    model = nn.Sequential(
        nn.Conv2d(1, 32, 3), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(32, 64, 3), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Dropout(0.5), nn.Linear(1_600, 10),
    )  # fmt: skip
    optimiser = torch.optim.Adam(model.parameters())
    pixels, seen = (
        torch.from_numpy(scaling.apply(split.images).transpose(0, 3, 1, 2).copy())
        for split in (training, asked)
    )
    labels = torch.from_numpy(training.labels.astype(np.int64))
    while True:
        model.train()
        for batch in torch.randperm(len(labels)).split(BATCH):
            optimiser.zero_grad()
            nn.functional.cross_entropy(model(pixels[batch]), labels[batch]).backward()
            optimiser.step()
        model.eval()
        with torch.no_grad():
            yield model(seen).argmax(dim=1).numpy()


RIVALS: dict[str, Callable[..., Iterator[np.ndarray]]] = {
    "one nearest neighbour": nearest_neighbour,
    "random forest (scikit-learn)": forest,
    "support vector machine (scikit-learn)": support_vectors,
    "LeNet-5 (Keras)": by_keras(lenet),
    "tutorial's CNN (Keras)": by_keras(tutorial_cnn),
    "ResNet-18 (Keras)": by_keras(resnet18, pieces=50),
} | ({"tutorial's CNN (PyTorch)": torch_cnn} if importlib.util.find_spec("torch") else {})


def run(name: str, seconds: float) -> None:
    """Train one row in this process, and print seconds and accuracy as they come."""
    training, asked, scaling = images()

    def report(said: np.ndarray) -> None:
        print(json.dumps([time.process_time(), float((said == asked.labels).mean())]), flush=True)

    if name in recipes.RECIPES:
        from fmnist.training import fit

        trained = fit.fit(recipes.RECIPES[name], training, asked, standardiser=scaling)
        report(trained.validation_logits.argmax(axis=1))
        return
    for said in RIVALS[name](training, asked, scaling):
        report(said)
        if time.process_time() > seconds:
            return


def curve(name: str, seconds: float) -> list[tuple[float, float]]:
    """Return CPU seconds and accuracy of a row, as they came in a process of its own."""
    done = subprocess.run(
        [sys.executable, __file__, "--row", name, "--seconds", str(seconds)],
        env=os.environ
        | sweep.worker_environment()
        | {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise SystemExit(f"{name} ended with status {done.returncode}: {done.stderr[-2_000:]}")
    return [tuple(json.loads(line)) for line in done.stdout.splitlines()]


def main() -> None:
    """Train every row that takes so many seconds at most, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=120, help="of one core, for each row")
    parser.add_argument("--row", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.row:
        run(given.row, given.seconds)
        return
    print(
        "CPU seconds of the whole process; accuracy on 5,000 validation images, one training each"
    )
    print(f"{'':40}{'seconds':>8}{'accuracy':>10}{'best by then':>14}")
    rivals = {}
    for name in RIVALS:
        rivals[name] = curve(name, given.seconds)
        for spent, accuracy in rivals[name][:: max(len(rivals[name]) // 4, 1)]:
            print(f"{name:40}{spent:8.0f}{accuracy:10.2%}", flush=True)
    of_rivals = [point for points in rivals.values() for point in points]
    for name in ("small_cnn", "deep_cnn", "one_minute"):
        ((spent, accuracy),) = curve(name, given.seconds)
        best = max((right for used, right in of_rivals if used <= spent), default=0.0)
        print(f"{name:40}{spent:8.0f}{accuracy:10.2%}{best:14.2%}", flush=True)
    written = subprocess.run(
        ["git", "log", "-1", "--format=%as", "--", str(recipe_results.RESULTS)],
        cwd=course.ROOT, capture_output=True, text=True, check=False,
    ).stdout.strip()  # fmt: skip
    print(f"From the kept table ({written or 'of an unknown day'}), training alone:")
    for name, row in recipe_results.of("rungs").items():
        print(f"{name:40}{row.seconds:8.0f}{row.second_half:10.2%}")


if __name__ == "__main__":
    main()
