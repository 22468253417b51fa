"""Sentences into which numbers are put: right at 0, at 1, below 0 and at a tie."""

import math
from collections.abc import Sequence

POINTS = "percentage points"


def number(value: float, decimals: int = 1) -> str:
    """Return a number with a real minus sign, and never minus zero.

    Example:
        >>> number(-0.04), number(-1.25, 2), number(1234.5, 0)
        ('0.0', '\u22121.25', '1,234')
    """
    return f"{value:z,.{decimals}f}".replace("-", "\N{MINUS SIGN}")


def rough(value: float, digits: int = 3) -> str:
    """Return a number to some digits, with a real minus sign and without a power of ten.

    Example:
        >>> rough(217.4), rough(-0.0123), rough(12345), rough(2.0), rough(0.0)
        ('217', '\u22120.0123', '12,345', '2', '0')
    """
    if not math.isfinite(value) or value == 0:
        return number(value, 0)
    decimals = max(0, digits - 1 - math.floor(math.log10(abs(value))))
    text = number(value, decimals)
    return text.rstrip("0").rstrip(".") if "." in text else text


def counted(count: int, one: str, several: str = "", *, nothing: str = "no") -> str:
    """Return how many there are, with the noun in its number.

    Args:
        count: at least 0.
        one: the noun in the singular.
        several: in the plural; by default with an s.
        nothing: what stands for 0.

    Example:
        >>> counted(0, "day"), counted(1, "day"), counted(1_500, "class", "classes")
        ('no days', '1 day', '1,500 classes')
        >>> counted(0, "day", nothing="0")
        '0 days'
    """
    plural = several or f"{one}s"
    if count == 0:
        return f"{nothing} {plural}"
    return f"{count:,} {one if count == 1 else plural}"


def listed(names: list[str], nothing: str = "none") -> str:
    """Return names as a sentence lists them.

    Example:
        >>> listed([]), listed(["a"]), listed(["a", "b", "c"])
        ('none', 'a', 'a, b and c')
    """
    *most, last = names or [nothing]
    return f"{', '.join(most)} and {last}" if most else last


def some(names: Sequence[str], most: int = 5) -> str:
    """Return names as a sentence lists them; of very many, the first.

    Example:
        >>> some(["a", "b"]), some(["a", "b", "c"], most=2)
        ('a and b', 'a, b and 1 more')
    """
    more = len(names) - most
    return listed([*names[:most], f"{more} more"] if more > 0 else [*names])


def apart(spread: float, decimals: int = 1, unit: str = POINTS) -> str:
    """Return how far apart values lie, after "The accuracies".

    Args:
        spread: from the lowest to the highest, at least 0.
        decimals: that are printed, rounded up: what is said to lie within lies within.
        unit: in words, in the plural.

    Example:
        >>> apart(0.42), apart(0.02)
        ('lie within 0.5 percentage points of each other', 'are the same to 0.1 percentage points')
    """
    if number(spread, decimals) == number(0, decimals):
        return f"are the same to {number(10**-decimals, decimals)} {unit}"
    rounded = math.ceil(spread * 10**decimals - 1e-9) / 10**decimals
    return f"lie within {number(rounded, decimals)} {unit} of each other"


def compared(difference: float, decimals: int = 1, unit: str = POINTS) -> str:
    """Return how much larger the first of two values is, after "The accuracy".

    Args:
        difference: the first minus the second.
        decimals: that are printed.
        unit: in words, in the plural.

    Example:
        >>> compared(0.42), compared(-1.3)
        ('is 0.4 percentage points higher', 'is 1.3 percentage points lower')
        >>> compared(0.01)
        'is the same to 0.1 percentage points'
    """
    size = number(abs(difference), decimals)
    if size == number(0, decimals):
        return f"is the same to {number(10**-decimals, decimals)} {unit}"
    return f"is {size} {unit} {'higher' if difference > 0 else 'lower'}"


def p_value(p: float) -> str:
    """Return a p value, in [0, 1], to three decimals: it may be small, but it is never 0.

    Example:
        >>> p_value(0.0312), p_value(0.00099)
        ('0.031', '< 0.001')
    """
    return "< 0.001" if p < 0.001 else f"{p:.3f}"
