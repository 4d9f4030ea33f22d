"""Secrets in encoded text are found at their place, as the secrets they are."""

from __future__ import annotations

import gzip
import json
from base64 import b64encode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from detectors.decoding.base64_text import readable
from detectors.decoding.defaults import default_decoding
from detectors.hit import Hit
from detectors.prefilter.pure import PurePrefilter
from detectors.rule import built_in_rules
from detectors.rule_detector import RuleDetector
from detectors.scanner import Scanner
from detectors.template import expand
from tests.detectors.decoding import encoders as ways
from tests.detectors.decoding.encoders import Encoder, wrapped

VALUE = expand("{crc32:ghp_}", 3)
LINE = b"# for the build: password, token\n" + VALUE + b"\n# secret token, password\n"
PLACE = LINE.index(VALUE), LINE.index(VALUE) + len(VALUE)


def the_token(scanner: Scanner, content: bytes) -> Hit:
    result = scanner.scan(content)
    assert not result.unread
    assert not result.failed
    (hit,) = [hit for hit in result.hits if hit.kind.id == "github.pat-classic"]
    assert hit.secret.reveal() == VALUE
    assert hit.checksum
    return hit


OUTERMOST = [
    *ways.INNER, ways.UNPADDED, ways.UTF16, ways.UTF16_BIG, ways.UTF16_MARKED,
]  # fmt: skip


@pytest.mark.parametrize("way", OUTERMOST, ids=range(len(OUTERMOST)))
def test_one_encoding(decoding_scanner: Scanner, way: Encoder) -> None:
    """The span is that of the characters which hold the token, and nothing around them."""
    # Beside UTF-16, letters of one byte would look like half of a wide one.
    front = {ways.UTF16_MARKED: b"", ways.UTF16_BIG: b"\1\2"}.get(way, b"value = '")
    content = front + way.encode(LINE) + b"\1\2"
    hit = the_token(decoding_scanner, content)
    start, end = way.place(LINE, *PLACE)
    assert (hit.start - len(front), hit.end - len(front)) == (start, end)
    assert hit.decoded == way.how


@pytest.mark.parametrize("way", OUTERMOST, ids=range(len(OUTERMOST)))
def test_the_pure_prefilter_finds_the_same(shaped: RuleDetector, way: Encoder) -> None:
    """Without Hyperscan a decoder is told less exactly where to look."""
    content = (b"" if way is ways.UTF16_MARKED else b"x = ") + way.encode(LINE)
    decoding = default_decoding()
    anchors = Scanner.anchors_of([shaped], decoding)
    pure = Scanner([shaped], decoding=decoding, prefilter=PurePrefilter(anchors))
    assert the_token(pure, content) == the_token(Scanner([shaped], decoding=decoding), content)


@pytest.mark.parametrize("before", range(3))
@pytest.mark.parametrize("front", [b"key=", b"path/", b"x", b"="])
def test_base64_at_any_alignment(decoding_scanner: Scanner, before: int, front: bytes) -> None:
    """Also where characters of the alphabet stand right before it."""
    text = b"'" * before + VALUE
    hit = the_token(decoding_scanner, front + b64encode(text))
    assert hit.end == len(front) + len(b64encode(text))


