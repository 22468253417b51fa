"""The cross-entropy of one image, from its logits.

Read phase 4 through "Loss". Use plain Python: no NumPy. Two worked functions show the way, from
probabilities and from one logit. Complete the function cross_entropy at the end for any number
of classes, then type: fmnist check cross_entropy
"""

import math


def from_probabilities(probabilities, label):
    """Return the cross-entropy of one image, in nats, from the probabilities of the classes."""
    true = probabilities[label]
    # Only the true class counts: what the others get is what the true class does not get.
    # A probability of exactly 0 for what is so costs more than any number.
    return math.inf if true == 0 else -math.log(true)


def from_one_logit(logit, is_pullover):
    """Return the cross-entropy, in nats, where there are two classes, dress and pullover.

    The logit of "dress" is 0 and the logit of "pullover" is `logit`.
    """
    # Softmax and logarithm in one go, so that no probability has to be written down:
    #     -ln(e^true / (e^0 + e^logit))  =  ln(e^0 + e^logit) - true
    true = logit if is_pullover else 0.0
    # e^logit is too large for a float from 710 on, and 0 to a float below -745. So the larger
    # exponent is taken out of the sum first: ln(e^a + e^b) = a + ln(e^0 + e^(b - a)).
    # What is left is never above e^0, and one of the terms is e^0 itself: no overflow, no ln 0.
    largest = max(0.0, logit)
    return largest + math.log(math.exp(0.0 - largest) + math.exp(logit - largest)) - true


def cross_entropy(logits, label):
    """Return the cross-entropy of one image, in nats, from its logits.

    Args:
        logits: sequence of at least two floats, one for each class, each from -1e6 to 1e6.
        label: int, the true class, from 0 to the number of classes - 1.

    Returns:
        float, at least 0: minus the natural logarithm of the probability that softmax gives to
        the true class, right to within 1e-8 for all such logits.

    Example:
        >>> round(cross_entropy([0.0] * 10, 9), 4)  # all classes alike: ln 10
        2.3026
        >>> cross_entropy([1000.0, 0.0], 1)  # sure of the wrong class
        1000.0
    """
    # The same three steps as for two classes; the sum runs over all of them.
    largest = max(logits)
    total = sum(math.exp(logit - largest) for logit in logits)
    return float(largest + math.log(total) - logits[label])
    # The formula as it stands, -log(exp(true) / sum(exp(all))), is the same on paper, and fails
    # for logits that networks do reach. Cutting the probability off at a tiny number stops the
    # error message, and with it the loss: every error beyond the cut costs the same, and the
    # gradient there is 0. Keras does what stands above if its loss is told from_logits=True.
