"""A table is read into a frozen record, or one line says where it is wrong and what came."""

from datetime import datetime
from typing import Annotated

import pytest

from fmnist.tools import toml_tables
from fmnist.tools.toml_tables import Entry, TableError


class Fruit(Entry, frozen=True):
    """An entry of a list."""

    name: str
    colour: Annotated[str, toml_tables.one_of("red", "green")] = "red"
    grams: tuple[int, int] = (1, 2)


class Basket(Entry, frozen=True):
    """A file."""

    fruit: tuple[Fruit, ...] = ()
    prices: dict[str, float] = {}  # noqa: RUF012 (each record gets its own)


class Times(Entry, frozen=True):
    """A file with times."""

    when: datetime | None = None
    times: dict[str, datetime] = {}  # noqa: RUF012 (each record gets its own)


def read(tmp_path, text: str, kind: type = Basket):
    """Return what a file with this text holds."""
    path = tmp_path / "basket.toml"
    path.write_bytes(text.encode("latin-1"))
    return toml_tables.read(path, kind)


def test_a_table_becomes_a_record(tmp_path):
    """Lists become tuples, what is left out has its default, and nothing can be changed."""
    basket = read(tmp_path, "[[fruit]]\nname = 'fig'\ngrams = [3, 4]\n[prices]\nfig = 2\n")
    assert basket == Basket((Fruit("fig", "red", (3, 4)),), {"fig": 2})
    with pytest.raises(AttributeError):
        basket.fruit = ()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        pytest.param("[[fruit]]\n", "fruit 1: the table lacks the key `name`.", id="missing"),
        pytest.param(
            "[[fruit]]\nname = 'fig'\n[[fruit]]\nname = 'pear'\nage = 3\n",
            "fruit pear: the table has an unknown key, `age`.",
            id="unknown",
        ),
        pytest.param(
            "[[fruit]]\nname = 'fig'\n[[fruit]]\nname = 3\n",
            "fruit 3, name: Expected `str`, received 3.",
            id="type",
        ),
        pytest.param(
            "[[fruit]]\nname = 'fig'\ncolour = 'blue'\n",
            "fruit fig, colour: Expected `str` matching regex '^(red|green)$', received 'blue'.",
            id="choice",
        ),
        pytest.param(
            "[[fruit]]\nname = 'fig'\ngrams = [3, '4']\n",
            "fruit fig, grams 2: Expected `int`, received '4'.",
            id="in a list",
        ),
        pytest.param(
            "[prices]\nfig = 2\npear = 'two'\nplum = 'none'\n",
            "prices, pear: Expected `float`, received 'two'.",
            id="in a dictionary",
        ),
        pytest.param("fruit = 3\n", "fruit: Expected a list, received 3.", id="no list"),
        pytest.param("fruit = [3]\n", "fruit 1: Expected a table, received 3.", id="no table"),
    ],
)
def test_what_is_wrong_is_told_in_one_line(tmp_path, text, told):
    """With the entry by its name or its number, the key, what is expected and what came."""
    with pytest.raises(TableError) as caught:
        read(tmp_path, text)
    assert str(caught.value) == f"basket.toml, {told}"


@pytest.mark.parametrize(
    ("content", "told"),
    [
        pytest.param(b"\xef\xbb\xbfwhen = 2026-01-02T03:04:05Z\r\n", "", id="mark"),
        pytest.param("when = 2026-01-02T03:04:05Z\n".encode("utf-16"), "UTF-16", id="UTF-16"),
        pytest.param("when = 1\n".encode("utf-16-le"), "UTF-16; save it as UTF-8", id="no mark"),
        pytest.param("# \xfc\n".encode("cp1252"), "cp1252; save it as UTF-8", id="cp1252"),
        pytest.param(b"when = '2026-01-02T03:04:05Z'\n", "take the quotes away", id="quotes"),
        pytest.param(b"when = 2026-01-02\n", "write the time of day", id="day"),
        pytest.param(b"when = 2026-01-02T03:04Z\n", "a time has seconds", id="no seconds"),
        pytest.param(b"times.a.b = 2026-01-02T03:04:05Z\n", "a name with a dot", id="dot"),
        pytest.param(b"[times]\na@x.org = 2026-01-02T03:04:05Z\n", "stands in quotes", id="mail"),
        pytest.param("[times]\nz\xf6 = 2026-01-02T03:04:05Z\n".encode(), "in quotes", id="\xf6"),
    ],
)
def test_what_editors_and_people_do_to_a_time_is_told(tmp_path, content, told):
    """With the mend; a byte order mark is skipped."""
    path = tmp_path / "times.toml"
    path.write_bytes(content)
    if not told:
        assert toml_tables.read(path, Times).when.year == 2026
        return
    with pytest.raises(TableError, match=told) as caught:
        toml_tables.read(path, Times)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("text", ["fruit", "name = '\xff'\n", "[[fruit]\n"])
def test_what_is_no_toml_is_told(tmp_path, text):
    """Also bytes that are no text."""
    with pytest.raises(TableError, match=r"^basket\.toml is not TOML: .*$"):
        read(tmp_path, text)


def test_a_file_that_cannot_be_read_is_told(tmp_path):
    """Missing, or a folder."""
    with pytest.raises(TableError, match=r"none\.toml is missing; run this in a checkout"):
        toml_tables.read(tmp_path / "none.toml", Basket)
    with pytest.raises(TableError, match="cannot be read: Is a directory"):
        toml_tables.read(tmp_path, Basket)


def test_two_of_one_name_are_refused(tmp_path):
    """Entries are asked for by their names."""
    entries = (Fruit("fig"), Fruit("pear"))
    assert toml_tables.by_name(tmp_path, entries, "name") == {"fig": entries[0], "pear": entries[1]}
    with pytest.raises(TableError, match="two fruits are called 'fig'; rename one"):
        toml_tables.by_name(tmp_path, [*entries, Fruit("fig")], "name")
