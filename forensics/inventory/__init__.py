"""What of a repository configures, builds and runs it."""
