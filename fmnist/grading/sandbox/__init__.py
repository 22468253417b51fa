"""The wall around workers, the workers behind it, and the proof that it holds."""
