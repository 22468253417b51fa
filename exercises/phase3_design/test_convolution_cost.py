"""Public checks of convolution_cost."""

import random

import pytest

from fmnist.exercises.expect import Claim, expect

PAIR = "Return the parameters and the multiplications, in this order."
WEIGHTS = (
    "Each map that comes out has a kernel of its own, and this kernel has a weight for each pixel "
    "of its square in each channel. To these comes one bias for each map that comes out."
)
SHARED = (
    "The same weights, and the same bias, are used at every place. That is the point of a "
    "convolution: a larger image needs more work, and not one parameter more."
)
WORK = (
    "At every place of the map that comes out, each weight is multiplied once. With a stride there "
    "are fewer places than pixels."
)


def costs(answer, *args, **kwargs):
    """Return claims about both numbers of the answer."""
    claim = expect(answer, *args, **kwargs).is_tuple(2, idea=PAIR)
    parameters, multiplications = claim.value
    return (
        Claim(parameters, call=f"parameters of {claim.call}").is_int(),
        Claim(multiplications, call=f"multiplications of {claim.call}").is_int(),
    )


@pytest.mark.parametrize(
    ("side", "channels", "kernel", "filters", "parameters", "multiplications"),
    [
        pytest.param(1, 1, 1, 1, 2, 1, id="one pixel, one weight, one bias"),
        pytest.param(4, 1, 2, 3, 15, 192, id="one channel"),
        pytest.param(4, 5, 2, 1, 21, 320, id="one kernel for five channels"),
        pytest.param(7, 32, 3, 96, 27_744, 1_354_752, id="third convolution of small_cnn"),
    ],
)
def test_small_cases(answer, side, channels, kernel, filters, parameters, multiplications):
    """Cases that can be worked on paper come out."""
    weights, work = costs(answer, side, channels, kernel, filters)
    weights.equals(parameters, idea=WEIGHTS)
    work.equals(multiplications, idea=WORK)


def test_a_larger_image_needs_no_more_parameters(answer):
    """Four times the pixels are four times the work and the same number of parameters."""
    small, small_work = costs(answer, 14, 3, 5, 8)
    large, large_work = costs(answer, 28, 3, 5, 8)
    large.equals(small.value, idea=SHARED)
    large_work.equals(4 * small_work.value, idea=WORK)


def test_a_stride_saves_work_and_no_parameters(answer):
    """With a stride the kernels have fewer places, and are as large as before."""
    plain, _ = costs(answer, 28, 16, 3, 32)
    strided, work = costs(answer, 28, 16, 3, 32, stride=2)
    strided.equals(plain.value, idea=SHARED)
    work.equals(3 * 3 * 16 * 32 * 14 * 14, idea=WORK)


def test_products_counted_one_by_one(answer):
    """On small layers every single product can be counted, and every weight given a name."""
    draw = random.Random(33)
    for _ in range(6):
        side, channels, kernel, filters, stride = (draw.randint(1, top) for top in (7, 4, 3, 4, 3))
        names, products = set(), 0
        for f in range(filters):
            names.add(("bias", f))
            for _place in range(len(range(0, side, stride)) ** 2):
                for weight in range(kernel * kernel):
                    for channel in range(channels):
                        names.add((f, weight, channel))
                        products += 1
        parameters, work = costs(answer, side, channels, kernel, filters, stride=stride)
        parameters.equals(len(names), idea=f"{WEIGHTS} {SHARED}")
        work.equals(products, idea=f"{WORK} A place that begins in the image counts as a whole.")
