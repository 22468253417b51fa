"""One step of gradient descent.

Read phase 4 through "Downhill". An answer may import numpy. The chapter takes a step with two
parameters and two classes; here every pixel and class has a weight. The error is again
probability minus truth, now one for each class. Complete the function,
then type: fmnist check softmax_step
"""

import numpy as np


def softmax_step(weights, bias, images, labels, rate):
    """Return the parameters of a linear classifier after one step of gradient descent.

    The logits of an image are `image @ weights + bias`; the loss of a batch is the mean of the
    cross-entropies of its images, in nats.

    Args:
        weights: float64, shape (pixels, classes).
        bias: float64, shape (classes,).
        images: float64, shape (n, pixels), n at least 1, each pixel from 0 to 1.
        labels: int64, shape (n,), the true classes, from 0 to classes - 1.
        rate: float above 0, the learning rate.

    Returns:
        tuple (new_weights, new_bias, loss): two new float64 arrays with the shapes of `weights`
        and `bias`, and a float, the loss of the batch *before* the step. Logits of any size are
        allowed.

    Example:
        >>> image = np.array([[1.0, 0.0]])  # the first pixel is white
        >>> weights, bias, loss = softmax_step(np.zeros((2, 2)), np.zeros(2), image, [0], 1.0)
        >>> weights.tolist(), bias.tolist(), round(loss, 4)
        ([[0.5, -0.5], [0.0, 0.0]], [0.5, -0.5], 0.6931)
    """
    raise NotImplementedError("Replace this line with your answer.")
