"""Environment variables that code reads: names and places, never values."""

from forensics.config.env_reads.languages import is_test, language_of
from forensics.config.env_reads.model import EnvRead
from forensics.config.env_reads.read import reads

__all__ = ["EnvRead", "is_test", "language_of", "reads"]
