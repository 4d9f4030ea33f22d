"""Templates: test secrets that exist only while a test runs."""

import pytest

from detectors.template import ALPHABETS, MACROS, expand


@pytest.mark.parametrize("name", ALPHABETS)
def test_a_place_is_filled_from_its_alphabet(name):
    """As many characters as it says, none from elsewhere."""
    drawn = expand(f"<{{{name}:50}}>").decode()
    assert len(drawn) == 52
    assert set(drawn[1:-1]) <= set(ALPHABETS[name])


@pytest.mark.parametrize("name", MACROS)
def test_a_macro_fills_its_place(name):
    """Nothing of the template's syntax is left."""
    assert f"{{{name}:".encode() not in expand(f"{{{name}:LABEL}}")


def test_the_same_seed_gives_the_same_bytes():
    """A failing example can be looked at again."""
    assert expand("{alnum:40}", 3) == expand("{alnum:40}", 3)
    assert expand("{alnum:40}", 3) != expand("{alnum:40}", 4)


@pytest.mark.parametrize("text", ['{"a": {"b": 1}}', "${NAME}", "{unknown:3}", "{alnum:x}", "{}"])
def test_other_braces_stay_as_they_are(text):
    """JSON and shell stand in templates unescaped."""
    assert expand(text) == text.encode()


@pytest.mark.parametrize("length", ["100001", "9" * 12, "9" * 10_000])
def test_a_length_that_nobody_needs_is_cut(length):
    """A file of rules may be anybody's, and must not fill the memory."""
    assert len(expand(f"{{alnum:{length}}}")) == 100_000
