"""From uint8 images to what a network takes: float32 of shape (n, 28, 28, 1).

With NumPy alone. Batches for training are made in `fmnist.training.pipeline`.
"""

from dataclasses import dataclass

import numpy as np


def to_unit(images: np.ndarray) -> np.ndarray:
    """Return images scaled to [0, 1], with an axis for their one channel.

    Args:
        images: uint8, shape (n, rows, columns), in [0, 255].

    Returns:
        float32, shape (n, rows, columns, 1), in [0, 1].

    Raises:
        ValueError: the images are not uint8 with three axes. Scaling twice would go unnoticed.

    Example:
        >>> to_unit(np.array([[[0, 255]]], dtype=np.uint8)).tolist()
        [[[[0.0], [1.0]]]]
    """
    if images.dtype != np.uint8 or images.ndim != 3:
        raise ValueError(
            "to_unit expects uint8 images of shape (n, rows, columns), received "
            f"{images.dtype} of shape {images.shape}"
        )
    return (images.astype(np.float32) / np.float32(255))[..., np.newaxis]


@dataclass(frozen=True)
class Standardiser:
    """Mean and standard deviation over all pixels of the training images, in [0, 1] units.

    Attributes:
        mean: float, in [0, 1].
        deviation: float, above 0.
    """

    mean: float
    deviation: float

    @classmethod
    def fit(cls, images: np.ndarray) -> "Standardiser":
        """Return the statistics of uint8 training images of shape (n, rows, columns)."""
        unit = to_unit(images)
        return cls(float(unit.mean(dtype=np.float64)), float(unit.std(dtype=np.float64)))

    def apply(self, images: np.ndarray) -> np.ndarray:
        """Return float32 images, shape (n, rows, columns, 1), on the training scale."""
        return self.apply_to_unit(to_unit(images))

    def apply_to_unit(self, unit):
        """Return images on the training scale; `unit`, in [0, 1], is an array or a tensor."""
        return (unit - np.float32(self.mean)) / np.float32(self.deviation)


def scaler(how: str, images: np.ndarray) -> Standardiser:
    """Return the scaling with a name, as subtraction and division.

    Args:
        how: "none" (pixels stay 0 to 255), "unit" (0 to 1), or "standard" (mean 0 and
            deviation 1 over `images`).
        images: uint8 training images, shape (n, rows, columns).

    Raises:
        ValueError: there is no such scaling.
    """
    if how == "standard":
        return Standardiser.fit(images)
    fixed = {"none": Standardiser(0.0, 1 / 255), "unit": Standardiser(0.0, 1.0)}
    if how not in fixed:
        raise ValueError(f"how must be one of none, unit, standard, not {how!r}")
    return fixed[how]
