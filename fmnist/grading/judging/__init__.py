"""From what was handed in to kept records: checks, verdicts, and many of them side by side."""
