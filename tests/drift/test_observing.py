"""The same value is the same however it is written, and what differs by its nature is told."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest

from detectors.template import expand
from forensics.drift.environments import Placer
from forensics.drift.model import Observation
from forensics.drift.observing import observe
from forensics.settings.file import named_by_user
from tests.scan.scanning import KEY

PLACER = Placer()


def observed(path: str, content: str) -> dict[str, Observation]:
    place = PLACER.place(path.encode())
    assert place is not None
    reading = observe(path.encode(), content.encode(), place, KEY, PLACER)
    assert not reading.trouble
    return {one.key: one for one in reading.observations}


def env(value: str, key: str = "KEY") -> Observation:
    return observed(".env.prod", f"{key}={value}\n")[key]


def yaml(value: str) -> Observation:
    return observed("values-prod.yaml", f"key: {value}\n")["key"]


def test_one_value_in_two_formats_is_one_value() -> None:
    """As a secret with that value is, too."""
    value = expand("{alnum:24}").decode()
    assert env(value).fingerprint == KEY.fingerprint(value.encode())
    assert env(f'"{value}"').fingerprint == env(f" {value} ").fingerprint == env(value).fingerprint
    assert yaml(value).fingerprint == yaml(f"'{value}'").fingerprint == env(value).fingerprint
    assert yaml(f"|\n  {value}\n").fingerprint == env(value).fingerprint


def test_a_kubernetes_secret_holds_what_its_base64_stands_for() -> None:
    """So that it equals the value in a dotenv file."""
    value = expand("{alnum:24}").decode()
    encoded = base64.b64encode(value.encode()).decode()
    found = observed(
        "overlays/prod/secret.yaml",
        f"apiVersion: v1\nkind: Secret\nmetadata:\n  name: db\ndata:\n  password: {encoded}\n",
    )
    (password,) = [one for key, one in found.items() if key.endswith("data.password")]
    assert password.fingerprint == env(value).fingerprint


def test_booleans_are_equal_however_they_are_written() -> None:
    """Where the format has booleans."""
    assert yaml("true").fingerprint == yaml("True").fingerprint
    assert yaml("true").fingerprint == env("true").fingerprint
    assert yaml("true").fingerprint != yaml("false").fingerprint


@pytest.mark.parametrize(
    ("dev", "prod"),
    [
        ("db.dev.example.com", "db.prod.example.com"),
        ("https://api.dev.acme.io/v1", "https://api.acme.com/v1"),
        ("postgres://app@db-dev:5432/app", "postgres://app@db-prod:5432/app"),
        ("10.0.3.4", "10.9.3.4"),
        ("redis-dev-cache", "redis-prod-cache"),
        ("acme-development-logs", "acme-production-logs"),
        ("arn:aws:iam::111122223333:role/app", "arn:aws:iam::444455556666:role/app"),
        ("dev", "production"),
        ("cache:6379", "10.1.1.1:6379"),
    ],
)
def test_hosts_and_names_of_environments_do_not_change_the_shape(dev: str, prod: str) -> None:
    """The values differ, and their shapes do not."""
    one, other = env(dev), env(prod)
    assert one.fingerprint != other.fingerprint
    assert one.shape == other.shape


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://api.example.com/v1", "https://api.example.com/v2"),
        ("product-a", "product-b"),
        ("10", "20"),
        ("logback.xml", "logback.json"),
        ("redis-dev-cache", "redis-prod-queue"),
        ("1.2.3", "1.2.4"),
    ],
)
def test_other_differences_change_the_shape(one: str, other: str) -> None:
    """So they are not taken for what has to differ."""
    assert env(one).shape != env(other).shape


def test_a_value_without_hosts_is_its_own_shape() -> None:
    """Nothing is taken out of it."""
    one = env(expand("{alnum:24}").decode())
    assert one.shape == one.fingerprint


@pytest.mark.parametrize(
    ("value", "traits"),
    [
        ("http://localhost:3000", {"url", "local"}),
        ("127.0.0.1", {"host", "local", "short"}),
        ("host.docker.internal:5432", {"host", "local", "short"}),
        ("https://api.example.com", {"url"}),
        ("db.example.com", {"host", "short"}),
        ("localhost.example.com", {"host", "short"}),
        ("production", {"environment-name", "short"}),
        ("product", {"short"}),
        ("on", {"on", "short"}),
        ("8443", {"number", "short"}),
        ("1", {"on", "number", "short"}),
        ("trace", {"debug", "short"}),
    ],
)
def test_what_is_told_of_a_value(value: str, traits: set[str]) -> None:
    """Enough to judge it by, too little to know it."""
    assert env(value).traits == traits


def test_a_number_is_the_same_in_another_base() -> None:
    """In YAML, not in a format that has texts alone."""
    assert yaml("0x1F").fingerprint == yaml("0o37").fingerprint == yaml("31").fingerprint
    assert yaml('"0x1F"').fingerprint != yaml("31").fingerprint != env("0x1F").fingerprint


def test_a_program_that_runs_as_in_development_is_debugging() -> None:
    """By the variable that says so to its framework; other values and keys tell nothing."""
    for key in ("NODE_ENV", "RAILS_ENV", "ASPNETCORE_ENVIRONMENT", "WEB_APP_ENV"):
        assert "debug" in env("development", key).traits
    assert "debug" not in env("production", "NODE_ENV").traits
    assert "debug" not in env("development", "BRANCH").traits


def test_debugging_is_told_by_key_and_value() -> None:
    """A key of debugging that is off tells nothing."""
    assert "debug" in env("true", "APP_DEBUG").traits
    assert "debug" not in env("false", "APP_DEBUG").traits
    assert "debug" not in env("true", "DEBUGGER_PATHS").traits


def test_a_long_random_value_is_not_short() -> None:
    """It can be called shared."""
    assert env(expand("{alnum:24}").decode()).traits == frozenset()


def sops(plain: str, seed: int) -> str:
    data = base64.b64encode(expand("{alnum:200}", seed)[: len(plain)]).decode()
    return f"ENC[AES256_GCM,data:{data},iv:{'A' * 43}=,tag:{'B' * 22}==,type:str]"


def test_sops_tells_the_length_of_what_it_hides() -> None:
    """And what it keeps for itself stands under one name in every format."""
    content = (
        f"password: {sops('x' * 17, 1)}\n"
        "sops:\n"
        "  age:\n"
        "    - recipient: age1example\n"
        "      enc: |\n"
        "        -----BEGIN AGE ENCRYPTED FILE-----\n"
        "        YWdl\n"
        "        -----END AGE ENCRYPTED FILE-----\n"
        '  lastmodified: "2024-01-01T00:00:00Z"\n'
        "  version: 3.8.1\n"
    )
    found = observed("secrets.prod.yaml", content)
    assert found["password"].kind == "ciphertext"
    assert found["password"].traits == {"bytes:17"}
    own = {key for key in found if key.startswith("sops.")}
    assert "sops.lastmodified" in own
    assert any(key.endswith(".enc") for key in own)
    flat = observed(
        ".env.prod",
        f"PASSWORD={sops('x' * 17, 1)}\n"
        "sops_lastmodified=2024-01-01T00:00:00Z\n"
        "sops_age__list_0__map_enc=-----BEGIN\n",
    )
    assert {key for key in flat if key.startswith("sops.")} == {
        "sops.lastmodified",
        "sops.age[0].enc",
    }
    assert flat["sops.lastmodified"].fingerprint == found["sops.lastmodified"].fingerprint


def test_an_observation_prints_no_value() -> None:
    """Nor does anything else that leaves."""
    value = expand("{alnum:24}").decode()
    assert value not in repr(env(value))


def test_what_a_user_calls_an_environment_counts_inside_files(tmp_path: Path) -> None:
    """As it does in names of files."""
    said = tmp_path / "forensics.toml"
    said.write_text('[drift.aliases]\ngreen = "prod"\n')
    placer = Placer.load(named_by_user(said))
    path = b"config/database.yml"
    place = placer.place(path)
    assert place is not None
    content = b"development:\n  host: one\ngreen:\n  host: two\n"
    reading = observe(path, content, place, KEY, placer)
    assert {one.environment for one in reading.observations} == {"dev", "prod"}


def test_hashes_of_terraform_locks_are_no_settings() -> None:
    """They say what the version says, and others are added for other systems."""
    lock = (
        'provider "a" {\n  version = "4.1.0"\n  hashes = [\n    "h1:eA=",\n    "zh:00",\n  ]\n}\n'
    )
    assert [*observed("env/prod/app/.terraform.lock.hcl", lock)] == ["provider.a.version"]
