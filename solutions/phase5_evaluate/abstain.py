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
    validation = list(zip(validation_confidence, validation_correct, strict=True))
    # From below, and to the end if need be: a higher threshold does not always mean a higher
    # accuracy, so the first failure on the way down from the top would prove nothing.
    for candidate in sorted({float(confidence) for confidence, _ in validation}):
        answered = [is_right for confidence, is_right in validation if confidence >= candidate]
        if sum(1 for is_right in answered if is_right) / len(answered) >= target:
            threshold = candidate
            break
    else:
        raise ValueError(f"no threshold gives an accuracy of {target} on these validation images")
    # From here on only test images, whose part is to be measured: the choice is made.
    test = zip(test_confidence, test_correct, strict=True)
    answered = [is_right for confidence, is_right in test if confidence >= threshold]
    coverage = len(answered) / len(test_confidence)
    if not answered:
        return threshold, coverage, None
    return threshold, coverage, sum(1 for is_right in answered if is_right) / len(answered)


# Another good way: sort the validation images by falling confidence once and walk through them
# with running counts, keeping the last threshold that reached the target. That takes n log n steps
# instead of n * n, but images of equal confidence must then be counted together. Either way the
# target is met on validation images only: that is why the accuracy is measured again.
