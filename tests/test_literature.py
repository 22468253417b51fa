"""Published figures: one file, each with its source, and mistakes in it told in one line."""

import pytest

from fmnist.book import literature
from fmnist.tools.toml_tables import TableError

ENTRY = 'value = 0.5\ntext = "50 %"\nsource = "x"\nseen = "verified"\nnote = "a note"\n'


def written(tmp_path, text):
    """Return the path of a file with this text."""
    path = tmp_path / "literature.toml"
    path.write_text(text, "utf-8")
    return path


def test_a_figure_has_value_text_and_source():
    """Code computes with the value, prose prints the text."""
    human = literature.get("human_accuracy")
    assert human.value == 0.835
    assert str(human) == human.text == "83.5 %"
    assert human.source == "fashionmnist_repository"


def test_an_unknown_figure_is_told_with_its_nearest_names():
    """A slip of the keyboard is found at once."""
    with pytest.raises(
        TableError,
        match=r"literature\.toml has no figure 'human_acuracy'; the nearest are human_accuracy,",
    ):
        literature.get("human_acuracy")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[a\n", r"literature\.toml is not TOML: "),
        (
            f"[a]\n{ENTRY}".replace("value = 0.5\n", ""),
            r"literature\.toml, a: the table lacks the key `value`",
        ),
        (f"[a]\n{ENTRY}colour = 1\n", r"a: the table has an unknown key, `colour`"),
        (
            f"[a]\n{ENTRY}".replace("verified", "heard"),
            r"a, seen: Expected .*verified.*, received 'heard'",
        ),
    ],
)
def test_a_mistake_in_the_file_is_named(tmp_path, text, message):
    """The entry and the field are in the message."""
    with pytest.raises(TableError, match=message):
        literature.load(written(tmp_path, text))


def test_a_text_in_percent_says_the_value():
    """Nobody changes one of the two alone."""
    for key, figure in literature.load().items():
        number, _, unit = figure.text.replace(",", "").partition(" ")
        if unit.startswith(("%", "percentage")):
            assert float(number) == pytest.approx(100 * figure.value), key
        elif number[0].isdigit():
            assert float(number) == figure.value, key
