"""Misconception: last-epoch-is-the-result

caught-by: test_one_epoch_does_not_decide[validation ends high]
says: One epoch may be lucky or unlucky
"""


def diagnose_curves(training, validation, poor, gap):
    if training[-1] > poor:
        return "underfitting"
    return "overfitting" if validation[-1] - training[-1] > gap else "fine"
