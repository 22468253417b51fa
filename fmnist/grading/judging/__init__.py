"""From what was handed in to verdicts: checks, records, and many of them side by side."""
