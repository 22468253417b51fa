"""Misconception: left-out-images-are-right

caught-by: test_the_accuracy_is_of_what_is_answered
says: The accuracy is that of the answers that are given
"""


def abstain(validation_confidence, validation_correct, test_confidence, test_correct, target):
    validation = list(zip(validation_confidence, validation_correct, strict=True))
    for candidate in sorted({float(confidence) for confidence, _ in validation}):
        answered = [is_right for confidence, is_right in validation if confidence >= candidate]
        if sum(1 for is_right in answered if is_right) / len(answered) >= target:
            threshold = candidate
            break
    else:
        raise ValueError(f"no threshold gives an accuracy of {target}")
    test = list(zip(test_confidence, test_correct, strict=True))
    answered = [is_right for confidence, is_right in test if confidence >= threshold]
    coverage = len(answered) / len(test)
    if not answered:
        return threshold, coverage, None
    left = len(test) - len(answered)
    right = left + sum(1 for is_right in answered if is_right)
    return threshold, coverage, right / len(test)
