"""What the kernel of a chapter finds in its environment."""

from fmnist.training import arithmetic

KERNEL = {
    "FMNIST_BOOK": "1",
    "PYTHONHASHSEED": "0",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "CUDA_VISIBLE_DEVICES": "-1",
    # One thread each: chapters run side by side, and results do not depend on how many.
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "TF_NUM_INTRAOP_THREADS": "1",
    "TF_NUM_INTEROP_THREADS": "1",
}


def environment() -> dict[str, str]:
    """Return the variables, with the arithmetic of this build."""
    return KERNEL | arithmetic.environment()
