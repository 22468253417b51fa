"""Tables that people write in TOML, read into frozen records.

The types and constraints of a record's fields say what a table may hold, see `msgspec`.
"""

import datetime
import re
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from fmnist.tools import tables
from fmnist.tools.user_errors import UserError

TIMES = (datetime.datetime, datetime.date, datetime.time)  # what TOML knows; texts are none
NAMES = ("name", "id", "phase")  # the keys by which an entry of a list is known
# The library's words, which are those of JSON and Python, in those of whoever writes a table.
WORDS = {
    " | null": "",
    " with a timezone component": "",
    "`datetime`": "date, time and offset, as in 2026-12-01T23:59:00+01:00",
    "`object`": "a table",
    "`array`": "a list",
    "Object missing required field": "the table lacks the key",
    "Object contains unknown field": "the table has an unknown key,",
}
# What people write and TOML does not take: a time without seconds, a name that needs quotes.
NO_SECONDS = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?![:\d])")
BARE_NAME = re.compile(r"[A-Za-z0-9_.\s-]+")
PLACE = re.compile(r"\.([\w-]+)|\[(\d+|\.\.\.)\]")

Record = TypeVar("Record")


class TableError(UserError):
    """A file is not as it must be, or lacks an entry; one line says where, and what is wrong."""


class Entry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A record to be read from a table that has its fields and no others."""


def one_of(*texts: str) -> msgspec.Meta:
    """Return the constraint that a text is one of some; they are listed where it is not."""
    return msgspec.Meta(pattern=f"^({'|'.join(texts)})$")


def read(path: Path, kind: type[Record]) -> Record:
    """Return a file as a record.

    Args:
        path: of a file in TOML.
        kind: of the record, or a dictionary of records.

    Raises:
        TableError: the file is missing or not TOML, or an entry has a missing, unknown or
            ill-typed key, or a value that is not allowed.
    """
    text = text_of(path)
    try:
        document = tomllib.loads(text.replace("\r\n", "\n"))
    except ValueError as error:
        raise TableError(f"{path.name} is not TOML: {error}{_hint(text, error)}.") from None
    try:
        return msgspec.convert(document, kind, builtin_types=TIMES)
    except msgspec.ValidationError as error:
        raise TableError(_explained(path.name, document, kind, str(error))) from None


def text_of(path: Path) -> str:
    """Return what a file says, without the mark that some editors put before it.

    Raises:
        TableError: the file is missing, or is not UTF-8.
    """
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        raise TableError(f"{path} is missing; run this in a checkout of the course.") from None
    except OSError as error:
        raise TableError(f"{path} cannot be read: {error.strerror}.") from None
    encoding = tables.encoding_of(raw)
    if encoding != "utf-8-sig":
        looks = "UTF-16" if encoding.startswith("utf-16") else "one of Windows, such as cp1252"
        raise TableError(f"{path.name} is not TOML: its encoding is {looks}; save it as UTF-8.")
    return raw.decode(encoding)


def _hint(text: str, error: ValueError) -> str:
    """Return what may be meant by a line that is no TOML, as the end of a sentence."""
    place = re.search(r"at line (\d+)", str(error))
    lines = text.splitlines()
    line = lines[int(place[1]) - 1] if place and int(place[1]) <= len(lines) else ""
    name, equals, value = line.partition("=")
    if NO_SECONDS.search(value):
        return "; a time has seconds, as in 2026-12-01T23:59:00"
    if equals and name.strip() and not BARE_NAME.fullmatch(name) and name.strip()[0] not in "\"'[#":
        return "; a name with other characters than a-z, 0-9, - and _ stands in quotes"
    return ""


def by_name(path: Path, entries: Iterable[Record], key: str) -> dict[str, Record]:
    """Return records by what one of their keys says.

    Raises:
        TableError: two say the same.
    """
    named: dict[str, Record] = {}
    for entry in entries:
        name = getattr(entry, key)
        if name in named:
            kind = type(entry).__name__.lower()
            raise TableError(f"{path.name}: two {kind}s are called {name!r}; rename one.")
        named[name] = entry
    return named


def _explained(file: str, document: dict[str, Any], kind: type, message: str) -> str:
    """Return what the library says of a document, with the entry by its name and the value."""
    reason, _, location = message.partition(" - at `$")
    steps = [file]
    value: Any = document
    for key, index in PLACE.findall(location):
        if index == "...":
            key = _refused(document, kind, value, message)
        value = value[key or int(index)]
        if key:
            steps.append(key)
        else:
            names = [value[key] for key in NAMES if isinstance(value, dict) and key in value]
            steps[-1] += f" {[*names, int(index) + 1][0]}"
    for word, plain in WORDS.items():
        reason = reason.replace(word, plain)
    if isinstance(value, dict) and "date, time" in reason:
        reason += "; a name with a dot stands in quotes"
    if not isinstance(value, dict):
        received = str(value) if isinstance(value, TIMES) else repr(value)
        reason = f"{reason.partition(', got ')[0]}, received {received}"
        if "date, time" in reason and isinstance(value, str) and value[:4].isdecimal():
            reason += "; take the quotes away"
        elif "date, time" in reason and type(value) is datetime.date:
            reason += "; write the time of day, too"
    return f"{', '.join(steps)}: {reason.rstrip('.')}."


def _refused(document: dict[str, Any], kind: type, table: dict[str, Any], message: str) -> str:
    """Leave in a table what is refused, and return its key, which the library does not name."""
    for key, value in tuple(table.items()):
        table.clear()
        table[key] = value
        try:
            msgspec.convert(document, kind, builtin_types=TIMES)
        except msgspec.ValidationError as error:
            if str(error) == message:
                break
    return next(iter(table))
