"""What the index knows, as people and programs read it."""
