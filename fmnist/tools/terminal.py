"""What a terminal shows: foreign text made harmless, and silence where TensorFlow loads."""

import os
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def quiet() -> Iterator[None]:
    """Send standard error nowhere: TensorFlow writes there, past Python, whenever it is loaded."""
    kept, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)


def shown(text: str) -> str:
    """Return foreign text without what a terminal would obey."""
    return "".join(character if character.isprintable() else "?" for character in text)
