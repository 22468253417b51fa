"""Misconception: edges-do-not-matter

caught-by: test_a_bin_holds_its_right_edge[sure and wrong]
says: A confidence of exactly 1 is the boldest promise there is
"""


def calibration_error(probabilities, labels, bins=15):
    confidence = probabilities.max(axis=1)
    right = probabilities.argmax(axis=1) == labels
    total = 0.0
    for b in range(bins):
        inside = (confidence >= b / bins) & (confidence < (b + 1) / bins)
        if inside.any():
            total += abs((confidence[inside] - right[inside]).sum())
    return float(total / len(labels))
