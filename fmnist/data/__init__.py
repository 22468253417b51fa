"""Images: from raw files that are fetched and verified to splits, numbers and photos."""
