"""A secret shows nothing of itself by accident."""

import copy
import json
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detectors.secret import Secret, character_class
from detectors.template import expand

VALUE = expand("ghp_{alnum:36}")


@pytest.mark.parametrize(
    "shown",
    [
        repr,
        str,
        "{}".format,
        "{!r}".format,
        "{!s:>40}".format,
        lambda secret: f"{secret}",
        lambda secret: "%s %r" % (secret, secret),  # noqa: UP031
        lambda secret: repr([secret, {"value": secret}]),
        lambda secret: str(ValueError(secret)),
    ],
)
def test_a_secret_prints_redacted(shown):
    """Logs, exceptions and debuggers show a length and nothing else."""
    text = shown(Secret(VALUE))
    assert VALUE.decode() not in text
    assert VALUE.decode()[4:10] not in text
    assert "40 bytes" in text


@pytest.mark.parametrize("leave", [pickle.dumps, copy.copy, copy.deepcopy])
def test_a_secret_does_not_leave_its_process(leave):
    """It cannot be pickled into a queue, a cache or a crash report."""
    with pytest.raises(TypeError, match="does not leave its process"):
        leave(Secret(VALUE))


def test_a_secret_is_not_json():
    """A report that tries to write one fails instead."""
    with pytest.raises(TypeError):
        json.dumps({"secret": Secret(VALUE)})


def test_reveal_is_the_only_way_out():
    """The plain bytes come back unchanged, and no attribute can be added or listed."""
    secret = Secret(VALUE)
    assert secret.reveal() == VALUE
    assert len(secret) == len(VALUE)
    assert not hasattr(secret, "__dict__")


def test_equal_values_are_equal_secrets():
    """The same value found twice counts once in a set."""
    assert {Secret(VALUE), Secret(bytes(VALUE))} == {Secret(VALUE)}
    assert Secret(VALUE) != Secret(VALUE + b"x")
    assert Secret(VALUE) != VALUE


def test_a_preview_shows_the_prefix_and_four_characters():
    """Enough to recognize a token that one holds, too little to use it."""
    assert Secret(VALUE).preview("ghp_") == f"ghp_…{VALUE[-4:].decode()}"


def test_a_preview_of_a_short_token_shows_its_prefix_only():
    """Below twenty hidden characters, four more would be too many."""
    assert Secret(VALUE[:27]).preview("ghp_") == "ghp_…"
    assert Secret(VALUE[:28]).preview("ghp_") == f"ghp_…{VALUE[24:28].decode()}"


@pytest.mark.parametrize("prefix", ["", "glpat-"])
def test_a_preview_without_a_public_prefix_shows_nothing(prefix):
    """Generic secrets show none of their characters."""
    assert Secret(VALUE).preview(prefix) == "****"


@given(st.binary(max_size=80), st.sampled_from(["", "ghp_", "sk-"]))
def test_no_preview_shows_more_than_its_limits(tail, prefix):
    """At most four characters beyond the prefix, and only where twenty stay hidden."""
    value = prefix.encode() + tail
    preview = Secret(value).preview(prefix)
    shown = preview.removeprefix(prefix).replace("…", "").replace("*", "")
    assert len(shown) <= 4
    assert not shown or len(tail) - 4 >= 20


@pytest.mark.parametrize(
    ("value", "name"),
    [
        (b"0451", "digits"),
        (b"0451ab", "hex"),
        (b"xyz", "letters"),
        (b"xyz1", "alphanumeric"),
        (b"xy-z_1", "base64url"),
        (b"xy/z+1=", "base64"),
        (b"p@ss word", "printable"),
        (b"\xff\x00", "binary"),
    ],
)
def test_a_character_class_is_the_narrowest_that_fits(value, name):
    """What an index may keep of a value says its alphabet and no more."""
    assert character_class(value) == name
