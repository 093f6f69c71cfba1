"""Which models there are, which are here, and their weights."""
