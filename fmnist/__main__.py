"""``python -m fmnist``."""

import os
import sys

# Python puts the current folder first, where a student's random.py is no module of ours. It stays
# if that is where this package is from.
if not sys.flags.safe_path and sys.path[0] != os.path.dirname(os.path.dirname(__file__)):  # noqa: PTH120 (pathlib would come from there)
    del sys.path[0]

from fmnist.cli import main

main()
