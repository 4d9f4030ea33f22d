"""Who is at work."""

from __future__ import annotations

import os
import pwd

__all__ = ["ACTOR_VARIABLE", "actor"]

ACTOR_VARIABLE = "FORENSICS_ACTOR"
_LONGEST = 200


def actor() -> str:
    """Who is at work: FORENSICS_ACTOR, else the system's user and host.

    Nothing of a repository's configuration is asked, since its author writes that.
    """
    if given := os.environ.get(ACTOR_VARIABLE, "").strip():
        return given[:_LONGEST]
    try:
        user = pwd.getpwuid(os.geteuid()).pw_name
    except KeyError:  # a container often has no such user
        user = f"uid {os.geteuid()}"
    return f"{user}@{os.uname().nodename}"[:_LONGEST]
