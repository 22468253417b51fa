"""Do stated probabilities come true?

Read phase 5 through "Promises". An answer may import numpy. Complete the function,
then type: fmnist check calibration_error
"""

import numpy as np


def calibration_error(probabilities, labels, bins=15):
    """Return the expected calibration error, with bins of equal width.

    The confidence of an image is the probability of its predicted class, the most probable one.
    Bin b, for b = 0, 1, ..., bins - 1, holds the images whose confidence is above b / bins and at
    most (b + 1) / bins.

    Args:
        probabilities: float64, shape (n, classes), n at least 1, in [0, 1], rows adding up to 1;
            one class of each row is the most probable.
        labels: int64, shape (n,), the true classes.
        bins: number of bins, at least 1.

    Returns:
        float in [0, 1]: the distance between mean confidence and accuracy within each bin,
        averaged over bins, each of which weighs as much as it has images. An empty bin adds
        nothing.

    Example:
        >>> probabilities = np.array([[0.75, 0.25], [0.75, 0.25]])  # both in one bin
        >>> calibration_error(probabilities, np.array([0, 1]), bins=2)  # one of them is right
        0.25
    """
    raise NotImplementedError("Replace this line with your answer.")
