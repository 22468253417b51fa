"""Plain values of any kind, for tests of what carries them."""

import math

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from fmnist.inside import codec

leaves = (
    st.none()
    | st.booleans()
    | st.integers(-(2**200), 2**200)
    | st.floats()
    | st.text(st.characters(exclude_categories=["Cs"]))
    | arrays.arrays(
        st.sampled_from(list(codec.DTYPES)), arrays.array_shapes(min_dims=0, min_side=0)
    )
    | st.sampled_from([np.float32(1.5), np.int64(-3), np.bool_(True)])
)
values = st.recursive(
    leaves,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.lists(inner, max_size=4).map(tuple)
        | st.dictionaries(st.text("abc") | st.integers(-(2**53), 2**53), inner, max_size=4)
    ),
)


def same(one, other) -> bool:
    """Whether two values agree in type and content, NaN with NaN."""
    if type(one) is not type(other):
        return False
    if isinstance(one, np.ndarray | np.generic):
        return (
            one.dtype == other.dtype
            and one.shape == other.shape
            and one.tobytes() == other.tobytes()
        )
    if isinstance(one, list | tuple):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, dict):
        return list(one) == list(other) and all(same(one[key], other[key]) for key in one)
    return one == other or (isinstance(one, float) and math.isnan(one) and math.isnan(other))
