"""The example repository of `forensics demo`: two years of a small company's parcel tracker.

Four people, three environments, six releases, and the leaks in `LEAKS`.
"""

from fixtures_repos.acme.history import build
from fixtures_repos.acme.leaks import LEAKS, STAND_INS, Leak

__all__ = ["LEAKS", "STAND_INS", "Leak", "build"]
