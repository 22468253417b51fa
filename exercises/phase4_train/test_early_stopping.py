"""Public checks of early_stopping."""

import random

import pytest

from fmnist.exercises.expect import Claim, expect

PAIR = "Return two numbers of epochs: the one after which training ends, and the one kept."
NUMBER = "The number of an epoch is an int."
EPOCHS = "Epochs are counted from 1 to the number of losses, and what is kept was trained before."
PATIENCE = (
    "Patience counts the epochs without a new lowest loss. When there have been so many in a row, "
    "training ends at once."
)
EVER = "Lower than in the epoch before is not enough: the loss must be lower than ever before."
EQUAL = "An equal loss is no progress: it neither renews the patience nor replaces what was kept."
KEPT = (
    "The weights kept are those of the lowest loss: the epochs after it were needed to see that it "
    "was the lowest, and made the network worse."
)
NO_PROPHET = (
    "Training cannot know the losses of epochs that never took place. What lies behind the end "
    "must not change the answer."
)
TO_THE_END = "If patience is never used up, training ends with the last epoch."


def stop(answer, losses, patience):
    """Return claims about the end and the epoch kept, two possible numbers of epochs."""
    claim = expect(answer, losses, patience=patience).is_tuple(2, idea=PAIR)
    end, kept = (
        Claim(number, call=f"{name} of {claim.call}").is_int(idea=NUMBER)
        for name, number in zip(("end", "kept"), claim.value, strict=True)
    )
    end.lies_in(1, len(losses), idea=EPOCHS)
    kept.lies_in(1, end.value, idea=EPOCHS)
    return end, kept


@pytest.mark.parametrize(
    ("losses", "patience", "end", "kept", "idea"),
    [
        pytest.param([0.9, 0.6, 0.7, 0.8, 0.7], 2, 4, 2, PATIENCE, id="worked by hand"),
        pytest.param([0.9, 0.6, 0.7, 0.7, 0.6], 1, 3, 2, PATIENCE, id="no patience to spare"),
        pytest.param([0.9, 0.6, 0.7, 0.5, 0.6], 2, 5, 4, PATIENCE, id="a waver"),
        pytest.param([0.9, 0.8, 0.7], 2, 3, 3, TO_THE_END, id="falls to the end"),
        pytest.param([0.6, 0.7], 2, 2, 1, TO_THE_END, id="too short to stop"),
        pytest.param([0.6], 1, 1, 1, TO_THE_END, id="one epoch"),
        pytest.param([0.5, 0.9, 0.8, 0.7, 0.6, 0.6], 3, 4, 1, EVER, id="falls without a record"),
        pytest.param([0.6, 0.6, 0.6, 0.6], 2, 3, 1, EQUAL, id="stands still"),
    ],
)
def test_small_cases(answer, losses, patience, end, kept, idea):
    """Trainings that can be followed with a finger end where they should."""
    found_end, found_kept = stop(answer, losses, patience)
    found_end.equals(end, idea=idea)
    found_kept.equals(kept, idea=EQUAL if idea is EQUAL else KEPT)


def test_the_future_does_not_matter(answer):
    """However low the losses behind the end are, the answer is the same."""
    before = [0.9, 0.5, 0.6, 0.7, 0.8]
    end, kept = stop(answer, before, 3)
    later_end, later_kept = stop(answer, [*before, 0.1, 0.0], 3)
    later_end.equals(end.value, idea=NO_PROPHET)
    later_kept.equals(kept.value, idea=NO_PROPHET)


@pytest.mark.parametrize("patience", [1, 2, 4])
def test_follows_the_rule(answer, patience):
    """On wavering curves the end and the epoch kept are those of the rule, looked up slowly."""
    draw = random.Random(46)
    for _ in range(20):
        losses = [draw.randrange(1, 30) / 20 for _ in range(12)]
        found_end, found_kept = stop(answer, losses, patience)
        end = len(losses)
        for epoch in range(patience + 1, len(losses) + 1):
            if min(losses[epoch - patience : epoch]) >= min(losses[: epoch - patience]):
                end = epoch
                break
        found_end.equals(end, idea=PATIENCE)
        kept = 1 + losses.index(min(losses[:end]))
        found_kept.equals(kept, idea=KEPT)
