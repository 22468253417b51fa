"""The test set behind a seal: it opens for a reason, and each opening is written down.

Choices are made on validation images. A test set that is looked at while choices are made
stops being one, so phases 1 to 4 of the book cannot open it.
"""

import json
import os
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from fmnist import course
from fmnist.data import splits

REDRAWN = "FMNIST_REDRAWN"  # set where chapters run with other seeds than the book's
COMMAND = "command"  # where the test set was opened, if not in a chapter


@dataclass(frozen=True)
class Opening:
    """One line of the ledger.

    Attributes:
        where: chapter or command.
        reason: why, in words.
        run: key of the run that was measured; of several the keys, with blanks between them.
        when: of the first time, ISO 8601 in UTC.
    """

    where: str
    reason: str
    run: str
    when: str


def open_test(reason: str, *, run: str) -> splits.Split:
    """Return the test images, and write the opening into the ledger.

    Args:
        reason: what the test images are needed for.
        run: key of the run to be measured, or keys with blanks between them; the same reason and
            run in the same place count once.

    Raises:
        data.Sealed: a chapter of phases 1 to 4 asked.
        ValueError: no reason was given, or the ledger is damaged.
        data.DataMissing: the files are not in the cache.
    """
    where = os.environ.get("FMNIST_CHAPTER", COMMAND)
    if not reason.strip():
        raise ValueError("open_test needs a reason: what are the test images needed for?")
    test = splits.read_test()
    now = datetime.now(UTC).isoformat(timespec="seconds")
    _add(_path(), [Opening(where, reason, run, now)])
    return test


def ledger() -> list[Opening]:
    """Return every opening so far, in the order in which they were written down.

    Raises:
        ValueError: a line of the ledger is damaged; the message says what to do.
    """
    return _read(_path())


def keep_with_outputs(where: str, file: Path) -> None:
    """Have the ledger and a file beside a chapter's outputs name the same openings.

    Outputs can outlive the ledger, which lies in the cache. When they are shown again, what was
    opened for them must be, too.

    Args:
        where: the chapter.
        file: in the folder of its outputs; made if there is anything to write.

    Raises:
        ValueError: a line of either is damaged.
    """
    _add(_path(), _read(file))
    _add(file, [opening for opening in ledger() if opening.where == where])


def _read(file: Path) -> list[Opening]:
    try:
        lines = file.read_text("utf-8").splitlines()
    except FileNotFoundError:
        return []
    openings = []
    for number, line in enumerate(lines, start=1):
        if not line:  # two that mended a cut end at once
            continue
        try:
            openings.append(Opening(**json.loads(line)))
        except (TypeError, ValueError):
            raise ValueError(
                f"{file}, line {number}: this is no opening of the test set, perhaps what is left "
                "of one; remove the line, and note elsewhere what it was for."
            ) from None
    return openings


def _add(file: Path, openings: list[Opening]) -> None:
    """Write down what is not there yet; place, reason and run tell openings apart."""
    known = {(each.where, each.reason, each.run) for each in _read(file)}
    new = [each for each in openings if (each.where, each.reason, each.run) not in known]
    if new:
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("a", encoding="utf-8") as written:
            if known and not file.read_bytes().endswith(b"\n"):
                written.write("\n")  # which was cut off
            written.writelines(json.dumps(asdict(each)) + "\n" for each in new)


def _path() -> Path:
    """Return the ledger; networks with other seeds and smoke builds have ledgers of their own."""
    if os.environ.get(REDRAWN):
        return course.cache() / "test-openings-redraws.jsonl"
    name = "test-openings-smoke.jsonl" if splits.is_smoke() else "test-openings.jsonl"
    return course.cache() / name
