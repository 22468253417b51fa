"""The files of a new exercise, with a mark wherever an author has something to say."""

import keyword
import re
import string
from pathlib import Path

from fmnist import course
from fmnist.course import PHASES
from fmnist.exercises import catalog
from fmnist.exercises.catalog import CatalogError

BLANK = "FILL-IN"  # wherever an author has something to say
TEMPLATES = course.PACKAGE / "exercises" / "templates"
STUB_BODY = f'raise NotImplementedError("{BLANK}: replace this line with your answer.")'
REFERENCE_BODY = f"return len(labels)  # {BLANK}"


def new(name: str, phase: str) -> list[Path]:
    """Write the files of a new exercise and its entry in the catalogue; return their paths.

    Raises:
        CatalogError: the name is no name of a function or taken, there is no such phase, or one of
            the files is there.
    """
    if not re.fullmatch(r"[a-z][a-z0-9_]*", name) or keyword.iskeyword(name):
        raise CatalogError(f"{name!r} is no name of a function: use small letters and underscores.")
    if phase not in PHASES:
        raise CatalogError(f"There is no phase {phase!r}. Choose one of: {', '.join(PHASES)}.")
    if any(exercise.name == name for exercise in catalog.load()):
        raise CatalogError(f"There is an exercise {name!r} already; choose another name.")
    number = PHASES.index(phase) + 1
    values = {
        "name": name,
        "phase": phase,
        "number": number,
        "objective": next(goal.id for goal in catalog.read().objectives if goal.phase == phase),
    }
    stub, reference = (values | {"body": body} for body in (STUB_BODY, REFERENCE_BODY))
    files = {
        course.EXERCISES / phase / f"{name}.py": _filled("stub.py", stub),
        course.EXERCISES / phase / f"test_{name}.py": _filled("public.py", values),
        course.SOLUTIONS / phase / f"{name}.py": _filled("stub.py", reference),
        course.SOLUTIONS / phase / f"hidden_{name}.py": _filled("hidden.py", values),
        course.SOLUTIONS / "wrong" / phase / name / "fill_in.py": _filled("wrong.py", values),
    }
    for path in files:
        if path.exists():
            raise CatalogError(f"There is a file {path} already; move it away first.")
    for path, text in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    _insert(_filled("entry.toml", values), number)
    return [*files, catalog.CATALOG]


def _filled(template: str, values: dict[str, object]) -> str:
    """Return the text of a file; Jinja is not installed wherever an author may work."""
    text = (TEMPLATES / f"{template}.template").read_text("utf-8")
    return string.Template(text).substitute(values)


def _insert(entry: str, phase: int) -> None:
    """Put an entry at the end of its phase's part of the catalogue."""
    text = catalog.CATALOG.read_text("utf-8")
    before, own, after = text.partition(f"\n# --- phase {phase} ---")
    part, following, rest = after.partition("\n# --- ")
    new = f"{before}{own}{part.rstrip()}\n\n{entry}{following}{rest}"
    catalog.CATALOG.write_text(new, "utf-8")
