"""Analysis of images and mistakes: against counting, and where the answer is known."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis.extra import numpy as hnp
from sklearn.decomposition import PCA

from fmnist.analysis import errors, exploring
from fmnist.data import splits
from fmnist.evaluation import calibration, results

RNG = np.random.default_rng(0)
LABELS = RNG.integers(0, 10, 200)
LOGITS = (RNG.normal(size=(3, 200, 10)) + 2 * np.eye(10)[LABELS]).astype(np.float32)
CONDITIONS = {"split": "test", "seeds": (0, 1, 2), "runs": ()}


@pytest.fixture(scope="module", name="split")
def _split():
    """A thousand real images."""
    train, _ = splits.train_and_validation()
    return train.take(np.arange(1000))


# --- images ---


def test_pixel_statistics_are_those_of_the_pixels(split):
    """Counting class by class."""
    found = exploring.pixel_statistics(split)
    unit = split.images / 255.0
    for label in range(10):
        own = unit[split.labels == label]
        assert found.class_means[label] == pytest.approx(own.mean())
        sizes = sorted(int((image > 0).sum()) for image in own)
        middle = (sizes[(len(sizes) - 1) // 2] + sizes[len(sizes) // 2]) / 2
        assert found.class_garments[label] == middle


def test_mean_images_are_means_of_their_class(split):
    """In [0, 1], one for each class in the order of the labels."""
    means = exploring.mean_images(split)
    assert means.shape == (10, 28, 28)
    for label in range(10):
        own = [split.images[i] / 255 for i in range(1000) if split.labels[i] == label]
        assert means[label] == pytest.approx(sum(own) / len(own))


def test_a_class_without_images_has_no_mean(split):
    """It is named."""
    without = split.take(np.flatnonzero((split.labels != 3) & (split.labels != 5)))
    with pytest.raises(ValueError, match=r"every class needs an image, there is none of \[3, 5\]"):
        exploring.mean_images(without)


@pytest.mark.parametrize("right", [0, 1, 3, 27, 28, 40])
def test_shifted_images_are_moved_column_by_column(split, right):
    """Every column stands so many pixels further right, behind it is background, nothing else."""
    moved = exploring.shifted(split, right)
    assert moved.images.shape == split.images.shape
    assert moved.images.dtype == np.uint8
    for column in range(28):
        expected = split.images[:, :, column - right] if column >= right else 0
        assert (moved.images[:, :, column] == expected).all()
    assert moved.name == split.name
    assert (moved.labels == split.labels).all()


def test_images_are_not_shifted_to_the_left(split):
    """A negative number is refused, not padded with something else."""
    with pytest.raises(ValueError, match="at least 0, received -1"):
        exploring.shifted(split, -1)


def test_an_embedding_has_the_principal_components_of_an_exact_one(split, monkeypatch):
    """Up to a sign, and the same seed gives the same points."""
    monkeypatch.setattr(exploring, "ITERATIONS", 250)
    images = split.images[:150]
    one, again = (exploring.embedding(images, seed=0) for _ in range(2))
    assert np.array_equal(one.tsne, again.tsne)
    exact = PCA(2, svd_solver="full")
    expected = exact.fit_transform(images.reshape(150, -1) / 255)
    assert np.abs(one.pca) == pytest.approx(np.abs(expected), abs=0.02)
    assert one.explained[:2] == pytest.approx(exact.explained_variance_ratio_, rel=0.01)


def test_an_embedding_keeps_neighbours_together():
    """Two groups of images far apart stay apart: each point's nearest is of its own group."""
    group = np.repeat([0, 1], 60)
    images = RNG.integers(0, 60, (120, 28, 28)) + 150 * group[:, np.newaxis, np.newaxis]
    points = exploring.embedding(images.astype(np.uint8), seed=0).tsne
    squared = ((points[:, np.newaxis] - points) ** 2).sum(axis=2) + 1e9 * np.eye(120)
    assert (group[squared.argmin(axis=1)] == group).all()


def test_few_images_are_not_embedded():
    """t-SNE needs more than neighbours."""
    with pytest.raises(ValueError, match="embedding expects at least 100 images, received 99"):
        exploring.embedding(np.zeros((99, 28, 28), np.uint8), seed=0)


