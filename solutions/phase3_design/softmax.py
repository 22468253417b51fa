"""Probabilities from logits, however large.

Read phase 3 through "What the last layer returns". An answer may import numpy. Complete the
function, then type: fmnist check softmax
"""

import numpy as np


def softmax(logits):
    """Return the probabilities that the logits of each image stand for.

    The probability of class k is exp(logit of k) divided by the sum of exp(logit) over all
    classes. It must come out right for all logits, also where exp(logit) alone is more, or less,
    than a float32 can hold.

    Args:
        logits: float32, shape (n, classes), one row for each image, n and classes at least 1,
            any numbers from -10,000 to 10,000.

    Returns:
        float32, shape (n, classes), in [0, 1]; each row adds up to 1, but for rounding.

    Example:
        >>> softmax(np.array([[0.0, 0.0], [1000.0, 0.0]], dtype=np.float32)).tolist()
        [[0.5, 0.5], [1.0, 0.0]]
    """
    # Only differences between logits matter, so any number may be taken off a whole row. With the
    # largest taken off, all are at most 0, and exp gives at most 1: nothing overflows. One of them
    # is exactly 0, so the sum is at least 1: nothing is divided by 0.
    # Each row needs its own largest: that of the batch may lie far above all logits of a row.
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


# Computing in float64 is no way out: it overflows too, only later. For the logarithm of a
# probability, which the loss needs, do not take the logarithm of this result: a probability that
# was rounded to 0 has none. The loss subtracts the largest in the same way and then never divides:
# log p = logit - largest - log(sum of exp(logit - largest)). This is why it wants logits.
