"""Environment variables that code reads, against where they get their values."""

from forensics.drift.env_vars.linter import lint, uses
from forensics.drift.env_vars.model import KINDS, Definition, EnvFinding, EnvUse, Linted, Since

__all__ = ["KINDS", "Definition", "EnvFinding", "EnvUse", "Linted", "Since", "lint", "uses"]