# --- pairs of classes ---


@given(hnp.arrays(np.int64, (10, 10), elements={"min_value": 0, "max_value": 99}))
def test_confused_pairs_hold_every_mistake_once(matrix):
    """All pairs, the most confused first, both directions told apart."""
    pairs = errors.confused_pairs(matrix)
    assert len(pairs) == 45
    totals = [pair.total for pair in pairs]
    assert totals == sorted(totals, reverse=True)
    assert sum(totals) == matrix.sum() - np.trace(matrix)
    for pair in pairs:
        one, other = (splits.CLASS_NAMES.index(name) for name in (pair.first, pair.second))
        assert pair.first_as_second == matrix[one, other]
        assert pair.second_as_first == matrix[other, one]


def test_confused_pairs_of_another_matrix_are_refused():
    """Ten classes."""
    with pytest.raises(ValueError, match=r"shape \(10, 10\), received \(9, 10\)"):
        errors.confused_pairs(np.zeros((9, 10), int))


# --- images that are hard or wrong ---


def test_the_hardest_images_have_the_lowest_probability():
    """Of their true class, averaged over networks, sorted one by one."""
    probabilities = calibration.softmax(LOGITS)
    true = [sum(probabilities[s, i, LABELS[i]] for s in range(3)) / 3 for i in range(200)]
    positions, lowest = errors.hardest(LABELS, LOGITS, 7)
    assert positions.tolist() == sorted(range(200), key=true.__getitem__)[:7]
    assert lowest == pytest.approx(sorted(true)[:7])


@pytest.mark.parametrize("count", [-1, 201])
def test_more_images_than_there_are_is_refused(count):
    """Fewer than none as well."""
    with pytest.raises(ValueError, match=rf"expected a count in \[0, 200\], received {count}"):
        errors.hardest(LABELS, LOGITS, count)


def suspects_by_steps(labels, probabilities) -> list[tuple[float, int, int]]:
    """Return confidence, position and suggestion of suspected images, by going through them."""
    means = {}
    for label in range(10):
        own = [probabilities[i][label] for i in range(len(labels)) if labels[i] == label]
        if own:
            means[label] = sum(own) / len(own)
    found = []
    for i, label in enumerate(labels):
        confident = [c for c in means if probabilities[i][c] >= means[c]]
        if confident:
            best = max(confident, key=lambda c, i=i: probabilities[i][c])
            if best != label:
                found.append((probabilities[i][label], i, best))
    return sorted(found)


@pytest.mark.parametrize("labels", [LABELS, LABELS % 4], ids=["all classes", "classes absent"])
def test_suspected_labels_follow_the_definition(labels):
    """Thresholds, suggestions and order, in plain Python."""
    expected = suspects_by_steps(labels, calibration.softmax(LOGITS).mean(axis=0))
    found = errors.suspected_labels(labels, LOGITS)
    assert len(found) > 0
    assert found.positions.tolist() == [row[1] for row in expected]
    assert found.suggested.tolist() == [row[2] for row in expected]
    assert found.confidence == pytest.approx([row[0] for row in expected])


def test_swapped_labels_are_suspected():
    """Ten labels were changed: they are found first, with the class that they had."""
    labels = np.arange(500) % 10
    logits = (RNG.normal(size=(1, 500, 10)) + 8 * np.eye(10)[labels]).astype(np.float32)
    swapped = RNG.choice(500, 10, replace=False)
    given_labels = labels.copy()
    given_labels[swapped] = (labels[swapped] + 1) % 10
    found = errors.suspected_labels(given_labels, logits)
    assert set(found.positions[:10]) == set(swapped)
    assert np.array_equal(found.suggested[:10], labels[found.positions[:10]])


@pytest.mark.parametrize("logits", [LOGITS[0], LOGITS[:, :7]], ids=["no seeds", "lengths"])
def test_logits_that_do_not_fit_the_labels_are_refused(logits):
    """They have an axis for seeds, and as many images as labels."""
    with pytest.raises(ValueError, match=r"logits of shape \(seeds, n, classes\), received"):
        errors.suspected_labels(LABELS, logits)


# --- matched accuracy ---


