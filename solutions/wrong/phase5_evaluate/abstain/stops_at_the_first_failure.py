"""Misconception: surer-means-more-accurate

caught-by: test_one_sure_mistake_does_not_end_the_search
says: A threshold may fail and a lower one still meet the target
"""


def abstain(validation_confidence, validation_correct, test_confidence, test_correct, target):
    validation = list(zip(validation_confidence, validation_correct, strict=True))
    threshold = None
    for candidate in sorted({float(one) for one, _ in validation}, reverse=True):
        answered = [is_right for confidence, is_right in validation if confidence >= candidate]
        if sum(1 for is_right in answered if is_right) / len(answered) < target:
            break
        threshold = candidate
    if threshold is None:
        raise ValueError(f"no threshold gives an accuracy of {target}")
    test = list(zip(test_confidence, test_correct, strict=True))
    answered = [is_right for confidence, is_right in test if confidence >= threshold]
    coverage = len(answered) / len(test)
    if not answered:
        return threshold, coverage, None
    return threshold, coverage, sum(1 for is_right in answered if is_right) / len(answered)
