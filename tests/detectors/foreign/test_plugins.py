"""detect-secrets' plugins as detectors."""

from __future__ import annotations

import socket
import subprocess
import sys
from pathlib import Path
from typing import NoReturn

import pytest
import regex

from detectors.foreign.plugin_detector import PluginDetector
from detectors.foreign.plugin_names import BY_DEFAULT, PLUGINS
from detectors.foreign.plugins import Plugin, known_plugins, plugin_class
from detectors.registry import default_detectors
from detectors.rule import Rule
from detectors.scanner import Scanner
from detectors.template import expand

FOUND = {
    "AWSKeyDetector": "AKIA{base32:16}",
    "ArtifactoryDetector": "key: AP{digits:1}{alnum:12}",
    "AzureStorageKeyDetector": "AccountKey={base64:88}",
    "Base64HighEntropyString": "'{base64:60}'",
    "BasicAuthDetector": "https://user:{alnum:16}@host",
    "CloudantDetector": 'cloudant_password = "{hex:64}"',
    "DiscordBotTokenDetector": "M{alnum:23}.{alnum:6}.{alnum:27}",
    "GitLabTokenDetector": "glpat-{alnum:20}",
    "HexHighEntropyString": "'{hex:40}'",
    "IbmCloudIamDetector": 'ibm_iam_api_key = "{base64url:44}"',
    "IbmCosHmacDetector": 'cos_secret_access_key = "{hex:48}"',
    "JwtTokenDetector": "{jwt:HS256}",
    "KeywordDetector": 'password = "{alnum:16}"',
    "MailchimpDetector": "{hex:32}-us12",
    "NpmDetector": "//npm.acme.example/:_authToken=npm_{alnum:36}",
    "OpenAIDetector": "sk-{alnum:20}T3BlbkFJ{alnum:20}",
    "PrivateKeyDetector": "-----BEGIN RSA PRIVATE KEY-----",
    "PypiTokenDetector": "pypi-AgEIcHlwaS5vcmc{alnum:80}",
    "SendGridDetector": "SG.{alnum:22}.{alnum:43}",
    "SlackDetector": "xoxp-{digits:10}-{digits:11}-{loweralnum:24}",
    "SoftlayerDetector": 'softlayer_api_key = "{hex:64}"',
    "SquareOAuthDetector": "sq0csp-{alnum:43}",
    "StripeDetector": "sk_live_{alnum:24}",
    "TelegramBotTokenDetector": "{digits:9}:{alnum:35}",
    "TwilioKeyDetector": "SK{loweralnum:32}",
}
"""A line in which each plugin finds something."""


@pytest.fixture(scope="module")
def plugins() -> dict[str, Plugin]:
    return {plugin.name: plugin for plugin in known_plugins()}


def test_every_plugin_is_known_and_has_anchors(plugins: dict[str, Plugin]) -> None:
    """The list of names is theirs."""
    assert tuple(sorted(plugins)) == tuple(sorted(PLUGINS)) == tuple(sorted(FOUND))
    assert all(plugin.anchors for plugin in plugins.values())
    assert {*BY_DEFAULT} < {*PLUGINS}


@pytest.mark.parametrize("name", sorted(FOUND))
def test_what_a_plugin_finds_its_detector_finds(plugins: dict[str, Plugin], name: str) -> None:
    """At the place where it stands, behind an anchor."""
    scanner = Scanner([PluginDetector([plugins[name]])])
    for seed in range(3):
        line = expand(FOUND[name], seed)
        (value, *_) = plugin_class(name)().analyze_string(line.decode())
        content = b"first line\n  x = 1; " + line + b"\nlast line\n"
        hits = scanner.scan(content).hits
        assert [hit.secret.reveal() for hit in hits] == [value.encode()]
        assert content[hits[0].start : hits[0].end] == value.encode()
        assert hits[0].kind.id == plugins[name].id
        assert any(regex.search(one.expression.encode(), content) for one in plugins[name].anchors)


