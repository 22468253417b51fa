"""Answer only if sure enough, and say how sure that is.

Read phase 5 through "Promises". Use plain Python: no NumPy. Complete the function,
then type: fmnist check abstain
"""


def abstain(validation_confidence, validation_correct, test_confidence, test_correct, target):
    """Return a threshold for the confidence, and what it gives on the test images.

    The network answers an image if its confidence is at least the threshold, and leaves all
    others to a person. The threshold is the lowest confidence among the validation images with
    which the answered validation images have an accuracy of at least `target`.

    Args:
        validation_confidence: sequence of floats in [0, 1], at least one, one a validation image.
        validation_correct: sequence of bools: whether the network is right on each of them.
        test_confidence: sequence of floats in [0, 1], at least one, one a test image.
        test_correct: sequence of bools: whether the network is right on each of them.
        target: float in [0, 1], the accuracy that is wanted.

    Returns:
        tuple (threshold, coverage, accuracy). threshold is a float. coverage is a float: the
        share of the test images that are answered. accuracy is a float: the share of the answered
        test images that are answered correctly, or None if none is answered.

    Raises:
        ValueError: no confidence among the validation images reaches the target.

    Example:
        >>> abstain([0.5, 0.7, 0.9], [False, True, True], [0.6, 0.8], [True, True], target=1.0)
        (0.7, 0.5, 1.0)
    """
    raise NotImplementedError("Replace this line with your answer.")
