"""Values and the names they are handed to, in many languages."""

from __future__ import annotations

import pytest
import regex
from hypothesis import given, settings
from hypothesis import strategies as st

from detectors.assignments.anchors import WORDS, assignment_anchor
from detectors.assignments.places import places
from detectors.assignments.rejection import worth_judging
from detectors.prefilter import best_prefilter
from detectors.template import expand

ANCHOR = assignment_anchor()
FAST = best_prefilter([ANCHOR])

VALUE = expand("{alnum:12}").decode()
LINES = [
    ('password: "VALUE"', "password"),
    ("  'db_password' => 'VALUE',", "db_password"),
    ('"Apitoken": "{\\"a\\":\\"b\\",\\"c\\":\\"VALUE\\"}",', "Apitoken"),
    ('want := &T{Token: String("VALUE"), X: 1}', "Token"),
    ('body: "{\\"access_token\\":\\"VALUE\\",\\"x\\":1}"', "access_token"),
    ('"tokens":["VALUE","x"]', "tokens"),
    ("docker run -e MYSQL_PASSWORD=VALUE -e X=1", "MYSQL_PASSWORD"),
    ('Tokens: []string{"VALUE"}', "Tokens"),
    ("mysql --password VALUE orders", "-password"),
    ("CREATE USER a IDENTIFIED BY 'VALUE'", "IDENTIFIED BY"),
    ('if password == "VALUE" {', "password"),
    ("openssl req -passin pass:VALUE -new", "passin"),
    ('client.SetAuthToken("VALUE")', "client.SetAuthToken"),
    ("<password>VALUE</password>", "password"),
    ("Authorization: Bearer VALUE", "Bearer"),
    ('secret   = "VALUE"', "secret"),
    ("oauth_token=VALUE&x=1", "oauth_token"),
    ("url = https://app:VALUE@db.internal/x", "https://app"),
    ('cfg["api_key"] = "VALUE"', "api_key"),
    ("const apiKey: b'VALUE'", "apiKey"),
    ('password: str = "VALUE"', "password"),
    ('password: str | None = "VALUE"', "password"),
    ("private readonly apiSecret: string = 'VALUE';", "apiSecret"),
    ('const PASSWORD: &str = "VALUE";', "PASSWORD"),
    ('pub const TOKEN: &\'static str = "VALUE";', "TOKEN"),
    ('char password[] = "VALUE";', "password"),
    ('static const char token[64]="VALUE";', "token"),
    ('#define WIFI_PASSWORD   "VALUE"', "WIFI_PASSWORD"),
    ("ENV DB_PASSWORD VALUE", "DB_PASSWORD"),
]


@pytest.mark.parametrize(("line", "key"), LINES, ids=[line for line, _ in LINES])
def test_a_value_is_found_with_its_name(line: str, key: str) -> None:
    """Whatever the language."""
    text = line.replace("VALUE", VALUE).encode()
    found = {(place.key, text[place.start : place.end]) for place in places(text)}
    assert (key.encode(), VALUE.encode()) in found
    assert FAST.find(text), "the prefilter does not see the line"


def test_bytes_in_braces_are_a_value() -> None:
    """Keys stand in source as arrays of numbers."""
    numbers = ", ".join(str(number) for number in expand("{alnum:8}"))
    (place,) = places(f"authData := []byte{{{numbers}}}".encode())
    assert (place.form, place.key, place.start) == ("array", b"authData", 19)


@pytest.mark.parametrize(
    "line",
    [
        r"pattern = '\b(?P<secret>glc_[a-z]{20})'",
        "x = map[password]",
        "std::token::next",
        "the password is not stored",
        "key",
        "",
    ],
)
def test_what_hands_over_no_value_is_no_place(line: str) -> None:
    """Nor do groups in regular expressions, which look like elements."""
    assert not list(places(line.encode()))


fragments = st.sampled_from(
    [
        *WORDS, "bearer ", "Basic ", "identified by ", "--", "://", ":", "=", " = ", ": ", '"', "'",
        "`", "\\", "(", "[", "]", "{", "}", "<", ">", "@", ",", " ", "\t", "abc", "Xy9",
        "a1b2c3d4e5f6", "0x1f, 22, 33, 44",
        "/", "-", "_", ".", "$", "%", "[]byte{", "String(", "=>", ":=", "==",
    ]
)  # fmt: skip


@settings(deadline=None)
@given(st.lists(fragments, max_size=30).map("".join))
def test_one_expression_finds_what_the_parts_find(text: str) -> None:
    """A platform without Hyperscan judges the same lines."""
    line = text.encode()
    slow = regex.search(ANCHOR.expression.encode(), line) is not None
    assert slow == (FAST.find(line) is not None)


@pytest.mark.parametrize("value", ["Summer2020!", VALUE + "9"])
def test_what_an_element_holds_is_worth_judging(value: str) -> None:
    """The bracket behind it ends the element; elsewhere one starts a template."""
    line = f"<password>{value}</password>".encode()
    (place,) = places(line)
    assert worth_judging(place, line, ())
    line = f"password={value}<b>".encode()
    (place,) = places(line)
    assert not worth_judging(place, line, ())


@pytest.mark.parametrize(
    "line",
    [
        "DB_PASSWORD={}", 'password: "{}"', "<password>{}</password>", 'API_TOKEN = "{}"',
    ],
)  # fmt: skip
def test_a_store_and_names_in_it_hold_no_value(line: str) -> None:
    """What chance drew may follow on the same words, and is judged."""

    def worth(value: str) -> bool:
        text = line.format(value).encode()
        (place,) = places(text)
        return worth_judging(place, text, ())

    names = ["vault:db", "vault:secret/data/db#dbPassword", "ssm:/prod/DB_PASSWORD", "ref:app1"]
    assert not any(worth(value) for value in names)
    drawn = [expand(f"{{{letters}:24}}").decode() for letters in ("alnum", "hex", "base64url")]
    assert all(worth(f"vault:{value}") for value in drawn)
    assert all(worth(f"vault:secret/{value}") for value in drawn)
    assert worth("vault:Summer2020!")
    assert worth("default:db-pass")
