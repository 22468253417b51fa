"""Misconception: every-gap-is-overfitting

caught-by: test_clear_cases[both poor, with a gap]
says: medicine against overfitting would make it worse
"""


def diagnose_curves(training, validation, poor, gap):
    a = sum(training[-3:]) / len(training[-3:])
    b = sum(validation[-3:]) / len(validation[-3:])
    if b - a > gap:
        return "overfitting"
    return "underfitting" if a > poor else "fine"
