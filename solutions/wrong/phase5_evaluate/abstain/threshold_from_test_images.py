"""Misconception: threshold-is-no-choice

caught-by: test_the_threshold_comes_from_validation_images
says: A threshold is chosen like everything else, on validation images
"""


def abstain(validation_confidence, validation_correct, test_confidence, test_correct, target):
    validation = list(zip(test_confidence, test_correct, strict=True))
    for candidate in sorted({float(confidence) for confidence, _ in validation}):
        answered = [is_right for confidence, is_right in validation if confidence >= candidate]
        if sum(1 for is_right in answered if is_right) / len(answered) >= target:
            threshold = candidate
            break
    else:
        raise ValueError(f"no threshold gives an accuracy of {target}")
    test = validation
    answered = [is_right for confidence, is_right in test if confidence >= threshold]
    coverage = len(answered) / len(test)
    if not answered:
        return threshold, coverage, None
    return threshold, coverage, sum(1 for is_right in answered if is_right) / len(answered)
