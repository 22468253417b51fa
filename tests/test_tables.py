"""Tables of text: how they are decoded, separated and numbered."""

import pytest

from fmnist.tools import tables
from fmnist.tools.user_errors import UserError


class Wrong(UserError):
    """What a reader of tables raises."""


@pytest.fixture(name="read")
def _read(tmp_path):
    """Read text or bytes as a table of which a column `id` is expected."""

    def read(content: str | bytes) -> tables.Table:
        path = tmp_path / "t.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return tables.read(path, lambda names: "id" in names, Wrong)

    return read


@pytest.mark.parametrize(
    "text",
    [
        "id,a\n1,x\n",
        "\n\n id ;A\n;;\n1;x\n",
        "sep=,\nID,A\n1,x\n",
        "sep=|\r\nid|a\r\n1|x\r\n",
        "\ufeff\ufeffid\ta\r1\tx\r",
        "\ufeffsep=;\nid;a\n1;x;;\n",
        '"id","a"\n"1","x"\n',
    ],
)
def test_a_table_is_what_people_see(read, text):
    """Whatever stands between and around its cells."""
    table = read(text)
    assert table.names == ["id", "a"]
    rows = [[row[column].strip() for column in table.columns] for _, row in table.rows()]
    assert rows == [["1", "x"]]
    assert table.notes == ()


def test_lines_are_numbered_as_in_an_editor(read):
    """With Excel's first line, empty ones, and cells of several lines."""
    table = read('sep=;\n\nid;a\n1;"x\ny"\n\n2;z\n')
    assert [line for line, _ in table.rows()] == [4, 7]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"PK\3\4\0\0", "a workbook of a spreadsheet"),
        (b"\xd0\xcf\x11\xe0\0", "an old Excel"),
        (b"%PDF-1.7", "a PDF"),
        (b"id\n\x81\n", "line 2: this is not UTF-8 or cp1252"),
        ("id\nx\n".encode("utf-16")[:-1], "not whole UTF-16"),
        (b"id\n1\0\n", "line 2: a zero byte"),
        (b"x" * (tables.MAX_TABLE + 1), "larger than"),
    ],
)
def test_what_is_no_table_is_told(read, content, told):
    """With what to do."""
    with pytest.raises(Wrong, match=told) as caught:
        read(content)
    assert str(caught.value).startswith("t.csv")
    assert ("save the table as CSV" in str(caught.value)) == ("larger" not in told)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("id,a\n1\n", "line 2: 1 columns, expected 2"),
        (
            "id,a\n1,2,3\n",
            "line 2: 3 columns, expected 2 .* a number with a comma stands in quotes",
        ),
        ("id;a\n1;2;3\n", "line 2: 3 columns, expected 2 as in the header.$"),
        ('id,a\n1,"x\n', "line 2: this is no CSV"),
    ],
)
def test_a_line_that_does_not_fit_its_header_is_told(read, content, told):
    """With its number."""
    with pytest.raises(Wrong, match=told):
        list(read(content).rows())


@pytest.mark.parametrize(
    ("text", "value"), [("1", 1), ("1.5", 1.5), ("1,5", 1.5), (" ,5 ", 0.5), ("0,125", 0.125)]
)
def test_numbers_have_a_point_or_a_comma(text, value):
    """As spreadsheets write them."""
    assert tables.number(text) == value


@pytest.mark.parametrize(
    "text", ["", ".", "-1", "1e3", "1_0", "nan", "inf", "1.000,5", "1,000", "\u0661", "1 5"]
)
def test_what_is_no_number_or_two_is_none(text):
    """Nothing is guessed."""
    with pytest.raises(ValueError, match=r"expected a number|two ways"):
        tables.number(text)
