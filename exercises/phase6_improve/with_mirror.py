"""Ask a network about the mirror image, too.

Read phase 6 through "Asking twice, asking three". An answer may import numpy. Complete the
function, then type: fmnist check with_mirror
"""

import numpy as np


def with_mirror(images, kernel, bias):
    """Return the probabilities of a linear model, averaged over each image and its mirror image.

    The logits of an image are its pixels, row after row, times `kernel`, plus `bias`; a softmax
    turns them into probabilities.

    Args:
        images: float32, shape (n, rows, columns), in [0, 1]; n at least 1.
        kernel: float32, shape (rows * columns, classes).
        bias: float32, shape (classes,).

    Returns:
        float32, shape (n, classes), in [0, 1]: the mean of the probabilities for the image and
        for the image with left and right exchanged. Logits may be in the thousands.

    Example:
        >>> image = np.array([[[1, 0]]], dtype=np.float32)  # one row: a bright and a dark pixel
        >>> kernel = np.array([[np.log(3), 0], [0, 0]], dtype=np.float32)
        >>> with_mirror(image, kernel, np.zeros(2, dtype=np.float32)).tolist()  # 3/4 and 1/2
        [[0.625, 0.375]]
    """
    raise NotImplementedError("Replace this line with your answer.")
