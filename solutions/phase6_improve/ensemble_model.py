"""Several networks in one Keras model.

Read phase 6 through "Asking twice, asking three". An answer may import keras. Complete the
function, then type: fmnist check ensemble_model
"""

import keras


def small_network(images, weights):
    """Return the logits of one small network: given, and to be used as it is.

    The images are reduced to 7 by 7 pixels, and two dense layers follow.

    Args:
        images: Keras tensor, shape (None, 28, 28, 1), what keras.Input returns.
        weights: tuple of four arrays: kernel (49, h) and bias (h,) of the hidden layer, kernel
            (h, 10) and bias (10,) of the last one.

    Returns:
        Keras tensor, shape (None, 10): logits.
    """
    first = keras.layers.Dense(len(weights[1]), activation="relu")
    last = keras.layers.Dense(10)
    pixels = keras.layers.Flatten()(keras.layers.AveragePooling2D(4)(images))
    logits = last(first(pixels))
    first.set_weights(weights[:2])
    last.set_weights(weights[2:])
    return logits


def ensemble_model(members):
    """Return an ensemble of small networks as one Keras model.

    Args:
        members: list of at least two tuples of four float32 arrays, the weights of each member;
            see `small_network`.

    Returns:
        keras.Model with one input of shape (None, 28, 28, 1) and one output of shape (None, 10):
        the mean of the members' probabilities. It holds the weights of all members, and is made of
        `small_network` and layers from keras.layers alone, without keras.ops.
    """
    # One input: all members look at the same images.
    images = keras.Input((28, 28, 1))
    # Each member has a softmax of its own. After the average it would be too late: a member with
    # large logits would count for more than the others.
    stated = [keras.layers.Softmax()(small_network(images, weights)) for weights in members]
    return keras.Model(images, keras.layers.Average()(stated))
    # keras.layers.Activation("softmax") does the same as Softmax. Calling several keras.Model
    # objects on one input works as well, and is the way for members that have been trained; their
    # layers then stand one level deeper. Averaging outside, as fmnist.evaluation.ensembles.average
    # does, is simpler and needs no model; one model is easier to hand over.
