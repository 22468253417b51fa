"""An accuracy with its Wilson interval.

Read phase 5 through "The last choice, and then the seal". Use plain Python: no NumPy. Read the
worked example, complete the function below it, then type: fmnist check accuracy_interval
"""

import math


def naive_interval(correct, z=1.96):
    """Worked example: return the accuracy on some images, and its normal interval.

    Args:
        correct: sequence of n bools, n at least 1: whether the network is right on each image.
        z: half the width in standard errors, above 0; 1.96 for 95 %.

    Returns:
        tuple (accuracy, low, high) of three floats.

    Example:
        >>> naive_interval([True, True, False, False], z=2.0)
        (0.5, 0.0, 1.0)
        >>> naive_interval([True, True, True, True], z=2.0)
        (1.0, 1.0, 1.0)
    """
    n = len(correct)
    # Counted one by one: the same for bools of Python and of NumPy.
    accuracy = sum(1 for is_right in correct if is_right) / n
    # The standard error of a share of n images. The true share is unknown, so the measured one
    # stands in for it, and there is the weak spot. If all images are right, the standard error
    # is 0, and four images seem to prove that the network never errs. Near 0 and 1 the ends may
    # also leave the range that a share can have.
    error = math.sqrt(accuracy * (1 - accuracy) / n)
    return accuracy, accuracy - z * error, accuracy + z * error


def accuracy_interval(correct, z=1.96):
    """Return the accuracy on some images, and its Wilson interval.

    It asks for every true share t from which the measured accuracy is at most z standard errors
    away, with the standard error that t itself would have, sqrt(t * (1 - t) / n). Solved for t,
    with r = z * z / n, the interval has the

        centre      (accuracy + r / 2) / (1 + r)
        half width  sqrt(r * accuracy * (1 - accuracy) + r * r / 4) / (1 + r)

    Args:
        correct: sequence of n bools, n at least 1: whether the network is right on each image.
        z: half the width in standard errors, above 0; 1.96 for 95 %.

    Returns:
        tuple (accuracy, low, high) of three floats, all in [0, 1].

    Example:
        >>> accuracy_interval([True, True, True, True], z=2.0)
        (1.0, 0.5, 1.0)
    """
    n = len(correct)
    accuracy = sum(1 for is_right in correct if is_right) / n
    r = z * z / n
    # Between the accuracy and one half: the fewer images, the nearer to one half.
    centre = (accuracy + r / 2) / (1 + r)
    half = math.sqrt(r * accuracy * (1 - accuracy) + r * r / 4) / (1 + r)
    # The formula stays within [0, 1] by itself; rounding may leave it in the last digit.
    return accuracy, max(0.0, centre - half), min(1.0, centre + half)


# Other good ways: the interval of Clopper and Pearson never covers too rarely, and is wider for
# it; that of Agresti and Coull has Wilson's centre and the naive form around it. On thousands of
# images all of them agree; at 100 %, or for a class of few images, the naive one alone fails.
