"""What Gradescope writes beside the folders of an export: who handed in each of them, and when."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import yaml

from fmnist.answer import faults
from fmnist.grading.hand_ins.archives import read_limited
from fmnist.grading.hand_ins.downloads import METADATA, Label, NoSubmissions
from fmnist.grading.hand_ins.roster import GRADESCOPE

MAX_METADATA = 20_000_000  # bytes; what the autograders said is in it, too
MAX_DEPTH = 100  # of YAML, whose fast reader has no limit of its own


def labels(folder: Path) -> dict[str, list[Label]]:
    """Return who handed in each folder of a download of Gradescope, a group's by each of them.

    Raises:
        NoSubmissions: the metadata is no YAML of the kind that Gradescope writes, or too large.
    """
    path = folder / METADATA
    try:
        text = read_limited(path, MAX_METADATA).decode("utf-8-sig")
        if not text.endswith("\n"):
            raise ValueError("cut off")  # perhaps within a number, which would be another student's
        document = _yaml(text)
        return {str(key): _labels(folder / str(key), value) for key, value in document.items()}
    except faults.NotLoaded as fault:
        raise NoSubmissions(f"{folder}: {fault}") from None
    except (yaml.YAMLError, ValueError, AttributeError, TypeError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        where = f", line {mark.line + 1}" if mark else ""
        raise NoSubmissions(
            f"{path}{where}: this is not what Gradescope writes; download the submissions again."
        ) from None


def _labels(path: Path, about: Any) -> list[Label]:
    """Return one for each student of a submission; those that are known by nothing are left out."""
    submitted = about.get(":created_at")
    if type(submitted) is str:
        submitted = datetime.fromisoformat(submitted)
    if isinstance(submitted, datetime):
        submitted = submitted if submitted.tzinfo else submitted.replace(tzinfo=UTC)
        submitted = submitted.astimezone(UTC)
    else:
        submitted = None
    found = []
    for submitter in about.get(":submitters") or ():
        told = {key: str(value or "").strip() for key, value in submitter.items()}
        name, email = told.get(":name", ""), told.get(":email", "")
        id_ = told.get(":sid") or email
        if id_:
            found.append(Label(path, id_, GRADESCOPE, name, email, submitted=submitted))
    return found


def _yaml(text: str) -> Any:
    """Return what YAML says, with none but Python's plain types."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the other takes minutes for a class
    depth = 0
    for event in yaml.parse(text, Loader=loader):
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if depth > MAX_DEPTH:
            raise ValueError("it is nested too deep")
    return yaml.load(text, Loader=loader)  # noqa: S506 (both are safe loaders)
