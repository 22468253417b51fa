"""What was handed in: finding it, reading it, and whose it is."""
