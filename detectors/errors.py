"""What goes wrong with rules and detectors."""

__all__ = ["RuleError"]


class RuleError(Exception):
    """A rule or a rule file is wrong; the message names it and says what to change."""
