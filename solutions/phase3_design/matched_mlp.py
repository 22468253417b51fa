"""A multilayer perceptron as large as another network.

Read phase 3 through "What does it buy?". An answer may import keras. Complete the function,
then type: fmnist check matched_mlp
"""

import keras


def matched_mlp(budget):
    """Return a multilayer perceptron with as many parameters as another network has.

    Args:
        budget: int from 38,000 to 400,000, the number of parameters of the other network;
            `small_cnn` of this course has 38,506.

    Returns:
        keras.Model, not compiled, with input shape (None, 28, 28, 1) and output shape (None, 10):
        the pixels in a row, one hidden dense layer with ReLU, and a dense layer without activation
        that gives the logits. Both dense layers have biases. The hidden layer has the width with
        which the number of parameters comes nearest to the budget, from above or from below; that
        is within about one per cent. Begin with keras.Input((28, 28, 1)).
    """
    pixels, classes = 28 * 28, 10
    # A hidden unit costs its weights from all pixels, its bias, and its weights to all classes.
    # The biases of the classes are there whatever the width.
    each = pixels + 1 + classes
    # Rounded, not cut off: one unit too many may be nearer than one too few.
    width = round((budget - classes) / each)
    return keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            keras.layers.Flatten(),
            keras.layers.Dense(width, activation="relu"),
            keras.layers.Dense(classes),
        ]
    )


# Trying is as good as solving: min(range(1, 1000), key=lambda width: abs(795 * width + 10 -
# budget)) finds the same width and needs no algebra. With two hidden layers of equal width the
# number of parameters is quadratic in the width, and trying is then the simpler way.