@pytest.mark.parametrize(
    "between",
    [b"\n", b"\r\n", b"\n    ", b"\\n", b"\\\n", b'" +\n  "', b'"\n"', b"'\n+ '"],
)
@pytest.mark.parametrize("width", [60, 64, 76])
def test_base64_wrapped_over_lines(decoding_scanner: Scanner, width: int, between: bytes) -> None:
    """The span reaches over the lines that hold the token."""
    encoded = b64encode(LINE * 3)
    content = b'data: "' + wrapped(encoded, width, between) + b'"\n'
    hits = decoding_scanner.scan(content).hits
    places = [ways.BASE64.place(LINE * 3, start, start + len(VALUE))
              for start in range(PLACE[0], 3 * len(LINE), len(LINE))]  # fmt: skip
    lines = [(at + at // width * len(between) + 7) for start, end in places for at in (start, end)]
    assert [at for hit in hits for at in (hit.start, hit.end)] == lines


@pytest.mark.parametrize(
    "escape", [b"\\n", b"\\t", b"\\r\\n", b"\\u003d", b"%3D", b"%20", b"%3a", b"\\\\n"]
)
def test_a_token_that_an_escape_touches(decoding_scanner: Scanner, escape: bytes) -> None:
    """The last letter of an escape does not belong to the word behind it."""
    content = b'{"text": "x' + escape + VALUE + b'"}'
    hit = the_token(decoding_scanner, content)
    assert content[hit.start : hit.end] == VALUE


def test_an_ordinary_word_is_not_taken_for_an_escape(decoding_scanner: Scanner) -> None:
    """What is encoded nowhere is not decoded."""
    assert not decoding_scanner.scan(b"x = 'n" + VALUE + b"'").hits


def test_a_power_shell_command(decoding_scanner: Scanner) -> None:
    """Base64 of UTF-16, whatever it says."""
    command = ("echo " + VALUE.decode()).encode("utf-16-le")
    hit = the_token(decoding_scanner, b"powershell -EncodedCommand " + b64encode(command))
    assert hit.decoded == "base64 > utf-16"


def test_a_data_url(decoding_scanner: Scanner) -> None:
    """What follows the mark is decoded."""
    content = b"url(data:text/plain;base64," + b64encode(b"_" + VALUE[:0] + b" " + VALUE) + b")"
    assert the_token(decoding_scanner, content).decoded == "base64"


def test_a_notebook(decoding_scanner: Scanner) -> None:
    """A key that stands in a cell on several lines is one key."""
    key = expand("{pem:RSA PRIVATE KEY}", 4).decode()
    lines = ["key = '''", *(line + "\n" for line in key.splitlines()), "'''\n"]
    content = json.dumps(
        {"cells": [{"cell_type": "code", "source": lines}], "nbformat": 4}, indent=1
    ).encode()
    (hit,) = decoding_scanner.scan(content).hits
    (plain,) = decoding_scanner.scan(key.encode()).hits
    assert hit.secret == plain.secret
    assert hit.kind is plain.kind
    assert content[hit.start :].startswith(b"-----BEGIN")
    assert content[: hit.end].endswith(b"END RSA PRIVATE KEY-----")


@pytest.mark.parametrize(
    "secret",
    [
        b"kind: Secret\ndata:\n  value: %s\n",
        b"data:\n  value: %s\nkind: Secret\n",
        b'{"kind": "Secret", "data": {"value": "%s"}}',
        b"kind: Secret\ndata:\n  value: |-\n    %s\n  other: YWJjZA==\n",
        b"kind: ConfigMap\n---\nkind: Secret\ndata:\n  'value': '%s'\n---\nkind: ConfigMap\n",
    ],
)
def test_any_value_of_a_kubernetes_secret(decoding_scanner: Scanner, secret: bytes) -> None:
    """Its start needs not be one that is known to the prefilter in base64."""
    value = expand("sgp_{hex:40}", 5)
    (plain,) = decoding_scanner.scan(b"x = " + value).hits
    content = secret % b64encode(value)
    (hit,) = decoding_scanner.scan(content).hits
    assert (hit.kind, hit.secret, hit.decoded) == (plain.kind, plain.secret, "base64")
    assert content[hit.start : hit.end] == b64encode(value)


def test_values_beside_a_kubernetes_secret_are_not_its_own(decoding_scanner: Scanner) -> None:
    """Another document of the same file is none."""
    value = b64encode(expand("sgp_{hex:40}", 5))
    content = b"kind: Secret\ndata:\n  a: YWJjZA==\n---\nkind: ConfigMap\ndata:\n  value: %s\n"
    assert not decoding_scanner.scan(content % value).hits


KUBERNETES = b"apiVersion: v1\nkind: Secret\nmetadata:\n  name: app\ndata:\n%s"


def secret_of(**values: bytes) -> bytes:
    lines = (b"  %s: %s\n" % (key.encode(), b64encode(value)) for key, value in values.items())
    return KUBERNETES % b"".join(lines)


def test_values_of_a_kubernetes_secret_are_seen_together(everything: Scanner) -> None:
    """An id in one and the secret in another are one finding, as they would be in plain text."""
    key_id, secret = expand("AKIA{base32:16}", 3), expand("{base64:40}", 3)
    content = secret_of(AWS_ACCESS_KEY_ID=key_id, text=b"a\nb", AWS_SECRET_ACCESS_KEY=secret)
    (hit,) = everything.scan(content).hits
    assert (hit.kind.id, hit.secret.reveal()) == ("aws.secret-access-key", secret)
    assert content[hit.start : hit.end] == b64encode(secret)
    assert hit.partner is not None
    assert content[slice(*hit.partner)] == b64encode(key_id)


@pytest.mark.parametrize("key", ["password", "api_key", "CLIENT_SECRET"])
def test_a_value_of_a_kubernetes_secret_is_one_finding(everything: Scanner, key: str) -> None:
    """Its plain value, the same as in a `.env`, and no guess about its base64."""
    value = expand("{alnum:40}", 6)
    (plain,) = everything.scan(key.encode() + b"=" + value + b"\n").hits
    for content in (
        secret_of(**{key: value}),
        secret_of(password=b"", **{f"x_{key}": value}),
        b'{"kind":"Secret","data":{"%s":"%s"}}' % (key.encode(), b64encode(value)),
    ):
        (hit,) = everything.scan(content).hits
        assert hit.secret == plain.secret
        assert content[hit.start : hit.end] == b64encode(value)


@pytest.mark.parametrize("value", [b"changeme", b"your-api-key-here", b"${TOKEN}", b"none"])
def test_a_stand_in_in_a_kubernetes_secret_is_none_in_base64_either(
    everything: Scanner, value: bytes
) -> None:
    """What the value says counts, not that its base64 looks random."""
    assert not everything.scan(secret_of(password=value, api_token=value)).hits


def test_a_value_that_is_no_text_is_looked_at_alone(everything: Scanner) -> None:
    """It may be packed; and bytes of a key cannot be told from other random ones."""
    token = expand("{crc32:ghp_}", 2)
    content = secret_of(a=gzip.compress(b"token=" + token, mtime=0), b=b"plain text")
    (hit,) = everything.scan(content).hits
    assert (hit.secret.reveal(), hit.decoded) == (token, "base64 > gzip")


@pytest.mark.parametrize(
    ("written", "value"),
    [
        (rb"kX9\u0026mQ2$vL7p", b"kX9&mQ2$vL7p"),
        (rb"kX9\u00fcmQ2$vL7p", "kX9ümQ2$vL7p".encode()),
        (rb"kX9\ud83d\ude00Q2$vL7p", "kX9😀Q2$vL7p".encode()),
        (rb"kX9\/mQ2$vL7p", b"kX9/mQ2$vL7p"),
    ],
)
def test_an_escape_inside_a_value_changes_nothing(
    everything: Scanner, written: bytes, value: bytes
) -> None:
    """The same password in JSON and elsewhere is one secret."""
    (plain,) = everything.scan(b'password = "%s"\n' % value).hits
    (hit,) = everything.scan(b'{"user": "bob", "password": "%s"}\n' % written).hits
    assert plain.secret.reveal() == value
    assert hit.secret == plain.secret


@pytest.mark.parametrize(
    "template",
    [
        "https://hooks.slack.com/services/T{upperalnum:8}/B{upperalnum:8}/{alnum:24}",
        "https://discord.com/api/webhooks/{digits:18}/{base64url:68}",
        "postgres://bob:{alnum:16}@db.prod.internal:5432/app",
    ],
)
def test_escaped_slashes_hide_nothing(everything: Scanner, template: str) -> None:
    """As in JSON that PHP wrote."""
    url = expand(template, 7)
    (plain,) = everything.scan(b'{"u": "%s"}' % url).hits
    (hit,) = everything.scan(b'{"u": "%s"}' % url.replace(b"/", b"\\/")).hits
    assert (hit.kind, hit.secret) == (plain.kind, plain.secret)


OUTER = (ways.JSON_ESCAPES, ways.UTF16_MARKED)
"""What is decoded wherever it stands."""

around = st.text(
    st.sampled_from("abcxyzXYZ019 .,;:!?-_=/\n\tüß漢"), max_size=40
).map(str.encode)  # fmt: skip


@settings(deadline=None, max_examples=200, suppress_health_check=[HealthCheck.too_slow])
@given(
    outer=st.sampled_from(OUTER),
    inner=st.lists(st.sampled_from(ways.INNER), max_size=2),
    before=around,
    after=around,
    seed=st.integers(0, 1000),
)
def test_encodings_in_each_other(
    outer: Encoder, inner: list[Encoder], before: bytes, after: bytes, seed: int
) -> None:
    """Found with the span that its characters have in the outermost text, and the same value."""
    token = expand("{crc32:ghp_}", seed)
    text = before + b" " + token + b" " + after
    start, end = len(before) + 1, len(before) + 1 + len(token)
    for way in (*inner, outer):
        start, end = way.place(text, start, end)
        text = way.encode(text)
    result = SCANNER.scan(text)
    (hit,) = result.hits
    assert hit.secret.reveal() == token
    assert (hit.start, hit.end) == (start, end)
    assert hit.decoded == " > ".join(way.how for way in (outer, *reversed(inner)))


SCANNER = Scanner(
    [RuleDetector([rule for rule in built_in_rules() if rule.id == "github.pat-classic"])],
    decoding=default_decoding(),
)


def test_no_deeper_than_asked(shaped: RuleDetector) -> None:
    """Depth 0 decodes nothing, and each further one undoes one encoding more."""
    text = b64encode(b64encode(LINE))
    found = [
        len(Scanner([shaped], decoding=default_decoding(depth)).scan(text).hits)
        for depth in range(4)
    ]
    assert found == [0, 0, 1, 1]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (b64encode(b"hunter2!"), b"hunter2!"),
        (b64encode(b"two\nlines\t."), b"two\nlines\t."),
        (b64encode("größe".encode()).rstrip(b"="), "größe".encode()),
        (b"Pj4-Pz8_", b">>>???"),
        (b"  aHVu\n  dGVy ", b"hunter"),
        (b64encode(b"\x00\x01\x02\x03"), None),
        (b64encode(b"\xff\xfe\xfd"), None),
        (b"not base64!", None),
        (b"abcde", None),
        (b"", None),
    ],
)
def test_the_text_of_a_base64_value(value: bytes, text: bytes | None) -> None:
    """Only what is text is given back."""
    assert readable(value) == text
