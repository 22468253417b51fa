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
    end, kept = 0, 0
    lowest = float("inf")
    for loss in losses:
        end += 1
        if loss < lowest:
            lowest, kept = loss, end
        # Not measured with min(losses): at this point of a training nobody knows what comes.
        elif end - kept == patience:
            break
    return end, kept
    # A counter that is set back to 0 at each new lowest loss does the same; the difference of two
    # epochs is a counter less. Keras: keras.callbacks.EarlyStopping(monitor="val_loss",
    # patience=2, restore_best_weights=True), without which the last weights are kept.
