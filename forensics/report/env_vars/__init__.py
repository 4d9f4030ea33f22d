"""What the linter of environment variables found, as values and lines."""
