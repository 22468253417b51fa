"""The instructions that networks are computed with: which are chosen, and what depends on them."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from fmnist.training import arithmetic


@pytest.fixture(name="plain")
def _plain(monkeypatch):
    """An environment in which nobody chose an arithmetic."""
    for name in (arithmetic.CAP, arithmetic.ONEDNN):
        monkeypatch.delenv(name, raising=False)
    return monkeypatch


def test_networks_are_computed_with_instructions_that_all_have(plain):
    """The cap is the default; whoever sets another one has chosen."""
    assert arithmetic.environment() == {"ONEDNN_MAX_CPU_ISA": "AVX2"}
    assert arithmetic.name() == "oneDNN, AVX2"
    plain.setenv(arithmetic.CAP, "sse41")
    assert arithmetic.environment() == {"ONEDNN_MAX_CPU_ISA": "SSE41"}
    assert arithmetic.name() == "oneDNN, SSE41"
    for off in ("0", "false", "FALSE"):
        plain.setenv(arithmetic.ONEDNN, off)
        assert arithmetic.name() == "without oneDNN"


@pytest.mark.parametrize(
    ("cap", "onednn", "flags", "able"),
    [
        ("", "", "avx512_bf16", False),
        ("ALL", "", "avx512_bf16", True),
        ("ALL", "", "avx2", False),
        ("AVX512_CORE_BF16", "", "amx_bf16", True),
        ("AVX512_CORE", "", "avx512_bf16", False),
        ("ALL", "0", "avx512_bf16", False),
    ],
)
def test_bfloat16_needs_processor_and_cap(plain, tmp_path, cap, onednn, flags, able):
    """Under a cap without its instructions, a product of matrices would end the process."""
    plain.setenv(arithmetic.CAP, cap)
    plain.setenv(arithmetic.ONEDNN, onednn)
    (tmp_path / "cpuinfo").write_text(f"flags : fpu {flags} sse\n")
    plain.setattr(arithmetic, "Path", lambda _: tmp_path / "cpuinfo")
    assert arithmetic.has_bfloat16() is able


@pytest.mark.usefixtures("plain")
def test_workers_and_chapters_compute_alike():
    """A worker of `sweep` and the kernel of a chapter find the same cap."""
    from fmnist.book.sphinxext import kernel
    from fmnist.training import sweep

    for found in (kernel.environment(), sweep.worker_environment()):
        assert found[arithmetic.CAP] == "AVX2"
        assert found["TF_NUM_INTRAOP_THREADS"] == "1"


# --- equal bits, whatever the processor has beyond the cap ---

TRAINING = """
import hashlib, sys
import numpy as np
from fmnist.data import preprocess, splits
from fmnist.training import fit, recipes

training, validation = splits.train_and_validation()
size, epochs = int(sys.argv[1]), int(sys.argv[2])
some, others = splits.subset(training, size), splits.subset(validation, size // 5)
for recipe in (
    recipes.Recipe("mlp", epochs=epochs),
    recipes.Recipe("small_cnn", epochs=epochs, dropout=0.3, label_smoothing=0.1),
    recipes.Recipe("deep_cnn", epochs=epochs, batch_norm=True, mirror="random", shift=2),
    recipes.Recipe(
        "wide_cnn", epochs=epochs, batch_norm=True, stem="whitening", optimiser="muon",
        learning_rate=0.03, schedule="one_cycle", mirror="alternating", erasing=0.3, skipping=0.75,
    ),
    recipes.Recipe("residual_cnn", epochs=epochs, batch_norm=True),
    recipes.Recipe("strided_cnn", epochs=epochs, optimiser="sgd", scaling="unit"),
):
    scaling = preprocess.scaler(recipe.scaling, some.images)
    trained = fit.fit(recipe, some, others, standardiser=scaling)
    bits = b"".join(array.tobytes() for array in (*trained.weights, trained.validation_logits))
    print(recipe.model, hashlib.sha256(bits).hexdigest()[:16])
"""


def bits(images: int = 500, epochs: int = 1, **environment: str | None) -> dict[str, str]:
    """Return a hash of the weights and logits of each of a few trainings, by model.

    What is None in the environment is not there.
    """
    from fmnist.training import sweep

    wanted = os.environ | sweep.worker_environment() | environment
    done = subprocess.run(
        [sys.executable, "-c", TRAINING, str(images), str(epochs)],
        env={name: value for name, value in wanted.items() if value is not None},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2_000:]
    return dict(line.split() for line in done.stdout.splitlines())


@pytest.fixture(scope="module", name="usual")
def _usual():
    """What the book's arithmetic gives."""
    return bits()


def dispatched() -> str:
    """Return the instructions for which the installed NumPy has code of its own."""
    from numpy._core._multiarray_umath import __cpu_dispatch__

    return " ".join(__cpu_dispatch__)


# Each takes from a library that the cap says nothing to what it would choose on this processor.
ELSEWHERE = {
    "again": {},
    "OpenBLAS as on a processor of 2004": {"OPENBLAS_CORETYPE": "Prescott"},
    "OpenBLAS as on one of 2013": {"OPENBLAS_CORETYPE": "Haswell"},
    "OpenBLAS as on another maker's": {"OPENBLAS_CORETYPE": "Zen"},
    "OpenBLAS as it chooses": {"OPENBLAS_CORETYPE": None},
    "NumPy without its wider instructions": {"NPY_DISABLE_CPU_FEATURES": dispatched()},
    "the C library without wide or fused instructions": {
        "GLIBC_TUNABLES": "glibc.cpu.hwcaps=-AVX2,-FMA,-FMA4,-AVX512F,-AVX512VL,-ERMS"
    },
}


@pytest.mark.slow
@pytest.mark.parametrize("name", ELSEWHERE)
def test_what_the_cap_leaves_alone_changes_no_bit(usual, name):
    """The libraries below TensorFlow and NumPy choose by processor, too."""
    assert bits(**ELSEWHERE[name]) == usual


@pytest.mark.slow
@pytest.mark.parametrize(
    ("setting", "instruction"),
    [
        ({arithmetic.CAP: "ALL"}, "avx512f"),
        ({arithmetic.CAP: "SSE41"}, "avx2"),
        ({arithmetic.ONEDNN: "0"}, ""),
    ],
)
def test_another_arithmetic_changes_bits(usual, setting, instruction):
    """So the comparison above can fail, and the cap is needed."""
    if instruction not in Path("/proc/cpuinfo").read_text("utf-8"):
        pytest.skip(f"this processor has no {instruction}")
    assert bits(**setting) != usual
