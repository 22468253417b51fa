"""``python -m fmnist``."""

from fmnist.cli import main

main()
