"""Misconception: validation-loss-shows-underfitting

caught-by: test_clear_cases[a gap and a poor validation result]
says: no matter how the validation loss looks alone
"""


def diagnose_curves(training, validation, poor, gap):
    a = sum(training[-3:]) / len(training[-3:])
    b = sum(validation[-3:]) / len(validation[-3:])
    if b > poor:
        return "underfitting"
    return "overfitting" if b - a > gap else "fine"
