"""What an exercise is worth, in shares: what is public counts little, what is hidden the rest.

Public checks show their inputs, so that whoever writes down their answers passes them all.
"""

from collections.abc import Sequence

from fmnist.exercises.verdicts import Verdict

PUBLIC = 0.2  # share of an exercise that its public checks are worth together


def weights(verdicts: Sequence[Verdict]) -> list[float]:
    """Return what each check is worth, together 1; where only one kind is there, it is all."""
    counts = {hidden: sum(one.hidden is hidden for one in verdicts) for hidden in (False, True)}
    if not all(counts.values()):
        return [1 / len(verdicts)] * len(verdicts)
    worth = {False: PUBLIC / counts[False], True: (1 - PUBLIC) / counts[True]}
    return [worth[one.hidden] for one in verdicts]


def share(verdicts: Sequence[Verdict]) -> float:
    """Return the share of an exercise that was earned, from 0 to 1."""
    if all(one.passed for one in verdicts):
        return 1.0 if verdicts else 0.0
    worth = zip(verdicts, weights(verdicts), strict=True)
    return sum((weight for one, weight in worth if one.passed), start=0.0)
