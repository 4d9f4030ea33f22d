"""What tests of drift stand on: compiled rules."""

from __future__ import annotations

from tests.cli.caching import warm_cache

__all__ = ["warm_cache"]
