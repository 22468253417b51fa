"""A table is read into a frozen record, or one line says where it is wrong and what came."""

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
