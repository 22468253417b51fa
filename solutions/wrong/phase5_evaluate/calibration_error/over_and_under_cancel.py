"""Misconception: overconfidence-is-calibration

caught-by: test_worked_by_hand[one bin each way]
says: Too much confidence in one bin does not make up for too little in another
"""


def calibration_error(probabilities, labels, bins=15):
    confidence = probabilities.max(axis=1)
    right = probabilities.argmax(axis=1) == labels
    return float(abs(confidence.mean() - right.mean()))
