"""Misconception: edges-do-not-matter

caught-by: test_worked_by_hand
says: An image whose confidence is exactly the threshold is answered
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
    answered = [is_right for confidence, is_right in test if confidence > threshold]
    coverage = len(answered) / len(test)
    if not answered:
        return threshold, coverage, None
    return threshold, coverage, sum(1 for is_right in answered if is_right) / len(answered)
