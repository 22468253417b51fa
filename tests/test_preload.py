"""What answers need is loaded, and what Keras would load besides is not."""

import sys

import pytest

from fmnist.inside import preload


@pytest.fixture(name="package")
def _package(tmp_path, monkeypatch):
    """A package that imports two others where it can."""
    (tmp_path / "greedy.py").write_text(
        "found = []\nfor name in ('extra', 'needed'):\n    try:\n"
        "        found.append(__import__(name).__name__)\n    except ImportError:\n        pass\n"
    )
    for name in ("extra", "needed"):
        (tmp_path / f"{name}.py").write_text("")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(preload, "UNUSED", ("extra",))
    yield
    for name in ("greedy", "extra", "needed"):
        sys.modules.pop(name, None)


def test_what_is_of_no_use_is_not_loaded_and_can_be_later(package):
    """The package goes without; whoever wants it afterwards gets it."""
    preload.preload(["greedy"])
    assert sys.modules["greedy"].found == ["needed"]
    assert __import__("extra").__name__ == "extra"


def test_what_is_asked_for_is_loaded(package):
    """An exercise that allows it gets it, whoever else could use it."""
    preload.preload(["greedy", "extra"])
    assert sys.modules["greedy"].found == ["extra", "needed"]


def test_what_is_missing_is_told(package):
    """Nothing stays hidden after a failure."""
    with pytest.raises(ImportError):
        preload.preload(["no_such_module"])
    assert "extra" not in sys.modules
