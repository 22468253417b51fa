"""Misconception: any-difference-is-a-gap

caught-by: test_clear_cases[better on validation images]
says: Only a validation loss *above* the training loss is a gap
"""


def diagnose_curves(training, validation, poor, gap):
    a = sum(training[-3:]) / len(training[-3:])
    b = sum(validation[-3:]) / len(validation[-3:])
    if a > poor:
        return "underfitting"
    return "overfitting" if abs(b - a) > gap else "fine"
