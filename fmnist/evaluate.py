"""What a trained network gets right and wrong.

In a confusion matrix rows are true classes and columns are predicted ones.
"""

import numpy as np
from sklearn import metrics

from fmnist import data, results, runs, train


def predictions(run: runs.Run, split: data.Split) -> np.ndarray:
    """Return the predicted classes, int64, shape (n,), in [0, 9]."""
    return train.logits(run, split).argmax(axis=1)


def accuracy(run: runs.Run, split: data.Split, predicted: np.ndarray) -> results.Accuracy:
    """Return the accuracy of a run's predictions on a split."""
    return results.accuracy(
        split.labels, predicted, split=split.name, seeds=(run.recipe.seed,), run=run.key
    )


def confusion_matrix(labels: np.ndarray, predicted: np.ndarray) -> np.ndarray:
    """Return how often each class is predicted for each true class.

    Args:
        labels: int, shape (n,), in [0, 9].
        predicted: int, shape (n,), in [0, 9].

    Returns:
        int64, shape (10, 10); row t adds up to the images of class t.
    """
    return metrics.confusion_matrix(labels, predicted, labels=range(len(data.CLASS_NAMES)))


def recall(matrix: np.ndarray) -> np.ndarray:
    """Return the share of each true class that was predicted as such.

    Args:
        matrix: int, shape (classes, classes), see `confusion_matrix`; no row is all 0.

    Returns:
        float64, shape (classes,), in [0, 1].
    """
    return matrix.diagonal() / matrix.sum(axis=1)
