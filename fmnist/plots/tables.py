"""Tables of results, as Markdown: what a reader compares line by line."""

from collections.abc import Iterable, Sequence

from IPython.display import Markdown


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> Markdown:
    """Return a table for a chapter; its cell needs ``:mystnb: {markdown_format: myst}``.

    Args:
        head: of the columns.
        rows: cells, printed with `str`; each row as long as the head.

    Raises:
        ValueError: a row is longer or shorter than the head, or there is a bar in a cell.
    """
    lines = [[str(cell) for cell in row] for row in (head, *rows)]
    for line in lines:
        if len(line) != len(head) or any("|" in cell or "\n" in cell for cell in line):
            raise ValueError(
                f"table expects {len(head)} cells in each row, without bars and line ends, "
                f"received {line}"
            )
    lines.insert(1, ["---"] * len(head))
    return Markdown("\n".join(f"| {' | '.join(line)} |" for line in lines))
