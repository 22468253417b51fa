"""Tables that people save from a spreadsheet or download from another system, as text or CSV.

Cells are separated by commas, semicolons or tabs, or by what Excel's own first line ``sep=;``
says; the text is UTF-8, UTF-16 or, if it is neither, taken for cp1252, which is said. Lines
without content are none.
"""

import codecs
import csv
import io
import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from fmnist.tools.user_errors import UserError

MAX_TABLE = 5_000_000  # bytes
SEPARATORS = (",", ";", "\t")
LINE_ENDS = ("\n", "\r")
NO_END = (
    "its last line has no end, as in a file that was cut off; if nothing is missing, press Enter "
    "behind it and save it"
)
MAGIC = {
    b"PK\3\4": "a workbook of a spreadsheet, or an archive",
    b"\xd0\xcf\x11\xe0": "a workbook of an old Excel",
    b"%PDF": "a PDF",
}
FIRST_LINE = re.compile(r'"?sep=([,;\t|])"?[,;\t| ]*(?=[\r\n]|$)', re.IGNORECASE)
NUMBER = re.compile(r"[0-9]*[.,]?[0-9]*")
THOUSANDS = re.compile(r"[1-9][0-9]{0,2},[0-9]{3}")
ROUNDED = re.compile(r"\d([.,]\d+)?E\+\d{2,3}")
FOREIGN = re.compile(r"\w*[^\W\x00-\x7f]\w*")
AS_UTF8 = "save the table as CSV in UTF-8"


@dataclass(frozen=True)
class Table:
    """A table, of which the header is known and the lines are not read yet.

    Attributes:
        path: of the file.
        text: as it was decoded.
        columns: the header, as it came.
        separator: between cells.
        kind: of the errors.
        notes: on what was guessed, as sentences for whoever gave the file.
    """

    path: Path
    text: str
    columns: tuple[str, ...]
    separator: str
    kind: type[UserError]
    notes: tuple[str, ...]

    @property
    def names(self) -> list[str]:
        """The header in the form in which columns are known, see `plain`."""
        return [plain(column) for column in self.columns]

    @property
    def has_end(self) -> bool:
        """Whether the last line is ended: if not, the file may have been cut off."""
        return self.text.endswith(LINE_ENDS)

    def rows(self) -> Iterator[tuple[int, dict[str, str]]]:
        """Yield each row by column, with the line on which it begins.

        Of columns of one name the first counts.

        Raises:
            UserError: of the table's kind: a line is no CSV, or has too few or too many cells.
        """
        wide, header = len(self.columns), True
        for line, cells in _lines(self.path, self.text, self.separator, self.kind):
            if not any(cell.strip() for cell in cells):
                continue
            if header:
                header = False
                continue
            if len(cells) < wide or any(cells[wide:]):
                decimal = self.separator == "," and len(cells) > wide
                hint = "; a number with a comma stands in quotes" if decimal else ""
                raise self.kind(
                    f"{self.path.name}, line {line}: {len(cells)} columns, expected {wide} as in "
                    f"the header{hint}."
                )
            pairs = list(zip(self.columns, cells, strict=False))
            yield line, dict(reversed(pairs))


def read(path: Path, known: Callable[[list[str]], bool], kind: type[UserError]) -> Table:
    """Return the table in a file.

    Args:
        path: of the file.
        known: whether a header, its names as `plain` gives them, is one that the caller expects.
            By the first separator that gives such a header the table is read; if there is none, by
            the one that gives most columns.
        kind: of what is raised.

    Raises:
        UserError: of that kind: the file cannot be read, is too large, or is no text.
    """
    text, notes = _text(path, kind)
    own = FIRST_LINE.match(text)
    separators: tuple[str, ...] = SEPARATORS
    if own:
        text = text[own.end() :]  # the empty line that is left keeps the numbers of the others
        separators = (own[1], *SEPARATORS)
    headers = {separator: _header(text, separator) for separator in separators}
    found = next(
        (one for one, header in headers.items() if known([plain(name) for name in header])),
        max(headers, key=lambda one: len(headers[one])),
    )
    return Table(path, text, headers[found], found, kind, notes)


