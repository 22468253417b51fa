"""Where things are kept between runs."""

import os
from pathlib import Path

import platformdirs


def cache() -> Path:
    """Return the folder for data and runs: `FMNIST_CACHE`, or the user's cache folder."""
    chosen = os.environ.get("FMNIST_CACHE")
    return Path(chosen) if chosen else platformdirs.user_cache_path("fmnist")
