"""Where the configuration of environments differs, since which commit, and what became of it."""
