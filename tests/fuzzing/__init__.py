"""Search for inputs that break what reads others' bytes: targets, a corpus, and a guided search."""
