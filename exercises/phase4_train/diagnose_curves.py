"""What do two learning curves say?

Read phase 4 through "Overfitting, made and diagnosed". Use plain Python: no NumPy.
Complete the function, then type: fmnist check diagnose_curves
"""


def diagnose_curves(training, validation, poor, gap):
    """Return the diagnosis of a training: "underfitting", "overfitting" or "fine".

    The result on each set is the mean of its last three losses, since single epochs waver; of
    all losses if there are fewer than three. The diagnosis is

    - "underfitting" if the training result is above `poor`, whatever the validation result is;
    - "overfitting" if that is not so and the validation result is more than `gap` above the
      training result;
    - "fine" in all other cases.

    Args:
        training: sequence of at least one float, each at least 0: the loss in nats on the
            training images after each epoch, of the weights at its end.
        validation: sequence of float of the same length, the loss on the validation images.
        poor: float above 0, the loss in nats up to which a training result is good.
        gap: float, at least 0, by how many nats the validation result may be above it.

    Returns:
        str, one of the three.

    Example:
        >>> diagnose_curves([0.9, 0.4, 0.2, 0.1], [0.8, 0.5, 0.5, 0.6], poor=0.5, gap=0.2)
        'overfitting'
    """
    raise NotImplementedError("Replace this line with your answer.")
