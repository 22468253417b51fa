"""Names of files: which kinds of file they say, which two are one, and which can be a student's."""

import re
import sys
import unicodedata

MAX_ID = 100  # bytes: it names files, too
PYTHON, NOTEBOOK = ".py", ".ipynb"
# What editors and browsers make of these two, besides.
PYTHONS, NOTEBOOKS = (".py.txt", ".pyw", PYTHON), (".ipynb.txt", ".ipynb.json", NOTEBOOK)
ARCHIVES = (
    ".zip", ".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tbz2", ".tar.xz", ".txz", ".tar.zst", ".rar",
    ".7z",
)  # fmt: skip
SUFFIXES = (*ARCHIVES, *NOTEBOOKS, *PYTHONS)
# What systems and tools put beside the files of a person, besides what begins with a dot.
CLUTTER = {
    "__macosx", "__pycache__", "node_modules", "site-packages", "venv", "thumbs.db", "ehthumbs.db",
    "desktop.ini", "icon\r", "$recycle.bin", "system volume information", "lost+found",
}  # fmt: skip
RESERVED = {"con", "prn", "aux", "nul", "conin$", "conout$"} | {
    f"{device}{number}" for device in ("com", "lpt") for number in "123456789\u00b9\u00b2\u00b3"
}


def same(text: str) -> str:
    """Return what two names share that some file systems cannot tell apart."""
    folded = unicodedata.normalize("NFD", text).casefold()
    return unicodedata.normalize("NFC", folded)


def is_clutter(name: str) -> bool:
    """Return whether a file or folder, named without its place, is one that no person made."""
    hidden = name.startswith((".", "~$")) and name not in (".", "..")
    return hidden or name.endswith("~") or name.lower() in CLUTTER


def words(name: str) -> list[str]:
    """Return the words of a person's name, as `same` makes them, without what is between them."""
    return re.findall(r"[^\W_]+", same(name))


def stem(name: str) -> str:
    """Return a name without what says that a file is an archive, a notebook or one of Python."""
    suffix = next((known for known in SUFFIXES if name.lower().endswith(known)), "")
    return name[: len(name) - len(suffix)]


def why_no_id(id_: str) -> str:
    """Return why a student cannot be called so, as files are; empty if they can."""
    if not id_:
        return "it is empty"
    if not id_.isprintable():
        return "it has characters that cannot be printed"
    if len(id_.encode("utf-8")) > MAX_ID:
        return f"it is longer than {MAX_ID} bytes"
    if "/" in id_ or "\\" in id_:
        return "it has a slash, and files are named by it"
    if id_.startswith("."):
        return "it begins with a dot, as hidden files do"
    if sys.platform == "win32" and id_.partition(".")[0].strip().lower() in RESERVED:
        return "Windows keeps this name for a device"
    return ""
