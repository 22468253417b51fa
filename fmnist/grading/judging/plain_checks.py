"""Checks that need nothing of pytest but to be collected.

A check that is a function of an answer, of the model answer and of parameters is called as it
stands. pytest's own way, with its hooks around set-up, call and teardown, costs more time than
most answers do; checks with fixtures of their own or with marks still take it.
"""

import inspect
from collections.abc import Callable

import pytest

from fmnist.answer.proxy import Answer
from fmnist.exercises.recorder import passed, verdict
from fmnist.exercises.verdicts import Verdict

GIVEN = frozenset({"answer", "reference"})


def is_plain(item: pytest.Item) -> bool:
    """Return whether `run` can stand for pytest's own way."""
    if not isinstance(item, pytest.Function) or item.cls is not None:
        return False
    if any(mark.name != "parametrize" for mark in item.iter_markers()):
        return False
    given = GIVEN | set(_parameters(item))
    wanted = set(inspect.signature(item.obj).parameters)
    return wanted <= given and set(item.fixturenames) <= given | {"request"}


def run(item: pytest.Item, **given: Callable[[], Answer]) -> Verdict:
    """Return the verdict of a plain check.

    Args:
        item: the check.
        given: makes each of `GIVEN`, as the fixture of that name would.
    """
    assert isinstance(item, pytest.Function)  # noqa: S101 (for the types; `is_plain` has looked)
    try:
        # In the order of pytest: a missing answer is told of before anything else is done.
        made = {name: make() for name, make in given.items() if name in item.fixturenames}
        item.obj(**made, **_parameters(item))
    except KeyboardInterrupt:
        raise
    except pytest.skip.Exception as skip:
        return verdict(item, skip, skipped=True)
    except BaseException as error:  # a check may fail in any way, also with pytest's own exceptions
        return verdict(item, error, skipped=False)
    return passed(item)


def _parameters(item: pytest.Function) -> dict[str, object]:
    return dict(item.callspec.params) if hasattr(item, "callspec") else {}
