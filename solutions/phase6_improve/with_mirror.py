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
    stated = []
    for seen in (images, images[:, :, ::-1]):  # the last axis holds the columns
        logits = seen.reshape(len(seen), -1) @ kernel + bias
        # The softmax does not change if all logits of a row move by one number. With the largest
        # at 0, exp cannot overflow.
        powers = np.exp(logits - logits.max(axis=1, keepdims=True))
        stated.append(powers / powers.sum(axis=1, keepdims=True))
    # Probabilities are averaged, not logits: a logit has no scale that two views share.
    return (stated[0] + stated[1]) / 2
    # np.flip(images, axis=2) and np.fliplr on each image mirror, too; np.fliplr on the whole array
    # would exchange axis 1, the rows. One call for both views, with np.concatenate, is faster
    # where a prediction is dear; for several views np.mean(stated, axis=0) reads best.
