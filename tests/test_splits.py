"""The arrays are what the files say, and the splits are fair and closed."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis.extra import numpy as arrays

from fmnist.data import fetch, seal, sources, splits


def idx(array: np.ndarray) -> bytes:
    """Return the bytes of an idx file."""
    sizes = b"".join(int(side).to_bytes(4, "big") for side in array.shape)
    return bytes([0, 0, 8, array.ndim]) + sizes + array.tobytes()


@given(arrays.arrays(np.uint8, arrays.array_shapes(max_dims=3)))
def test_what_is_written_as_idx_is_read(array):
    """Shape and every element come back."""
    assert np.array_equal(splits.parse_idx(idx(array)), array)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        pytest.param(b"", "expected an idx file", id="empty"),
        pytest.param(b"\0\0\x0d\x01", "expected an idx file of unsigned bytes", id="floats"),
        pytest.param(idx(np.zeros((2, 3), np.uint8))[:-1], "18 bytes.*received 17", id="short"),
        pytest.param(idx(np.zeros(2, np.uint8)) + b"x", "10 bytes.*received 11", id="long"),
        pytest.param(b"\0\0\x08\x03\0\0", "by the header", id="half a header"),
    ],
)  # fmt: skip
def test_a_damaged_idx_file_is_refused(content, message):
    """The message gives expected and received."""
    with pytest.raises(ValueError, match=message):
        splits.parse_idx(content)


def test_the_splits_are_disjoint_stratified_and_complete():
    """50,000 and 10,000 images, equal shares of each class, together the published 60,000."""
    train, validation = splits.train_and_validation()
    assert (len(train), len(validation)) == (50_000, 10_000)
    assert np.bincount(train.labels).tolist() == [5_000] * 10
    assert np.bincount(validation.labels).tolist() == [1_000] * 10
    published, labels = splits._read("train")
    both = np.concatenate([train.images, validation.images]).reshape(60_000, -1)
    assert np.array_equal(
        np.sort(both.sum(axis=1)), np.sort(published.reshape(60_000, -1).sum(axis=1))
    )
    seen = {image.tobytes() for image in train.images}
    assert not any(image.tobytes() in seen for image in validation.images)
    assert len(labels) == 60_000


def test_facts_of_the_data():
    """Mean and deviation of the published training images, and the first labels."""
    images, labels = splits._read("train")
    assert images.shape == (60_000, *splits.IMAGE_SHAPE)
    assert images.mean() / 255 == pytest.approx(0.28604, abs=1e-5)
    assert images.std() / 255 == pytest.approx(0.35302, abs=1e-5)
    assert splits.CLASS_NAMES[labels[0]] == "Ankle boot"


def test_a_digest_tells_splits_apart(smoke_tier):
    """By images and their order, not by name; so what was kept for some images is for these."""
    _, validation = splits.train_and_validation()
    every = np.arange(len(validation))
    assert validation.take(every).digest == validation.digest
    for positions in (every[::-1], every[1:]):
        assert validation.take(positions).digest != validation.digest


def test_a_smoke_build_works_with_a_part_of_the_same_splits(smoke_tier):
    """Fewer images of every class, none of them from another split."""
    train, validation = splits.train_and_validation()
    assert np.bincount(train.labels).tolist() == [200] * 10
    assert np.bincount(validation.labels).tolist() == [100] * 10


def test_missing_and_damaged_files_say_what_to_type(empty_cache):
    """The message ends in the command."""
    with pytest.raises(splits.DataMissing, match="Type: fmnist fetch"):
        splits.train_and_validation()
    fetch.folder().mkdir(parents=True)
    (fetch.folder() / sources.FILES[0].name).write_bytes(b"x")
    with pytest.raises(splits.DataMissing, match="is damaged; remove it"):
        splits.train_and_validation()


@pytest.fixture(name="chapter")
def _chapter(monkeypatch, tmp_path):
    """Name the chapter that runs, with a ledger of its own."""
    monkeypatch.setattr(seal, "_path", lambda: tmp_path / "ledger.jsonl")
    return lambda name: monkeypatch.setenv("FMNIST_CHAPTER", name)


@pytest.mark.parametrize(
    "phase", ["phase1_explore", "phase2_preprocess", "phase3_design", "phase4_train"]
)
def test_the_test_set_stays_closed_in_the_first_four_phases(chapter, phase):
    """Asking for it there is an error, and no opening."""
    chapter(phase)
    with pytest.raises(splits.Sealed, match=f"{phase} asked for the test set"):
        seal.open_test("just a look", run="0")
    assert seal.ledger() == []


def test_each_opening_is_written_down_once_a_run(chapter):
    """The same chapter with the same run counts once; another run counts again."""
    chapter("phase5_evaluate")
    assert len(seal.open_test("accuracy", run="a")) == 10_000
    seal.open_test("accuracy", run="a")
    seal.open_test("accuracy", run="b")
    assert [(opening.where, opening.run) for opening in seal.ledger()] == [
        ("phase5_evaluate", "a"),
        ("phase5_evaluate", "b"),
    ]


def test_openings_are_kept_with_the_outputs_that_they_were_for(chapter, tmp_path):
    """Outputs that are shown again after the ledger was lost bring back their own openings."""
    kept = tmp_path / "outputs.jsonl"
    for phase in ("phase5_evaluate", "phase6_improve"):
        chapter(phase)
        seal.open_test("accuracy", run="a")
    before = [each for each in seal.ledger() if each.where == "phase5_evaluate"]
    seal.keep_with_outputs("phase5_evaluate", kept)
    (tmp_path / "ledger.jsonl").unlink()
    for _ in range(2):
        seal.keep_with_outputs("phase5_evaluate", kept)
        assert seal.ledger() == before
    assert len(kept.read_text("utf-8").splitlines()) == len(before) == 1


def test_chapters_that_opened_nothing_leave_no_file(chapter, tmp_path):
    """Most chapters never open the test set."""
    chapter("phase5_evaluate")
    seal.open_test("accuracy", run="a")
    seal.keep_with_outputs("phase1_explore", tmp_path / "outputs.jsonl")
    assert not (tmp_path / "outputs.jsonl").exists()


def test_an_opening_needs_a_reason(chapter):
    """An empty reason is refused before anything is read."""
    chapter("phase5_evaluate")
    with pytest.raises(ValueError, match="needs a reason"):
        seal.open_test("  ", run="a")
