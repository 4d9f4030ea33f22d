"""Each structure that can be tested: a token that is right, and the same one changed."""

from random import Random

import pytest

from detectors.structure import NAMES, Token, inspect
from detectors.template import expand

TESTABLE = {
    "crc32-base62": "{crc32:ghp_}",
    "crc32-hex": "{crc32-hex:ATATT3xFfGF0}",
    "grafana-crc32": "{glsa:}",
    "gitlab": "{gitlab:glpat-}",
    "azure-key": "{azure:ACDb}",
    "azure-client-secret": "{azure-client:}",
    "connection-string": "{azure:+ASt}",
    "bech32": "{bech32-key:AGE-SECRET-KEY-}",
    "bitcoin-wif": "{wif:}",
    "extended-key": "{xprv:}",
    "stellar": "{stellar:}",
    "putty": "{putty:}",
    "pgp": "{pem-pgp:PGP PRIVATE KEY BLOCK}",
    "pem": "{pem:RSA PRIVATE KEY}",
    "gcp-service-account": "{pem-json:PRIVATE KEY}",
}
"""Those in which every changed character shows, or nearly every."""
DECODABLE = {
    "jwt": "{jwt:HS256}",
    "pypi": "{pypi:}",
    "discord-bot": "{discord:}",
    "sentry": "sntrys_{json64:org,url}_{alnum:43}",
    "grafana-cloud": "glc_{json64:o,n,k}",
    "grafana-legacy": "{json64:k,n,id}",
    "cloudflare-tunnel": "{json64:a,t,s}",
    "neptune": "{json64:api_address,api_url,api_key}",
    "onepassword": "ops_{json64url:signInAddress,email}",
    "mapbox": "sk.{json64url:u,a}.{base64url:22}",
    "tinybird": "p.{json64url-spaced:u,id,host}.{base64url:43}",
}
"""Those that only have to decode."""


def token(template: str, seed: int) -> bytes:
    return expand(template, seed).strip()


@pytest.mark.parametrize("name", [*TESTABLE, *DECODABLE])
def test_a_genuine_token_is_right(name: str):
    """Whatever was drawn for it."""
    template = (TESTABLE | DECODABLE)[name]
    for seed in range(4):
        assert inspect(name, Token(token(template, seed))).valid is True, seed


@pytest.mark.parametrize("name", TESTABLE)
def test_a_changed_character_makes_a_token_wrong(name: str):
    """A token copied with a mistake, or made up, is told from a genuine one."""
    value = token(TESTABLE[name], 1)
    random = Random(name)
    inside = len(value) // 3, 2 * len(value) // 3  # of an armour, not its label
    for _ in range(8):
        at = random.randrange(*inside)
        if not value[at : at + 1].isalnum():
            continue
        other = b"b" if value[at : at + 1] not in b"bB" else b"c"
        changed = value[:at] + (other.upper() if value.isupper() else other) + value[at + 1 :]
        assert inspect(name, Token(changed)).valid is False, at


@pytest.mark.parametrize("name", DECODABLE)
def test_a_token_cut_in_half_is_wrong(name: str):
    """What does not decode to the end is not what it looks like."""
    value = token(DECODABLE[name], 1)
    assert inspect(name, Token(value[: len(value) // 4])).valid is False


@pytest.mark.parametrize(
    "signature", ["+ASt", "+ABa", "+ACR", "+AMC", "ACDb", "AzFu", "AzSe", "AzCa", "AIoT"]
)
def test_every_signature_of_azure_has_its_seed(signature: str):
    """The checksum fits, and says what the key is for."""
    structure = inspect("azure-key", Token(token(f"{{azure:{signature}}}", 1)))
    assert structure.valid is True
    assert dict(structure.facts)["kind"]


def test_an_azure_key_without_a_signature_has_no_checksum():
    """Keys made before 2022 are neither right nor wrong."""
    assert inspect("azure-key", Token(expand("{alnum:86}=="))).valid is None


@pytest.mark.parametrize(
    "template",
    ["{pem:EC PRIVATE KEY}", "{pem:DSA PRIVATE KEY}", "{pem:PRIVATE KEY}", "{pem-json:PRIVATE KEY}",
     "{pem:OPENSSH PRIVATE KEY}", "{pem:ENCRYPTED PRIVATE KEY}", "{pem-yaml:EC PRIVATE KEY}"],
)  # fmt: skip
def test_a_private_key_of_each_form_parses(template: str):
    """And one that is cut off does not."""
    value = token(template, 2)
    assert inspect("pem", Token(value)).valid is True
    middle = len(value) // 2
    cut = value[: middle - 40] + value[middle + 41 :]
    assert inspect("pem", Token(cut)).valid is False


def test_nothing_is_known_of_a_key_under_an_unknown_label():
    """It may be of a form that is not known here."""
    assert inspect("pem", Token(token("{pem:TSS2 PRIVATE KEY}", 1))).valid is None


def test_every_inspector_can_be_loaded():
    """The table of names and the modules belong together."""
    for name in NAMES:
        assert inspect(name, Token(b"")) is not None
