"""Times as people and platforms write them, read where they can mean one thing alone.

Moodle writes a time in the form and the language of whoever downloads it, such as "Wednesday, 10
June 2026, 2:14 PM", "mercredi 10 juin 2026, 14:14" or "10/06/26, 14:14"; moodle/moodle:
lang/en/langconfig.php has the English forms.
"""

import re
import unicodedata
from collections.abc import Iterable
from datetime import UTC, datetime, tzinfo

# January to December. Names that mean another month in another language are not among them.
LANGUAGES = (
    "january february march april may june july august september october november december",
    "januar februar marz april mai juni juli august september oktober november dezember",
    "janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre",
    "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
    "janeiro fevereiro marco abril maio junho julho agosto setembro outubro novembro dezembro",
    "januari februari maart april mei juni juli augustus september oktober november december",
)
MONTHS = {name: number for names in LANGUAGES for number, name in enumerate(names.split(), start=1)}
SHORT = {name[:3]: number for number, name in enumerate(LANGUAGES[0].split(), start=1)}
SHORT["sept"] = 9
DAYS = "monday tuesday wednesday thursday friday saturday sunday".split()
DAYS += [day[:3] for day in DAYS]
CLOCK = re.compile(
    r"(?P<hour>\d{1,2}):(?P<minute>\d{2})(:(?P<second>\d{2}))?\s*(?P<half>[ap]\.?\s?m\.?)?(uhr)?$"
)
NUMBERS = re.compile(r"(\d{1,4})([./-])(\d{1,2})\2(\d{1,4})")
EARLIEST = 20  # year of two digits
DAY_FIRST, MONTH_FIRST = "day first", "month first"


def order_of(texts: Iterable[str]) -> str:
    """Return whether the day or the month comes first in times of one origin, such as "4/12/26".

    One of them with a number above 12 says it for all; it is empty if none does, or two disagree.
    """
    orders = set()
    for text in texts:
        numbers = NUMBERS.search(text)
        if numbers and numbers[2] == "/" and len(numbers[1]) <= 2:
            first, second = int(numbers[1]), int(numbers[3])
            if first > 12 >= second:
                orders.add(DAY_FIRST)
            elif second > 12 >= first:
                orders.add(MONTH_FIRST)
    return orders.pop() if len(orders) == 1 else ""


def read(text: str, zone: tzinfo | None, order: str = "") -> datetime | None:
    """Return a time in UTC; None if the text is none, or could be several.

    Args:
        text: as it was written.
        zone: of a time that names none; with None such a time is unknown. Of an hour that a clock
            goes through twice the first is meant.
        order: see `order_of`.
    """
    try:
        time: datetime | None = datetime.fromisoformat(text.strip())
        if len(text.strip()) <= len("2026-12-01"):
            return None  # a day is no time
    except ValueError:
        time = _written(text, order)
    try:
        if time is None or (time.tzinfo is None and zone is None):
            return None
        return (time if time.tzinfo else time.replace(tzinfo=zone)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _written(text: str, order: str) -> datetime | None:
    """Return a time without a zone from words and numbers."""
    letters = unicodedata.normalize("NFKD", text.lower())
    letters = " ".join("".join(one for one in letters if not unicodedata.combining(one)).split())
    clock = CLOCK.search(letters)
    if not clock:
        return None
    day = _day(letters[: clock.start()], order)
    hour, half = int(clock["hour"]), clock["half"]
    if day is None or (half and not 1 <= hour <= 12):
        return None
    if half:
        hour = hour % 12 + (12 if half.startswith("p") else 0)
    try:
        return datetime(*day, hour, int(clock["minute"]), int(clock["second"] or 0))
    except ValueError:
        return None


def _day(text: str, order: str) -> tuple[int, int, int] | None:
    """Return year, month and day."""
    numbers = NUMBERS.findall(text)
    words = re.findall(r"[^\W\d_]+", text)
    if numbers and re.findall(r"\d+", text) == [numbers[0][0], *numbers[0][2:]]:
        first, mark, second, third = numbers[0]
        return _from_numbers((first, second, third), mark, order)
    digits = re.findall(r"\d+", text)
    years = [int(one) for one in digits if len(one) == 4]
    days = [int(one) for one in digits if len(one) <= 2]
    month = _month(words)
    if len(digits) != 2 or len(years) != 1 or len(days) != 1 or not month:
        return None
    return years[0], month, days[0]


def _month(words: list[str]) -> int:
    """Return the only month among words; 0 if there is none, or several."""
    found = {MONTHS[word] for word in words if word in MONTHS}
    if not found and all(word in SHORT or word in DAYS for word in words):
        found = {SHORT[word] for word in words if word in SHORT}  # "mar" is a Spanish Tuesday
    return found.pop() if len(found) == 1 else 0


def _from_numbers(
    numbers: tuple[str, str, str], mark: str, order: str
) -> tuple[int, int, int] | None:
    first, second, third = map(int, numbers)
    if len(numbers[0]) == 4:
        return first, second, third
    if len(numbers[2]) not in (2, 4):
        return None
    year = third if third > 99 else 2000 + third
    if year < 2000 + EARLIEST:
        return None  # the year may be the first of the three
    if mark == "." or first > 12 or first == second or (mark == "/" and order == DAY_FIRST):
        return year, second, first
    if second > 12 or (mark == "/" and order == MONTH_FIRST):
        return year, first, second
    return None
