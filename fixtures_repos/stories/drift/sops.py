"""Stories of files that SOPS encrypts: what changes when nothing that they hide changes."""

from __future__ import annotations

from base64 import b64encode
from pathlib import Path
from random import Random

from fixtures_repos.builder import BEN
from fixtures_repos.stories.drift.story import ANY, THREE, DriftStory, Event, Telling

__all__ = ["sops_rewrap_is_no_rotation", "sops_rotation", "sops_shared_data_key"]

PLACE = "secrets/{}.yaml"


def _encrypted(length: int, random: Random) -> str:
    """A value as SOPS writes it, hiding `length` bytes: AES-256-GCM keeps the length."""
    data, iv, tag = (b64encode(random.randbytes(n)).decode() for n in (length, 32, 16))
    return f"ENC[AES256_GCM,data:{data},iv:{iv},tag:{tag},type:str]"


def _data_key(random: Random) -> str:
    """A data key as age wraps it for a recipient."""
    body = b64encode(random.randbytes(140)).decode()
    wrapped = "\n".join(f"            {body[at : at + 64]}" for at in range(0, len(body), 64))
    return (
        "            -----BEGIN AGE ENCRYPTED FILE-----\n"
        f"{wrapped}\n"
        "            -----END AGE ENCRYPTED FILE-----\n"
    )


class _File:
    """A file of three encrypted values, under one data key."""

    def __init__(self, seed: int, data_key: str | None = None) -> None:
        self.random = Random(seed)
        self.lengths = {"db_password": 20 + seed, "api_token": 32, "mail_password": 18}
        self.data_key = data_key or _data_key(self.random)
        self.day = 1
        self.rewrap()

    def rewrap(self) -> None:
        """Encrypt everything anew under a new data key, as `sops rotate` does."""
        self.data_key = _data_key(self.random) if self.day > 1 else self.data_key
        self.values = {name: _encrypted(size, self.random) for name, size in self.lengths.items()}
        self.day += 1

    def replace(self, name: str, length: int) -> None:
        """Give one value new content; the others keep theirs to the byte."""
        self.lengths[name] = length
        self.values[name] = _encrypted(length, self.random)
        self.day += 1

    def text(self) -> str:
        """The file."""
        values = "".join(f"{name}: {value}\n" for name, value in self.values.items())
        recipient = "age1" + "".join(Random(0).choices("qpzry9x8gf2tvdw0s3jn54khce6mua7l", k=58))
        mac = _encrypted(128, self.random)
        return (
            f"{values}sops:\n    age:\n        - recipient: {recipient}\n          enc: |\n"
            f'{self.data_key}    lastmodified: "2023-02-{self.day:02}T09:00:00Z"\n'
            f"    mac: {mac}\n    unencrypted_suffix: _unencrypted\n    version: 3.8.1\n"
        )


def sops_rewrap_is_no_rotation(path: Path) -> DriftStory:
    """A password is rotated in dev and staging; prod's file is only encrypted anew."""
    files = {name: _File(seed) for seed, name in enumerate(THREE)}
    told = Telling(path, {PLACE.format(name): file.text() for name, file in files.items()})
    files["dev"].replace("db_password", 40)
    files["staging"].replace("db_password", 41)
    told.change("rotate", {PLACE.format(name): files[name].text() for name in ("dev", "staging")})
    files["prod"].rewrap()
    told.change("rewrap", {PLACE.format("prod"): files["prod"].text()}, author=BEN, days=5)
    return told.end(
        Event("rotation", "db_password", "rotate"),
        Event("rewrap", ANY, "rewrap", ANY, several=True),
    )


def sops_rotation(path: Path) -> DriftStory:
    """A password is rotated in dev and staging, and in prod a month later."""
    files = {name: _File(seed) for seed, name in enumerate(THREE)}
    told = Telling(path, {PLACE.format(name): file.text() for name, file in files.items()})
    files["dev"].replace("db_password", 40)
    files["staging"].replace("db_password", 41)
    told.change("rotate", {PLACE.format(name): files[name].text() for name in ("dev", "staging")})
    files["prod"].replace("db_password", 42)
    told.change("follow", {PLACE.format("prod"): files["prod"].text()}, days=30)
    return told.end(Event("rotation", "db_password", "rotate", "follow"))


def sops_shared_data_key(path: Path) -> DriftStory:
    """Prod's file is made from staging's: whoever opens one data key opens both."""
    staging = _File(1)
    prod = _File(2, staging.data_key)
    told = Telling(path, {PLACE.format("dev"): _File(0).text(),
                          PLACE.format("staging"): staging.text(),
                          PLACE.format("prod"): prod.text()})  # fmt: skip
    return told.end(Event("shared", "*sops*", "start"))
