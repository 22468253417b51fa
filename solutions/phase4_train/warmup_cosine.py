"""A learning rate that warms up and then falls along a cosine.

Read phase 4 through "Batches, optimiser and rate". Use plain Python: no NumPy. The curve and the
two parts of the training are there; fill the gaps, then type: fmnist check warmup_cosine
"""

import math


def warmup_cosine(step, steps, peak, warmup):
    """Return the learning rate after some steps of a training.

    In the warm-up the rate rises along a line, from 0 to the peak. Then it falls along half a
    cosine, from the peak to 0. (A network with random weights has steep and misleading slopes:
    the first steps are better small.)

    Args:
        step: int from 0 to `steps`, how many steps are done.
        steps: int, at least 1, of the whole training, the warm-up included.
        peak: float above 0, the highest rate.
        warmup: int from 0 to `steps` - 1, how many steps the line takes; 0 for no warm-up.

    Returns:
        float from 0 to `peak`: 0 at the end, and exactly the peak after `warmup` steps.

    Example:
        >>> [warmup_cosine(step, 8, 0.002, 2) for step in (0, 1, 2, 5)]
        [0.0, 0.001, 0.002, 0.001]
    """

    def half_cosine(share):
        """Return 1 at the share 0 of the way down, 1/2 halfway, and 0 at the share 1."""
        return (1 + math.cos(math.pi * share)) / 2

    if step < warmup:
        return peak * step / warmup
    # The way down begins where the line ends: both are counted from there.
    return peak * half_cosine((step - warmup) / (steps - warmup))
    # Keras has the same as keras.optimizers.schedules.CosineDecay with warmup_target; there
    # decay_steps is the way down alone. The recipes of this book with "one_cycle" begin at a
    # tenth of the peak, so that the first step is not wasted on a rate of 0.
