"""Addresses that `forensics scan` does not fetch from."""

from __future__ import annotations

import pytest

from fixtures_repos.stories.story import token
from tests.cli.command import forensics

pytestmark = pytest.mark.usefixtures("key")

PASSWORD = token(41).decode()


@pytest.mark.parametrize(
    "url",
    [
        "ext::sh -c id",
        "ftp://host/team.git",
        "git://host/team.git",
        "https://host/team.git?private_token=x",
        "https://host",
        "https:///team.git",
        "https://-host/team.git",
        "https://a%0ab:c@host/team.git",
        f"ssh://git:{PASSWORD}@host/team.git",
        "ssh://-oProxyCommand=id@host/team.git",
        "file://host/team.git",
        "https://host:port/team.git",
    ],
)
def test_other_addresses_are_refused(url: str) -> None:
    """In one line that repeats no part of it that could be a password."""
    done = forensics("scan", url)
    assert done.code == 2
    assert PASSWORD not in done.error()
