"""Recipes: every choice that decides what training gives, in one frozen record.

TensorFlow is not imported here, so that a command can name and check a recipe at once.
"""

from dataclasses import dataclass

MODEL_NAMES = ("linear", "small_cnn")


@dataclass(frozen=True)
class Recipe:
    """What to train, and how.

    Attributes:
        model: a name in `models.MODELS`.
        epochs: passes over the training images, at least 1.
        batch_size: images a step, at least 1.
        learning_rate: of Adam, at the start; it falls to 0 along a half cosine.
        seed: of weights, order of images and dropout.
    """

    model: str
    epochs: int
    batch_size: int = 128
    learning_rate: float = 2e-3
    seed: int = 0

    def __post_init__(self):
        """Refuse what cannot be trained.

        Raises:
            ValueError: a field is out of its range.
        """
        if self.model not in MODEL_NAMES:
            raise ValueError(f"model must be one of {', '.join(MODEL_NAMES)}, not {self.model!r}")
        for name in ("epochs", "batch_size"):
            if getattr(self, name) < 1:
                raise ValueError(f"{name} must be at least 1, not {getattr(self, name)}")
        if not self.learning_rate > 0:
            raise ValueError(f"learning_rate must be above 0, not {self.learning_rate}")


RECIPES = {
    "linear": Recipe("linear", epochs=5),
    "small_cnn": Recipe("small_cnn", epochs=6),
}
