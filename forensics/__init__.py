"""Reads the whole history of a git repository, finds the secrets in it and tells their story."""

__version__ = "0.1.0"
