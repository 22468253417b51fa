"""Where the course lies, its phases, and where it keeps what it makes."""

import os
from pathlib import Path

import platformdirs

PACKAGE = Path(__file__).parent
ROOT = PACKAGE.parent  # the checkout, if fmnist is installed in place
INSTALLED = PACKAGE / "exercises" / "set"  # a wheel has the exercises in the package
EXERCISES = INSTALLED if INSTALLED.is_dir() else ROOT / "exercises"
SOLUTIONS = ROOT / "solutions"

PHASES = (
    "phase1_explore",
    "phase2_preprocess",
    "phase3_design",
    "phase4_train",
    "phase5_evaluate",
    "phase6_improve",
)


def cache() -> Path:
    """Return the folder for data and runs: `FMNIST_CACHE`, or the user's cache folder."""
    chosen = os.environ.get("FMNIST_CACHE")
    return Path(chosen) if chosen else platformdirs.user_cache_path("fmnist")
