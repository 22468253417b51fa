"""Which Python reads a file here, and what only a newer one could read.

A student's own Python may be newer than the grader's: what is right at home is an error here, and
the message of the older one does not say so.
"""

import re
import sys

HERE = f"Python {sys.version_info.major}.{sys.version_info.minor}"
# First version that reads it, what a line of it looks like, and what it is.
SYNTAX = (
    ((3, 15), r"^\s*lazy\s+(import|from)\s", "lazy imports are"),
    ((3, 15), r"[\[{(]\s*\*{1,2}\s*[\w.]+\s+for\s", "unpacking in a comprehension is"),
    ((3, 14), r"(?<![\w'\"])(t|tr|rt)(\"|')", "template strings are"),
    ((3, 14), r"^\s*except\*?\s+[\w.]+\s*,\s*[\w.]+", "several exceptions without brackets are"),
    (
        (3, 13),
        r"^\s*((async\s+)?def|class|type)\s+\w+\s*\[[^\]]*=",
        "type parameters with a default are",
    ),
    ((3, 12), r"^\s*((async\s+)?def|class)\s+\w+\s*\[", "type parameters are"),
    ((3, 12), r"^\s*type\s+\w+\s*(\[.*\]\s*)?=", "type statements are"),
    (
        (3, 12),
        r"(?<![\w'\"])(f|fr|rf)(?P<q>\"|')((?!(?P=q)).)*\{((?!(?P=q))[^{}])*(?P=q)[^{}]*\}",
        "quotes of the same kind within an f-string are",
    ),
)
# What an f-string could not hold before Python 3.12, in the words of those.
F_STRING = ("cannot include a backslash", "cannot include '#'")


def told(error: SyntaxError) -> str:
    """Return a remark for the end of a sentence on a syntax error; empty if it is one everywhere.

    Args:
        error: of this Python.
    """
    line = error.text or ""
    if any(words in error.msg for words in F_STRING):
        return _remark((3, 12), "backslashes and comments within an f-string are")
    for version, pattern, what in SYNTAX:
        if sys.version_info < version and re.search(pattern, line[:1000], re.IGNORECASE):
            return _remark(version, what)
    return ""


def _remark(version: tuple[int, int], what: str) -> str:
    return f" ({what} read from Python {version[0]}.{version[1]} on)"
