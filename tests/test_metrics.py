"""From predictions to what is right and wrong about them."""

import numpy as np
import pytest
from sklearn import metrics as sklearn_metrics

from fmnist.evaluation import metrics

RNG = np.random.default_rng(0)


def test_a_confusion_matrix_counts_one_image_at_a_time():
    """Rows true, columns predicted."""
    labels, predicted = RNG.integers(0, 10, 300), RNG.integers(0, 10, 300)
    counted = np.zeros((10, 10), int)
    for label, prediction in zip(labels, predicted, strict=True):
        counted[label, prediction] += 1
    assert np.array_equal(metrics.confusion_matrix(labels, predicted), counted)


def test_precision_and_recall_are_shares_of_columns_and_rows():
    """Both agree with counting in the confusion matrix, F1 with scikit-learn."""
    labels, predicted = RNG.integers(0, 10, 300), RNG.integers(0, 10, 300)
    matrix = metrics.confusion_matrix(labels, predicted)
    report = metrics.class_report(labels, predicted)
    assert report.recall == pytest.approx(matrix.diagonal() / matrix.sum(axis=1))
    assert report.precision == pytest.approx(matrix.diagonal() / matrix.sum(axis=0))
    assert report.f1 == pytest.approx(sklearn_metrics.f1_score(labels, predicted, average=None))


def test_a_class_that_is_never_predicted_has_precision_0():
    """Without a warning, and recall is 0 too."""
    report = metrics.class_report(np.arange(10), np.zeros(10, int))
    assert report.precision.tolist() == [0.1] + [0.0] * 9
    assert report.recall.tolist() == [1.0] + [0.0] * 9
