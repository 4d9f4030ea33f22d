"""Marks beside a secret."""

import pytest

from detectors.inline import ON_LINE, ON_NEXT_LINE, ignored_inline
from detectors.scanner import Scanner
from detectors.template import expand


def _ignored(scanner: Scanner, template: str) -> list[str]:
    return [hit.ignored for hit in scanner.scan(expand(template)).hits]


@pytest.mark.parametrize("mark", ON_LINE)
def test_a_mark_on_its_line_ignores_a_secret(scanner: Scanner, mark: str) -> None:
    """It is still found, and says what ignores it."""
    assert _ignored(scanner, f'key = "{{crc32:ghp_}}"  # {mark}\n') == [mark]


@pytest.mark.parametrize("mark", ON_NEXT_LINE)
def test_a_mark_on_the_line_above_ignores_a_secret_that_starts_below(
    scanner: Scanner, mark: str
) -> None:
    """But nothing on its own line, nor further below."""
    secrets = '"{crc32:ghp_}"\n'
    assert _ignored(scanner, f"# {mark}\n{secrets}") == [mark]
    assert _ignored(scanner, f"# {mark}\n\n{secrets}") == [""]
    assert _ignored(scanner, f"{secrets.strip()} # {mark}\n") == [""]


@pytest.mark.parametrize(
    "text",
    [
        "# gitleaks:allow\n{}\n",
        "{}\n# gitleaks:allow\n",
        "{} # gitleaks:allowed\n",
        "{} # allow\n",
        "{} # pragma: allowlist nextline secret\n",
    ],
)
def test_a_mark_elsewhere_or_another_word_ignores_nothing(scanner: Scanner, text: str) -> None:
    """Marks are exact, so that chance does not hide a secret."""
    assert _ignored(scanner, text.replace("{}", "{crc32:ghp_}")) == [""]


def test_older_spellings_of_detect_secrets_count() -> None:
    """Its documentation has had each of these."""
    for mark in ("pragma: whitelist secret", "pragma:allowlist secret", "pragma: allowlist-secret"):
        line = f"abc # {mark}".encode()
        assert ignored_inline(line, 0, 3) == "pragma: allowlist secret"


def test_a_mark_on_any_line_of_a_long_secret_counts(scanner: Scanner) -> None:
    """A key in armour takes many lines; its last has room for a mark."""
    key = expand("{pem:RSA PRIVATE KEY}").rstrip(b"\n")
    (hit,) = scanner.scan(key + b"  # forensics:allow\n").hits
    assert hit.ignored == "forensics:allow"


def test_a_mark_far_along_a_huge_line_does_not_count() -> None:
    """One mark must not hide all of a minified file."""
    line = b"secret" + b" " * 5_000 + b"gitleaks:allow"
    assert ignored_inline(line, 0, 6) == ""
    assert ignored_inline(line[900:], 0, 6) == ""
    assert ignored_inline(line[1_000:], 0, 6) == "gitleaks:allow"