def test_the_expected_accuracy_is_weighted_by_class():
    """By hand: chosen are two of class 0 and one of class 1; the others reach 1/2 and 1."""
    labels = np.array([0, 0, 0, 0, 1, 1, 1])
    chosen = np.array([1, 1, 0, 0, 1, 0, 0], dtype=bool)
    correct = np.array([[1, 1, 1, 0, 1, 1, 1]], dtype=bool)
    found = errors.matched_accuracy(correct, labels, chosen, split="test", seeds=(0,), runs=("a",))
    assert found.observed.value == 1
    assert found.expected.value == pytest.approx(100 * (2 / 3 * 0.5 + 1 / 3))
    assert found.difference.value == pytest.approx(100 / 3)
    assert (found.observed.n, found.expected.n, found.difference.n) == (3, 4, 3)
    assert "33.3 percentage points (95 % interval " in str(found.difference)


def test_a_choice_by_class_alone_makes_no_difference():
    """A quarter of the images of easy classes: observed is high, and so is what was expected."""
    labels = np.repeat([0, 1], 2000)
    difficulty = np.where(labels == 0, 0.95, 0.6)
    covered = 0
    for seed in range(100):
        draw = np.random.default_rng(seed)
        correct = draw.random((3, 4000)) < difficulty
        chosen = draw.random(4000) < np.where(labels == 0, 0.25, 0.01)
        found = errors.matched_accuracy(correct, labels, chosen, **CONDITIONS)
        assert found.observed.value > correct.mean() + 0.1
        low, high = found.difference.interval
        covered += low <= 0 <= high
    assert covered >= 90


def test_with_one_class_the_expected_interval_is_that_of_the_others():
    """Nothing is weighted then, and the mean of the others is what is expected."""
    correct = RNG.random((3, 300)) < 0.8
    chosen = np.arange(300) < 50
    found = errors.matched_accuracy(correct, np.zeros(300, int), chosen, **CONDITIONS)
    low, high = results.estimate(correct[:, 50:]).interval
    assert found.expected.interval == pytest.approx((100 * low, 100 * high))


def test_the_intervals_of_one_network_are_those_of_the_textbook():
    """The expected one is that of a stratified mean, the difference's adds squares."""
    labels = RNG.choice(3, 400, p=[0.6, 0.3, 0.1])
    chosen = RNG.random(400) < np.array([0.1, 0.3, 0.5])[labels]
    correct = RNG.random((1, 400)) < 0.9 - 0.2 * labels
    found = errors.matched_accuracy(correct, labels, chosen, split="test", seeds=(0,), runs=())
    variance = 0.0
    for label in range(3):
        others = correct[0, (labels == label) & ~chosen]
        share = (labels[chosen] == label).mean()
        variance += share**2 * others.mean() * (1 - others.mean()) / len(others)
    half = 100 * 1.959964 * variance**0.5
    middle = found.expected.value
    assert found.expected.interval == pytest.approx((middle - half, middle + half))
    observed, (low, high) = found.observed.value, found.observed.interval
    value, ends = found.difference.value, found.difference.interval
    assert (value - ends[0]) ** 2 == pytest.approx((100 * (observed - low)) ** 2 + half**2)
    assert (ends[1] - value) ** 2 == pytest.approx((100 * (high - observed)) ** 2 + half**2)


@pytest.mark.parametrize(
    ("labels", "chosen", "message"),
    [
        pytest.param(np.zeros(2, int), np.ones(3, bool), "expected a label and a bool", id="label"),
        pytest.param(np.zeros(3, int), np.ones(3, int), "and int64 of shape", id="int"),
        pytest.param(np.zeros(3, int), np.ones(2, bool), "for each of 3 images", id="lengths"),
        pytest.param(np.zeros(3, int), np.zeros(3, bool), "at least one chosen image", id="none"),
        pytest.param(
            np.arange(3), np.arange(3) < 2, "all images of class 0 are chosen", id="whole class"
        ),
    ],
)
def test_what_cannot_be_matched_is_refused(labels, chosen, message):
    """Shapes, an empty choice, and a class of which nothing is left."""
    with pytest.raises(ValueError, match=message):
        errors.matched_accuracy(np.ones((3, 3), bool), labels, chosen, **CONDITIONS)
