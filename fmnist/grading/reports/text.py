"""Foreign text made harmless for files, and numbers as people read them."""

import re
import unicodedata

MAX_NAME = 120  # characters of a name that a page shows
MAX_MESSAGE = 4000
UNUSUAL = re.compile(r"[^\n\t -~]")
# Joins letters in Persian and in emoji; it moves nothing else.
JOINERS = "\u200c\u200d"
# What Markdown, GitHub's included, reads within a line; an underscore between letters is nothing.
INLINE = re.compile(
    r"([\\`*{}\[\]<>#~|&@$]|(?<![^\W_])_|_(?![^\W_])|:(?=//)|(?<=www)\.)", re.IGNORECASE
)
# What it reads at the beginning: lists, rules, underlines of headings.
LEADING = re.compile(r"^(\d+(?=[.)](?:\s|$))|(?=[-+=]))(.)")


def clean(text: str, limit: int = MAX_MESSAGE) -> str:
    r"""Return text that neither steers a terminal nor breaks a file format.

    Control characters, lone surrogates, direction overrides and code points without a meaning
    become escapes that can be read, as in ``\\x1b``. Line feeds and tabs stay.

    Args:
        text: as somebody wrote it.
        limit: characters that are kept; how many more there were is said.
    """
    more = len(text) - limit
    if more > 0:
        text = f"{text[:limit]} … ({more:,} characters more)"
    text = text.replace("\r\n", "\n")
    return UNUSUAL.sub(_readable, text)


def _readable(match: re.Match[str]) -> str:
    character = match[0]
    spaces = unicodedata.category(character) == "Zs"
    if character.isprintable() or character in JOINERS or spaces:
        return character
    return character.encode("unicode_escape").decode("ascii")


def one_line(text: str, limit: int = MAX_NAME) -> str:
    """Return text for a place that has one line."""
    return clean(" ".join(text.split()), limit)


def markdown(text: str) -> str:
    """Return one line of Markdown that shows `text` and can be nothing else.

    No link, image, heading, list, code or HTML comes of it.
    """
    escaped = INLINE.sub(r"\\\1", one_line(text, MAX_MESSAGE))
    return LEADING.sub(r"\1\\\2", escaped)


def fenced(text: str) -> str:
    """Return a block of Markdown that shows `text` as it stands, whatever fences are in it."""
    text = clean(text).rstrip()
    longest = max((len(run) for run in re.findall("`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}text\n{text}\n{fence}"


def number(value: float) -> str:
    """Return a number of points, in hundredths at the finest."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


def percent(share: float | None) -> str:
    """Return a share in whole percents; a dash where there is none."""
    return "\u2013" if share is None else f"{100 * share:.0f}\u00a0%"
