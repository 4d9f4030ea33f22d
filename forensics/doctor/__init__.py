"""What can be wrong on a machine, and with a repository and its index: looked at, never changed."""
