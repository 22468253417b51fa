"""Titles of the book's sections by their labels, read from the text of its chapters.

Nothing is imported from the package: whoever builds the wheel runs this file by its path.
"""

import re
from pathlib import Path

LABELLED = re.compile(r"^\(([\w-]+)\)=\n+#+ +(.+?) *$", re.MULTILINE)


def titles(book: Path) -> dict[str, str]:
    """Return the title of each section that has a label, in the chapters of a folder.

    Args:
        book: folder of the chapters; where there is none, there are no sections.
    """
    return {
        label: title.replace("`", "")
        for chapter in sorted(book.glob("phase*.md"))
        for label, title in LABELLED.findall(chapter.read_text("utf-8"))
    }
