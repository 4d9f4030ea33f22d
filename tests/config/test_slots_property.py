"""Whatever a file holds, reading it never fails, and what is planted in it is found."""

from __future__ import annotations

import json

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from forensics.config.became import what_became
from forensics.config.read import READERS, read_slots
from forensics.config.slot import slot_at
from forensics.config.standing import standing, value_span_of

_WORDS = {"y", "n", "yes", "no", "on", "off", "true", "false", "null", "name", "id", "key", "kind"}
_NAME = st.from_regex(r"[A-Za-z_][A-Za-z0-9_]{0,12}", fullmatch=True).filter(
    lambda name: name.lower() not in _WORDS
)
_VALUE = st.from_regex(r"q[A-Za-z0-9+/.!]{8,30}z", fullmatch=True)
_TREE = st.recursive(
    _VALUE | st.integers() | st.booleans() | st.text(max_size=20),
    lambda inner: st.dictionaries(_NAME, inner, max_size=4) | st.lists(inner, max_size=4),
    max_leaves=12,
)
_PIECES = st.sampled_from([
    "a", "b:", ":", "=", "'", '"', "-", "--", "#", "//", "/*", "*/", "{", "}", "[", "]", "(", ")",
    "<", ">", "<a", "b='c'>", "</a>", "${A}", "{{", "x", "}}", "&", "*", "<<", "|", "\\", ",", ";",
    "key=", "export", "'''", '"' * 3, "`", "-----BEGIN", "<<EOF", "EOF", "[s]", "[[t]]", "!", "K(",
    "machine", "password", "ENV", "\x00", "\x85", "é", "\ufeff", "class", "def", "function", "$(",
    "<?xml", "<![CDATA[", "]]>", "---", "...", "%", "&a", "*a", "<<:", '\\"', "\n", "\t", "\r\n",
    "\n  ",
])  # fmt: skip
_HOSTILE = st.one_of(
    st.binary(max_size=300),
    st.lists(_PIECES, max_size=60).map(lambda pieces: "".join(pieces).encode()),
    st.lists(_PIECES, max_size=60).map(lambda pieces: " ".join(pieces).encode()),
)
_PATHS = {
    "dotenv": b".env", "properties": b"a.properties", "ini": b"a.ini", "conf": b"a.conf",
    "netrc": b".netrc", "postgres": b".pgpass", "yaml": b"a.yml", "json": b"a.json",
    "toml": b"a.toml", "xml": b"a.xml", "hcl": b"a.tf", "dockerfile": b"Dockerfile",
    "shell": b"a.sh", "procfile": b"Procfile", "code": b"a.py", "text": b"a.txt",
}  # fmt: skip


def _keyed(tree, path=()):
    """Every leaf of a tree with the keys that lead to it."""
    if isinstance(tree, dict):
        for name, inner in tree.items():
            yield from _keyed(inner, (*path, f".{name}"))
    elif isinstance(tree, list):
        for number, inner in enumerate(tree):
            yield from _keyed(inner, (*path, f"[{number}]"))
    else:
        yield "".join(path).removeprefix("."), tree


def _found(path, content, value):
    """The key of the slot around `value`, which stands once."""
    start = content.index(value)
    slots = read_slots(path, content)
    assert slots.trouble == ""
    slot = slot_at(slots, start, start + len(value))
    assert slot is not None
    assert (slot.start, slot.end) == (start, start + len(value))
    return slot.key


def test_every_kind_has_a_path():
    """So that the tests below leave none out."""
    assert set(_PATHS) == set(READERS)


@pytest.mark.parametrize("kind", _PATHS)
@settings(deadline=None, max_examples=150)
@given(content=_HOSTILE)
def test_hostile_content_is_read_within_its_bounds(kind, content):
    """Nothing is raised; spans lie in the content and are in order."""
    slots = read_slots(_PATHS[kind], content)
    assert [slot.start for slot in slots.slots] == sorted(slot.start for slot in slots.slots)
    assert len({slot.key for slot in slots.slots}) == len(slots.slots)
    for slot in slots.slots:
        assert 0 <= slot.start <= slot.end <= len(content)
        assert slot.line == content[: slot.start].count(b"\n") + 1
        assert standing(content, slot, slots.kind).kind
        first, last = value_span_of(content, slot)
        assert slot.start <= first <= last <= slot.end
        assert what_became(_PATHS[kind], content, slot.key, slots.kind).kind != "absent"


def test_long_files_are_read_in_part_and_say_so():
    """What lies beyond the bound is not told, and not called absent."""
    content = b"A=1\n" + b"#" * (5 << 20) + b"\nB=2\n"
    slots = read_slots(b".env", content)
    assert [slot.key for slot in slots.slots] == ["A"]
    assert slots.trouble
    assert what_became(b".env", content, "B").uncertain


