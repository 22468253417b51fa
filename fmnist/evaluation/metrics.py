"""What trained networks get right and wrong, from kept runs to results.

In a confusion matrix rows are true classes and columns are predicted ones.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from fmnist.data import splits
from fmnist.evaluation import comparison, results
from fmnist.training import runs


def logits(run: runs.Run, split: splits.Split) -> np.ndarray:
    """Return what the network of a run says of the images of a split.

    For the validation images this was kept with the run; for others TensorFlow is loaded.

    Returns:
        float32, shape (n, 10), logits.
    """
    if split.digest == run.validation:
        return run.validation_logits()
    from fmnist.training import fit

    return fit.logits(run, split)


def predictions(run: runs.Run, split: splits.Split) -> np.ndarray:
    """Return the predicted classes, int64, shape (n,), in [0, 9]."""
    return logits(run, split).argmax(axis=1)


def correct(kept: Sequence[runs.Run], split: splits.Split) -> np.ndarray:
    """Return which images the network of each run labels correctly: bool, shape (runs, n)."""
    return np.stack([predictions(run, split) == split.labels for run in kept])


def accuracy(kept: Sequence[runs.Run], split: splits.Split) -> results.Accuracy:
    """Return the accuracy of the runs of one recipe, with an interval over seeds and images."""
    return results.accuracy(
        correct(kept, split),
        split=split.name,
        seeds=tuple(run.recipe.seed for run in kept),
        runs=tuple(run.key for run in kept),
    )


def difference(
    before: Sequence[runs.Run], after: Sequence[runs.Run], split: splits.Split
) -> results.Difference:
    """Return the gain in accuracy from the runs of one recipe to those of another.

    Raises:
        ValueError: the two were not trained with the same seeds.
    """
    seeds = [tuple(run.recipe.seed for run in kept) for kept in (before, after)]
    if seeds[0] != seeds[1]:
        raise ValueError(f"difference expects the same seeds, received {seeds[0]} and {seeds[1]}")
    return comparison.paired(
        correct(before, split),
        correct(after, split),
        split=split.name,
        seeds=seeds[0],
        runs=tuple(run.key for run in (*before, *after)),
    )


def confusion_matrix(labels: np.ndarray, predicted: np.ndarray) -> np.ndarray:
    """Return how often each class is predicted for each true class.

    Args:
        labels: int, shape (n,), in [0, 9].
        predicted: int, shape (n,), in [0, 9].

    Returns:
        int64, shape (10, 10); row t adds up to the images of class t.
    """
    from sklearn import metrics  # two seconds, which a command with a mistake need not take

    return metrics.confusion_matrix(labels, predicted, labels=range(len(splits.CLASS_NAMES)))


@dataclass(frozen=True)
class ClassReport:
    """Precision, recall and F1 of each class.

    Attributes:
        precision: float64, shape (10,), in [0, 1]: the share of the images predicted as the
            class that belong to it; 0 where none was predicted.
        recall: float64, shape (10,), in [0, 1]: the share of the class's images found.
        f1: float64, shape (10,), in [0, 1]: the harmonic mean of the two.
    """

    precision: np.ndarray
    recall: np.ndarray
    f1: np.ndarray


def class_report(labels: np.ndarray, predicted: np.ndarray) -> ClassReport:
    """Return precision, recall and F1 of each class, by scikit-learn.

    Args:
        labels: int, shape (n,), in [0, 9].
        predicted: int, shape (n,), in [0, 9].
    """
    from sklearn import metrics

    precision, recall_, f1, _ = metrics.precision_recall_fscore_support(
        labels, predicted, labels=range(len(splits.CLASS_NAMES)), zero_division=0
    )
    return ClassReport(precision, recall_, f1)
