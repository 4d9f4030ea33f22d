"""SOPS files that were encrypted anew."""

from __future__ import annotations

from tests.drift.told import DEV, PROD, events


def test_encrypting_anew_is_no_rotation() -> None:
    """Every value and the data key differ, and each hides as many bytes as before."""

    def sops(key: str, value: str, length: int = 8) -> dict[str, str]:
        return {"PASSWORD": f"ENC:{length}:{value}", "sops.age[0].enc": key}

    first = {DEV: sops("k1", "a"), PROD: sops("k2", "b")}
    anew = {DEV: sops("k3", "c"), PROD: sops("k2", "b")}
    assert events(first, anew) == [("rewrap", "sops", 2, 2)]
    rotated = {DEV: sops("k1", "c"), PROD: sops("k2", "b")}
    assert events(first, rotated) == [("rotation", "PASSWORD", 2, None)]
    copied = {DEV: sops("k1", "a"), PROD: sops("k1", "a")}
    assert ("shared", "sops.age[].enc", 1, None) in events(copied)


def test_a_rewrap_changes_every_value_or_none() -> None:
    """Where some differ, these were rotated, whether or not the data key was renewed too."""

    def sops(key: str, *values: str) -> dict[str, str]:
        named = {f"PASSWORD_{number}": f"ENC:8:{value}" for number, value in enumerate(values)}
        return named | {"sops.age[0].enc": key}

    prod = {PROD: sops("k2", "c", "d")}
    first = {DEV: sops("k1", "a", "b")} | prod
    assert events(first, {DEV: sops("k3", "a", "b")} | prod) == [("rewrap", "sops", 2, 2)]
    assert events(first, {DEV: sops("k3", "a", "e")} | prod) == [
        ("rotation", "PASSWORD_1", 2, None)
    ]
    assert events(first, {DEV: sops("k1", "e", "f")} | prod) == [
        ("rotation", "PASSWORD_0", 2, None), ("rotation", "PASSWORD_1", 2, None),
    ]  # fmt: skip
    more = events(first, {DEV: sops("k3", "e", "f", "g")} | prod)
    assert "rewrap" not in [kind for kind, *_ in more]
