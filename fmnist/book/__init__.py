"""The book: building it, its notebooks, its figures from the literature, its claims redrawn."""
