"""The test set behind a seal: it opens for a reason, and each opening is written down.

Choices are made on validation images. A test set that is looked at while choices are made
stops being one, so phases 1 to 4 of the book cannot open it.
"""

import json
import os
from dataclasses import asdict, dataclass
from datetime import UTC, datetime

from fmnist import data, paths


@dataclass(frozen=True)
class Opening:
    """One line of the ledger.

    Attributes:
        where: chapter or command.
        reason: why, in words.
        run: key of the run that was measured.
        when: of the first time, ISO 8601 in UTC.
    """

    where: str
    reason: str
    run: str
    when: str


def open_test(reason: str, *, run: str) -> data.Split:
    """Return the test images, and write the opening into the ledger.

    Args:
        reason: what the test images are needed for.
        run: key of the run to be measured; the same reason and run in the same place count once.

    Raises:
        data.Sealed: a chapter of phases 1 to 4 asked.
        ValueError: no reason was given.
        data.DataMissing: the files are not in the cache.
    """
    where = os.environ.get("FMNIST_CHAPTER", "command")
    if not reason.strip():
        raise ValueError("open_test needs a reason: what are the test images needed for?")
    test = data.read_test()
    known = {(opening.where, opening.reason, opening.run) for opening in ledger()}
    if (where, reason, run) not in known:
        opening = Opening(where, reason, run, datetime.now(UTC).isoformat(timespec="seconds"))
        with _path().open("a", encoding="utf-8") as file:
            file.write(json.dumps(asdict(opening)) + "\n")
    return test


def ledger() -> list[Opening]:
    """Return every opening so far, the first one first."""
    try:
        lines = _path().read_text("utf-8").splitlines()
    except FileNotFoundError:
        return []
    return [Opening(**json.loads(line)) for line in lines]


def _path():
    name = "test-openings-smoke.jsonl" if data.is_smoke() else "test-openings.jsonl"
    return paths.cache() / name