@pytest.mark.parametrize(
    ("path", "content"),
    [
        (b"a.yml", b"[" * 500_000),
        (b"a.yml", b"a: &a [x, x]\n" + b"".join(
            b"%c: &%c [%s]\n" % (98 + n, 98 + n, b", ".join([b"*%c" % (97 + n)] * 9))
            for n in range(15)
        )),
        (b"a.yml", b"a: &a {b: *a}\nc: d\n"),
        (b"a.json", b'{"a":' * 100_000),
        (b"a.json", b'\\"' * 100_000),
        (b"a.toml", b"a={a=1,\n" * 20_000),
        (b"a.js", b"f(" * 20_000),
        (b"a.xml", b"<a>" * 100_000),
    ],
)  # fmt: skip
def test_nesting_and_repetition_end_in_trouble_or_nothing(path, content):
    """Not in a deep stack, nor in hours: what is built to multiply is cut."""
    slots = read_slots(path, content)
    assert slots.trouble or path == b"a.js"
    assert len(slots.slots) < 25_000


@settings(deadline=None)
@given(tree=st.dictionaries(_NAME, _TREE, min_size=1, max_size=4), name=_NAME, style=st.booleans())
def test_a_value_planted_in_yaml_is_found_under_its_key(tree, name, style):
    """In block and flow style, among whatever else."""
    tree["planted"] = {name: ["x", "qPLANTEDz"]}
    content = yaml.safe_dump(tree, default_flow_style=style, allow_unicode=True).encode()
    assert _found(b"a.yml", content, b"qPLANTEDz") == f"planted.{name}[1]"


@settings(deadline=None)
@given(tree=st.dictionaries(_NAME, _TREE, max_size=4))
def test_json_has_the_same_slots_as_the_document_that_it_is(tree):
    """Every leaf, under the keys that lead to it."""
    content = json.dumps(tree, indent=1).encode()
    slots = read_slots(b"a.json", content).slots
    expected = [(key, value) for key, value in _keyed(tree)]
    pairs = {key.partition("#")[0] for key, _ in expected}
    lists = ("env", "environment", "envs", "args", "build_args", "labels", "variables")
    if not any(f"{name}[" in key for key in pairs for name in lists):
        assert [slot.key for slot in slots] == [key for key, _ in expected]
        for slot, (_, value) in zip(slots, expected, strict=True):
            raw = content[slot.start : slot.end]
            assert json.loads(b'"%s"' % raw if isinstance(value, str) else raw) == value


@settings(deadline=None)
@given(values=st.dictionaries(_NAME, st.text(max_size=20), max_size=5), name=_NAME, section=_NAME)
def test_a_value_planted_in_flat_files_is_found_under_its_key(values, name, section):
    """Quoted and bare; with comments and other values around it."""
    values.pop(name, None)
    values.pop(section, None)
    quoted = "".join(f"{key}={json.dumps(value)}\n" for key, value in values.items())
    toml = "".join(
        f"{key}={json.dumps(value, ensure_ascii=False)}\n".replace("\x7f", "")
        for key, value in values.items()
    )
    for path, before, key in (
        (b".env", quoted, name),
        (b"a.toml", toml + f"[{section}]\n", f"{section}.{name}"),
        (b"a.ini", quoted + f"[{section}]\n", f"{section}.{name}"),
        (b"a.properties", quoted, name),
    ):
        for value in ("qPLANTEDz", '"qPLANTEDz"'):
            if path == b"a.toml" and value[0] != '"':
                continue
            content = f'# why\n{before}{name} = {value}\nlast = "1"\n'.encode()
            if path == b".env":
                content = content.replace(b" = ", b"=")
            assert _found(path, content, b"qPLANTEDz") == key


@settings(deadline=None)
@given(name=_NAME, other=_NAME, value=_VALUE)
def test_a_value_planted_in_code_is_found_under_its_name(name, other, value):
    """Assigned, as an entry and as an argument."""
    name, other = f"n_{name}", f"o_{other}"  # no words of a language
    for path, form, key in (
        (b"a.py", "class Own:\n    {o} = 1\n    {n} = '{v}'\n", "Own.{n}"),
        (b"a.py", "{o}(1, {n}='{v}')\n", "{o}.{n}"),
        (b"a.js", 'const {o} = {{x: 1, {n}: "{v}"}};\n', "{o}.{n}"),
        (b"a.go", '{o} := 1\n{n} := "{v}"\n', "{n}"),
        (b"a.java", 'class Own {{\n  String {n} = "{v}";\n}}\n', "Own.{n}"),
    ):
        content = form.format(n=name, o=other, v=value).encode()
        assert _found(path, content, value.encode()) == key.format(n=name, o=other)
