"""What a person can mend, as an exception."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class UserError(Exception):
    """Something that a person can mend; the text says what, and how.

    Whatever is raised of this kind is told by the command line in one line, with exit status 1.
    """


@contextmanager
def writing(place: Path, kind: type[UserError] = UserError) -> Iterator[None]:
    """Say in one line if a place cannot be written.

    Args:
        place: file or folder.
        kind: of what is raised then.
    """
    try:
        yield
    except OSError as error:
        raise kind(f"{place} cannot be written: {error.strerror}.") from None