def test_our_rules_win_over_plugins(plugins: dict[str, Plugin], rules: tuple[Rule, ...]) -> None:
    """One secret is one finding."""
    scanner = Scanner([PluginDetector([*plugins.values()]), *default_detectors(rules)])
    for line in ("{crc32:ghp_}", "sk_live_{alnum:24}", "AKIA{base32:16}"):
        (hit,) = scanner.scan(expand(f"key = '{line}'\n", 1)).hits
        assert not hit.kind.foreign


def test_what_its_heuristics_reject_is_no_finding(plugins: dict[str, Plugin]) -> None:
    """An id is no key, and ours apply too."""
    scanner = Scanner([PluginDetector([plugins["KeywordDetector"], plugins["AWSKeyDetector"]])])
    uuid = "{hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}"
    assert scanner.scan(expand(f'password = "{uuid}"\n')).hits == ()
    assert scanner.scan(b"key: AKIA" + b"IOSFODNN7EXAMPLE").hits == ()


def test_a_name_of_several_words_is_no_key(plugins: dict[str, Plugin]) -> None:
    """Though it is as long as one; a passphrase may be such a name."""
    name = "roomsOfTheHouse__in_14d__v0_endpoint_read_73"
    keys, passwords = (
        Scanner([PluginDetector([plugins[one]])])
        for one in ("IbmCloudIamDetector", "KeywordDetector")
    )
    assert keys.scan(f'ibm_iam_api_key = "{name}"\n'.encode()).hits == ()
    assert keys.scan(expand('ibm_iam_api_key = "{base64url:44}"\n')).hits
    assert passwords.scan(f'password = "{name}"\n'.encode()).hits


def test_no_plugin_asks_the_network(
    plugins: dict[str, Plugin], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Several of them could verify what they find; none does."""

    def refuse(*_: object, **__: object) -> NoReturn:
        raise AssertionError("somebody asked for a socket")

    for name in ("socket", "create_connection", "getaddrinfo"):
        monkeypatch.setattr(socket, name, refuse)
    scanner = Scanner([PluginDetector([*plugins.values()])])
    for template in FOUND.values():
        result = scanner.scan(expand(f"{template}\n"))
        assert result.hits
        assert result.failed == ()


def test_what_is_kept_is_read_back(tmp_path: Path, plugins: dict[str, Plugin]) -> None:
    """And only with the key that sealed it."""
    assert known_plugins(tmp_path, b"key") == tuple(plugins.values())
    (file,) = tmp_path.iterdir()
    assert known_plugins(tmp_path, b"key") == tuple(plugins.values())
    file.write_bytes(b"x" * 100)
    assert known_plugins(tmp_path, b"key") == tuple(plugins.values())


def test_detect_secrets_is_imported_only_where_an_anchor_stands(tmp_path: Path) -> None:
    """Once its anchors are known."""
    program = (
        "import sys; from pathlib import Path\n"
        "from detectors.foreign.plugin_detector import PluginDetector\n"
        "from detectors.foreign.plugins import known_plugins\n"
        "from detectors.scanner import Scanner\n"
        f"known = known_plugins(Path({str(tmp_path)!r}), b'key')\n"
        "scanner = Scanner([PluginDetector(known)])\n"
        "assert scanner.scan(b'int main(void);') .hits == ()\n"
        "print('detect_secrets' in sys.modules)\n"
    )
    ran = [
        subprocess.run([sys.executable, "-c", program], capture_output=True, check=True).stdout
        for _ in range(2)
    ]
    assert ran == [b"True\n", b"False\n"]


def test_a_huge_line_is_looked_at_around_its_anchor(plugins: dict[str, Plugin]) -> None:
    """Not as a whole, for each of its anchors anew."""
    scanner = Scanner([PluginDetector([plugins["GitLabTokenDetector"]])])
    content = b" " * 100_000 + expand("glpat-{alnum:20}") + b" " * 100_000
    (hit,) = scanner.scan(content).hits
    assert hit.start == 100_000
