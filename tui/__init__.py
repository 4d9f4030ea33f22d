"""The terminal interface over the index."""
