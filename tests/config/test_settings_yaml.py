"""YAML is read as the core schema of YAML 1.2 has it."""

from __future__ import annotations

from tests.config.reading import settings_of, texts_of


def test_yaml_scalars_are_those_of_the_core_schema():
    """Of YAML 1.2: `on` and `yes` are texts, octal numbers start with `0o`."""
    content = (
        b"a: on\nb: yes\nc: 0o14\nd: .inf\ne: ~\nf:\ng: 'true'\nh: True\ni: -1.5e3\nj: 1_000\n"
        b'k: 12:30:45\nl: 2024-01-01\nm: 0x1F\nn: "1"\no: null\nq: NO\nr: .NaN\ns: 010\nt: +1\n'
        b"u: 1.\nv: .5\nw: '.'\non: x\nx: .\ny: -\n"
    ).replace(b"y: -\n", b"")
    types = {
        key: (text, type_of) for key, (text, type_of, _) in settings_of(b"a.yml", content).items()
    }
    assert types == {
        "a": (b"on", "string"), "b": (b"yes", "string"), "c": (b"0o14", "number"),
        "d": (b".inf", "number"), "e": (b"", "null"), "f": (b"", "null"),
        "g": (b"true", "string"), "h": (b"true", "boolean"), "i": (b"-1.5e3", "number"),
        "j": (b"1_000", "string"), "k": (b"12:30:45", "string"), "l": (b"2024-01-01", "string"),
        "m": (b"0x1F", "number"), "n": (b"1", "string"), "o": (b"", "null"),
        "q": (b"NO", "string"), "r": (b".NaN", "number"), "s": (b"010", "number"),
        "t": (b"+1", "number"), "u": (b"1.", "number"), "v": (b".5", "number"),
        "w": (b".", "string"), "on": (b"x", "string"), "x": (b".", "string"),
    }  # fmt: skip


def test_yaml_styles_say_the_same():
    """Quotes, folds and blocks are how a value is written, not what it is."""
    forms = [
        b"a: one two\n",
        b"a: 'one two'\n",
        b'a: "one\\x20two"\n',
        b"a: one\n  two\n",
        b"a: >-\n  one\n  two\n",
        b"a: |-\n  one two\n",
        b"{a: one two}\n",
        b"? a\n: one two\n",
        b"'a': &x one two # why\n",
        b"\xef\xbb\xbfa: one two\r\n",
        b'--- \n"a" : !!str one two\n...\n',
    ]
    for form in forms:
        assert settings_of(b"a.yml", form) == {"a": (b"one two", "string", "literal")}


def test_yaml_is_read_beyond_ascii():
    """In keys, plain and quoted values, escapes and blocks; line ends of Unicode are none."""
    content = 'é: ü\nb: "日本 \\u00e9\\U0001F600"\nc: |\n  ø\n  å\nd: "a\u2028b\x85c"\n'.encode()
    assert texts_of(b"a.yml", content) == {
        "é": "ü".encode(),
        "b": "日本 é😀".encode(),
        "c": "ø\nå\n".encode(),
        "d": "a\u2028b\x85c".encode(),
    }
    assert texts_of(b"a.yml", b"a: \xff\xfe\nb: 1\n") == {"a": b"\xff\xfe", "b": b"1"}


def test_yaml_aliases_and_merge_keys_are_followed():
    """What stands in a mapping itself comes first, then the sources in their order."""
    content = (
        b"x: &x {p: 1, q: 2, <<: {z: 9, q: 8}}\ny: &y {q: 3, r: 4, z: 5}\n"
        b"m:\n  <<: [*x, *y]\n  p: own\nn: *x\ns: &s v\nt: *s\n"
    )
    texts = texts_of(b"a.yml", content)
    merged = {key[2:]: text for key, text in texts.items() if key.startswith("m.")}
    assert merged == {"p": b"own", "q": b"2", "r": b"4", "z": b"9"}
    assert texts["n.p"] == b"1"
    assert texts["t"] == b"v"


def test_an_anchor_that_is_there_twice_means_the_last_from_there_on():
    """As YAML says; the safe loader of PyYAML stops there."""
    content = b"a: &x 1\nb: *x\nc: &x 2\nd: *x\n"
    assert texts_of(b"a.yml", content) == {"a": b"1", "b": b"1", "c": b"2", "d": b"2"}


def test_of_a_name_that_is_there_twice_the_last_counts():
    """With all that stands under it."""
    assert texts_of(b"a.yml", b"a: 1\nb: {x: 1, y: 2}\na: 2\nb: {z: 3}\n") == {
        "a": b"2",
        "b.z": b"3",
    }
    assert texts_of(b"a.json", b'{"a": 1, "a": {"b": 2}}') == {"a.b": b"2"}
    assert texts_of(b".env", b"A=1\nB=2\nA=3\n") == {"A": b"3", "B": b"2"}
    assert texts_of(b"a.properties", b"a=1\na=2\n") == {"a": b"2"}
    assert texts_of(b"a.ini", b"[s]\na=1\n[s]\na=2\n") == {"s.a": b"2"}


def test_empty_collections_are_settings():
    """So that a list emptied in one environment is seen."""
    expected = {"a": (b"", "untyped", "empty"), "b": (b"", "untyped", "empty")}
    assert settings_of(b"a.yml", b"a: {}\nb: []\n") == expected
    assert settings_of(b"a.json", b'{"a": {}, "b": []}') == expected
    assert settings_of(b"a.toml", b"b = []\n[a]\n") == expected
    assert settings_of(b"a.tf", b"a = {}\nb = []\n") == expected