def plain(name: str) -> str:
    """Return the name of a column in small letters, without what cannot be seen around it.

    Example:
        >>> plain("\ufeff Full\u00a0 Name ")
        'full name'
    """
    visible = unicodedata.normalize("NFKC", name).replace("\ufeff", "")
    return " ".join(visible.split()).lower()


def is_rounded(text: str) -> bool:
    """Return whether a spreadsheet has written a long number, such as an id, without its end.

    Example:
        >>> is_rounded("2.00E+05"), is_rounded("12e45")
        (True, False)
    """
    return ROUNDED.fullmatch(text.strip()) is not None


def number(text: str) -> float:
    """Return a number with a decimal point or comma.

    Example:
        >>> number("1,5"), number(" 2.25 ")
        (1.5, 2.25)

    Raises:
        ValueError: it is none, or could be one in the thousands.
    """
    text = text.strip()
    if not NUMBER.fullmatch(text) or not any(map(str.isdigit, text)):
        raise ValueError("expected a number from 0 on, such as 1.5")
    if THOUSANDS.fullmatch(text):
        raise ValueError(f"{text!r} can be read in two ways; write a decimal point")
    return float(text.replace(",", "."))


def encoding_of(raw: bytes) -> str:
    """Return by which encoding bytes are text: by their mark, their zeros, or as UTF-8.

    Example:
        >>> [encoding_of("Zoë".encode(name)) for name in ("utf-8", "utf-16", "latin-1")]
        ['utf-8-sig', 'utf-16', 'cp1252']
    """
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if len(raw) >= 4 and len(raw) % 2 == 0 and b"\0" in raw[:2]:
        return "utf-16-le" if raw[1] == 0 else "utf-16-be"  # without a mark; a header is in English
    try:
        raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8-sig"


def _no_text(raw: bytes) -> str:
    """Return which kind of file this is, if it is known to be no text."""
    return next((what for magic, what in MAGIC.items() if raw.startswith(magic)), "")


def _text(path: Path, kind: type[UserError]) -> tuple[str, tuple[str, ...]]:
    """Return what a file says, and what was guessed."""
    try:
        with path.open("rb") as file:
            raw = file.read(MAX_TABLE + 1)
    except OSError as error:
        raise kind(f"The table {path} cannot be read: {error.strerror}.") from None
    if len(raw) > MAX_TABLE:
        raise kind(f"{path.name} is larger than {MAX_TABLE:,} bytes: no table of a class.")
    if what := _no_text(raw):
        raise kind(f"{path.name} is {what}, not a table of text; {AS_UTF8}.")
    encoding, notes = encoding_of(raw), list[str]()
    try:
        text = raw.decode(encoding).lstrip("\ufeff")
    except UnicodeDecodeError as error:
        name = "UTF-8 or cp1252" if encoding == "cp1252" else "whole UTF-16"
        line = raw.count(b"\n", 0, error.start) + 1
        raise kind(f"{path.name}, line {line}: this is not {name}; {AS_UTF8}.") from None
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise kind(f"{path.name}, line {line}: a zero byte; {AS_UTF8}.")
    if encoding == "cp1252":
        words = dict.fromkeys(FOREIGN.findall(text))
        example = next((word for word in words if word.isprintable()), "")
        notes.append(
            f"{path.name} is not UTF-8 and was read as cp1252 (Windows){_as_in(example)}; if "
            f"letters are wrong, {AS_UTF8}."
        )
    return text, tuple(notes)


def _as_in(word: str) -> str:
    return f", as in {word[:40]!r}" if word else ""


def _header(text: str, separator: str) -> tuple[str, ...]:
    """Return the first line that has content; none if there is none that can be read."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    try:
        cells = next((cells for cells in reader if any(map(str.strip, cells))), [])
    except csv.Error:
        return ()
    return tuple(cells)


def _lines(
    path: Path, text: str, separator: str, kind: type[UserError]
) -> Iterator[tuple[int, list[str]]]:
    """Yield the cells of each line, with its number.

    Raises:
        UserError: of that kind: it is no CSV.
    """
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    line = 1
    try:
        for cells in reader:
            yield line, cells
            line = reader.line_num + 1
    except csv.Error as error:
        wrong = str(error).replace("'\t'", "a tab")
        raise kind(f"{path.name}, line {line}: this is no CSV: {wrong}.") from None
