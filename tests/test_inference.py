"""What `fmnist evaluate` says of a network, without one: predictions are made up."""

import types

import numpy as np
import pytest
from click.testing import CliRunner

from fmnist.analysis import errors
from fmnist.cli import inference, run_lookup
from fmnist.data import splits
from fmnist.evaluation import metrics

SHIRT, TEE, COAT = (splits.CLASS_NAMES.index(name) for name in ("Shirt", "T-shirt/top", "Coat"))


@pytest.fixture(name="says")
def _says(monkeypatch):
    """What the command says of a network that confuses classes so often."""

    def says(*confused: tuple[int, int, int]) -> list[str]:
        labels = np.arange(2_000) % 10
        predicted = labels.copy()
        for true, other, times in confused:
            predicted[np.flatnonzero((labels == true) & (predicted == true))[:times]] = other
        split = types.SimpleNamespace(labels=labels)
        monkeypatch.setattr(run_lookup, "runs_of", lambda _: ["a run"])
        monkeypatch.setattr(splits, "train_and_validation", lambda: (None, split))
        monkeypatch.setattr(metrics, "predictions", lambda *_: predicted)
        monkeypatch.setattr(metrics, "accuracy", lambda *_: "an accuracy")
        done = CliRunner().invoke(inference.evaluate, ["a run"], catch_exceptions=False)
        return [line for line in done.output.splitlines() if line.startswith("confused")]

    return says


def test_what_is_confused_is_a_sentence(says):
    """The three pairs that are confused most, each direction with its number, and no code."""
    assert says((SHIRT, TEE, 9), (TEE, SHIRT, 30), (COAT, SHIRT, 1), (TEE, COAT, 2)) == [
        "confused: 30 images of T-shirt/top taken for Shirt, and 9 of Shirt for T-shirt/top.",
        "confused: 2 images of T-shirt/top taken for Coat, and none of Coat for T-shirt/top.",
        "confused: 1 image of Coat taken for Shirt, and none of Shirt for Coat.",
    ]


def test_what_is_never_confused_is_not_named(says):
    """A pair without a mistake is no finding, and a network may make none."""
    assert len(says((COAT, SHIRT, 1))) == 1
    assert says() == []


@pytest.mark.parametrize(
    ("counts", "words"),
    [
        ((1_234, 1), "1,234 images of Coat taken for Shirt, and 1 of Shirt for Coat"),
        ((1, 1_234), "1 image of Coat taken for Shirt, and 1,234 of Shirt for Coat"),
        ((0, 2), "no images of Coat taken for Shirt, and 2 of Shirt for Coat"),
        ((2, 0), "2 images of Coat taken for Shirt, and none of Shirt for Coat"),
    ],
)
def test_a_pair_in_words(counts, words):
    """Numbers as a text has them, also where there is nothing to count."""
    assert str(errors.ConfusedPair("Coat", "Shirt", *counts)) == words
