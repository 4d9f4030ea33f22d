"""Addresses of other machines, without what lets anybody in."""

from __future__ import annotations

import pytest

from forensics.git.remote import public_url

WORD = "hunter" + str(2)


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("https://git.example/a/b.git", "https://git.example/a/b.git"),
        ("https://ada:{word}@git.example/a/b.git", "https://git.example/a/b.git"),
        ("https://{word}@git.example:8443/a?key={word}#{word}", "https://git.example:8443/a"),
        ("https://ada:hunt@er2@git.example/a", "https://git.example/a"),
        ("ssh://git@git.example:22/a/b", "ssh://git.example:22/a/b"),
        ("git@git.example:a/b.git", "ssh://git.example/a/b.git"),
        ("git.example:a b", ""),
        ("https://git.example/a b/é", "https://git.example/a%20b/%C3%A9"),
        ("https://[::1]:80/a", "https://[::1]:80/a"),
        ("https://git.example:port/a", ""),
        ("https://[bad/a", ""),
        ("https:///a", ""),
        ("file:///srv/{word}", ""),
        ("/srv/a", ""),
        ("../a", ""),
        ("ext::sh -c {word}", ""),
        ("helper::{word}", ""),
        ("", ""),
    ],
)
def test_an_address_loses_its_credentials(address: str, public: str) -> None:
    """And what is no address of another machine is none at all."""
    assert public_url(address.replace("{word}", WORD)) == public
