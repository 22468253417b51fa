"""What a test needs is read from its code: whether it may run in the quick selection."""

import itertools
from pathlib import Path
from types import SimpleNamespace

import pytest

import needs

HELPERS = """
import contextlib

def starts():
    import subprocess

@contextlib.contextmanager
def started():
    yield starts()

class Terminal:
    @property
    def process(self):
        return starts()
"""


def item(source: str, path=Path(__file__), params=(), **fixtures):
    """Return a test of a file in `tests/`, as pytest collects it."""
    scope: dict = {"__name__": __name__}
    exec(compile(HELPERS + source, __file__, "exec"), scope)  # noqa: S102 (our own text)
    collected = SimpleNamespace(
        function=scope["test"],
        path=path,
        _fixtureinfo=SimpleNamespace(
            name2fixturedefs={
                name: [SimpleNamespace(func=scope[function], scope="module")]
                for name, function in fixtures.items()
            }
        ),
    )
    if params:
        collected.callspec = SimpleNamespace(params=dict(enumerate(params)))
    return collected


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        pytest.param("return 1", set(), id="nothing"),
        pytest.param("return [starts for _ in ()]", {"machine"}, id="a helper in a comprehension"),
        pytest.param("with started(): pass", {"machine"}, id="a context manager"),
        pytest.param("Terminal()", {"machine"}, id="a class"),
        pytest.param("from multiprocessing import pool", {"machine"}, id="an import of a part"),
        pytest.param("from fmnist.training import fit", {"keras"}, id="a module with Keras"),
        pytest.param(
            "import fmnist.analysis.saliency", {"keras"}, id="a module with Keras by its name"
        ),
        pytest.param("from fmnist.evaluation import results", set(), id="a module without"),
        pytest.param("f(imports=('keras',))", {"keras"}, id="what an answer imports"),
        pytest.param("doctor.tensorflow()", {"machine"}, id="what starts a process in the package"),
        pytest.param("typed('check', 'x')", {"machine"}, id="a command that starts a process"),
        pytest.param("typed('status')", set(), id="a command that starts none"),
        pytest.param("other.tensorflow()", set(), id="the same name elsewhere"),
    ],
)
def test_a_test_is_followed_into_what_it_names(body, expected):
    """Through helpers, classes and imports; a word alone is no need."""
    assert needs.of(item(f"def test():\n    {body}\n")) == expected


def test_fixtures_and_arguments_count():
    """Also those that a test does not name itself."""
    source = "def test(): pass\ndef quiet(): pass\n"
    assert needs.of(item(source, ready="quiet")) == set()
    assert needs.of(item(source, ready="starts")) == {"machine"}
    assert needs.of(item(source, chromium="quiet")) == {"machine"}
    models = needs.ROOT / "fmnist" / "training" / "models.py"
    assert needs.of(item(source, params=[models])) == {"keras"}
    assert needs.of(item(source, path=models)) == {"keras"}
    assert (
        needs.of(item(source, params=[needs.ROOT / "fmnist" / "training" / "recipes.py", 1]))
        == set()
    )


def test_files_that_share_what_takes_long_begin():
    """What is prepared once for a file counts like many tests with processes; these count more."""
    source = "def test(): pass\ndef quiet(): pass\n"
    shared = [item(source, site="starts") for _ in range(3)]
    own = [item("def test(): starts()") for _ in range(3)]
    simple = [item(source, ready="quiet") for _ in range(3)]
    lengths = [needs.length(one) for one in (shared, own, simple)]
    assert all(longer > shorter for longer, shorter in itertools.pairwise(lengths))
