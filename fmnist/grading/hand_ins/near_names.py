"""Names of files as browsers, systems and people change them: which name was meant.

Browsers add " (1)" or "-2" to a second download, Explorer and Finder " - Copy" or " copy" in the
language of the machine, editors of text ".txt"; telephones write a capital, and mails take the
underscore away. None of that says that another file is meant.
"""

import difflib
import functools
import re
import unicodedata
from collections.abc import Iterable

MAX_NAME = 255  # characters of a name that are looked at
MAX_FORMS = 8  # of a name, which is as many changes but one
ALIKE = 0.8  # share of equal letters from which a name is worth telling
WORDS = "copy|kopie|copie|copia|c\u00f3pia|kopia|kopi"
PYTHON_ENDS, TEXT_ENDS = (".py", ".pyw"), (".txt", ".text")
COPY = re.compile(
    rf"\s*\(\d{{1,3}}\)$|[\s_-]+({WORDS})([\s_-]*\(?\d{{1,3}}\)?)?$"
    r"|^(copy of|kopie von|copie de|copia de|copia di|c\u00f3pia de)\s+",
    re.IGNORECASE,
)
# What editors, browsers and people put behind a whole name.
KEPT = "txt|text|bak|old|orig|save|tmp|download|crdownload|part"
CHANGES = (re.compile(rf"\.(pyw?|{KEPT})$"), COPY, re.compile(r"[\s_-]\d{1,3}$"))


@functools.lru_cache(4096)
def squeezed(text: str) -> str:
    """Return the letters and digits of a name, in one form and in small letters."""
    return re.sub(r"[\W_]+", "", _plain(text))


def could_be(file: str, name: str) -> bool:
    """Return whether a file can only mean the one that is called `name`, without a suffix.

    Args:
        file: name of the file, without its folder.
        name: that is expected.
    """
    wanted = squeezed(name)
    return any(squeezed(form) == wanted for form in forms(file))


def is_python(file: str) -> bool:
    """Return whether a file is one of Python, whatever was added to its name."""
    return any(form.endswith(PYTHON_ENDS) for form in forms(file))


def is_text(file: str) -> bool:
    """Return whether a file may be one of Python that lost its suffix or got one of text."""
    return any(form.endswith(TEXT_ENDS) or "." not in form for form in forms(file)[:2])


def is_alike(file: str, name: str) -> bool:
    """Return whether a file is called so much like `name` that a person may have meant it."""
    found, wanted = _stem(file), squeezed(name)
    most = 2 * min(len(found), len(wanted)) / max(1, len(found) + len(wanted))
    if most < ALIKE:  # whatever their letters are
        return False
    return difflib.SequenceMatcher(a=found, b=wanted, autojunk=False).ratio() >= ALIKE


@functools.lru_cache(4096)
def _stem(file: str) -> str:
    stem, _, _ = _plain(file).rpartition(".")
    return squeezed(forms(stem or file)[-1])


def uncopied(name: str) -> str:
    """Return a name without what programs add to that of a copy."""
    return COPY.sub("", name).strip()


@functools.lru_cache(4096)
def forms(file: str) -> tuple[str, ...]:
    """Return a name, and what it may have been before something was added, piece by piece."""
    found = [_plain(file)]
    while len(found) < MAX_FORMS and (shorter := next(filter(None, _shorter(found[-1])), "")):
        found.append(shorter)
    return tuple(found)


def _shorter(text: str) -> Iterable[str]:
    for change in CHANGES:
        without = change.sub("", text).strip()
        yield without if without != text else ""


def _plain(text: str) -> str:
    """Return a name in small letters of one form, without what cannot be seen."""
    seen = (one for one in text[:MAX_NAME] if unicodedata.category(one) != "Cf")
    return unicodedata.normalize("NFKC", "".join(seen)).casefold().strip()
