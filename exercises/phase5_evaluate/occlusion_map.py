"""What is lost when a square of the image is covered?

Read phase 5 through "Where does it look?". An answer may import numpy. Complete the function,
then type: fmnist check occlusion_map
"""

import numpy as np


def probabilities(image, weights, biases):
    """Return what a linear classifier says of one image. This is given.

    Args:
        image: float, shape (rows, columns).
        weights: float, shape (rows, columns, classes).
        biases: float, shape (classes,).

    Returns:
        float64, shape (classes,), in [0, 1], adding up to 1.
    """
    logits = np.tensordot(image.astype(np.float64), weights, axes=2) + biases
    powers = np.exp(logits - logits.max())
    return powers / powers.sum()


def occlusion_map(image, weights, biases, label, size=3, background=0.0):
    """Return how much of one class's probability is lost where a square is covered.

    Args:
        image: float32, shape (rows, columns), standardised grey values, any real numbers.
        weights: float64, shape (rows, columns, classes), of the classifier.
        biases: float64, shape (classes,).
        label: int, the class in question, which need not be the most probable one.
        size: side of the square in pixels, from 1 to the shorter side of the image.
        background: float, the standardised grey value of black, with which a square is covered.

    Returns:
        float64, shape (rows - size + 1, columns - size + 1): at row r, column c the probability
        of `label` for the whole image minus that for the image whose square from row r, column c
        on is covered, and nothing else. Below 0 where covering makes the class more probable.

    Example:
        >>> image = np.ones((1, 2), dtype=np.float32)
        >>> weights = np.zeros((1, 2, 2))
        >>> weights[0, 0, 1] = np.log(3)  # the left pixel makes class 1 three times as probable
        >>> occlusion_map(image, weights, np.zeros(2), label=1, size=1).round(6).tolist()
        [[0.25, 0.0]]
    """
    raise NotImplementedError("Replace this line with your answer.")
