"""When does training stop, and which weights are kept?

Read phase 4 through "Seven medicines". Use plain Python: no NumPy. Complete the function,
then type: fmnist check early_stopping
"""


def early_stopping(losses, patience):
    """Return the epoch after which training ends, and the epoch whose weights are kept.

    After each epoch the validation loss is measured. If it is lower than ever before, the weights
    are set aside. Training ends after the first epoch by which the loss has not been lower than
    ever before for `patience` epochs in a row, or after the last epoch. The weights set aside are
    kept. An equal loss is not lower.

    Args:
        losses: sequence of at least one float: the validation loss in nats after each epoch, as
            far as training would go.
        patience: int, at least 1.

    Returns:
        tuple (end, kept) of two ints, numbers of epochs; the first epoch is number 1.

    Example:
        >>> early_stopping([0.9, 0.6, 0.7, 0.8, 0.5], patience=2)
        (4, 2)
    """
    raise NotImplementedError("Replace this line with your answer.")
