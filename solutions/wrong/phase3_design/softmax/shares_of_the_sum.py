"""Misconception: logits-are-shares

caught-by: test_worked_by_hand[three times as likely]
says: exp makes ratios of differences
"""


def softmax(logits):
    lifted = logits - logits.min(axis=1, keepdims=True) + 1
    return lifted / lifted.sum(axis=1, keepdims=True)
