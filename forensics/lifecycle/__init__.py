"""What became of secrets: from events in history to evidence, and from evidence to a status."""
