"""Which instructions networks are computed with: on x86-64 none that only some processors have.

oneDNN, which computes TensorFlow's convolutions and matrix products, picks the widest instructions
that a processor has, and sums in another order with each. So it is capped at AVX2, which every
x86-64 processor since 2015 has; CONTRIBUTING has which bits were found to be the same, and which
not. Elsewhere, on ARM for example, the cap says nothing.
"""

import os
from pathlib import Path

CAP = "ONEDNN_MAX_CPU_ISA"
DEFAULT_CAP = "AVX2"
ONEDNN = "TF_ENABLE_ONEDNN_OPTS"


def environment() -> dict[str, str]:
    """Return what a process that computes networks must find in its environment from its start.

    Whoever sets `ONEDNN_MAX_CPU_ISA` has chosen another cap, "ALL" for none.
    """
    return {CAP: _cap()}


def name() -> str:
    """Return the arithmetic that this environment asks for, as a part of a run's key."""
    return f"oneDNN, {_cap()}" if _has_onednn() else "without oneDNN"


def has_bfloat16() -> bool:
    """Return whether networks can be computed in bfloat16 here.

    Without its instructions it is emulated and slow, and under a cap that lacks them oneDNN ends
    the process: so the processor must have them and the cap must allow them.
    """
    if not _has_onednn() or not (_cap() in {"ALL", "DEFAULT"} or "BF16" in _cap()):
        return False
    try:
        flags = Path("/proc/cpuinfo").read_text("utf-8").split()
    except OSError:  # not Linux: nothing known
        return False
    return "avx512_bf16" in flags or "amx_bf16" in flags


def _has_onednn() -> bool:
    return os.environ.get(ONEDNN, "").lower() not in {"0", "false"}


def _cap() -> str:
    return (os.environ.get(CAP) or DEFAULT_CAP).upper()
