"""Names that the command line and the terminal interface share."""

__all__ = ["SCREENS", "THEMES"]

SCREENS = ("overview", "triage", "rotation", "drift", "audit")
"""In the order of their keys."""
THEMES = ("dark", "light", "contrast")
"""The first is the usual one."""
