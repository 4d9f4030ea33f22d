"""What other programs write is read as what they wrote, and nothing is ever raised."""

from __future__ import annotations

import io
import json
import tomllib
from xml.etree import ElementTree

import dotenv
import javaproperties
import pytest
import yaml
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from forensics.config.settings import read_settings
from forensics.config.tree import part
from tests.config.test_slots_property import _HOSTILE, _NAME, _PATHS

_MEANT = {
    "<<", "data", "env", "envs", "environment", "args", "build_args", "labels", "variables",
    "services", "metadata",
}  # fmt: skip
_OWN = chr(0x10FE00), chr(0x10FEFF)
_TEXT = st.text(max_size=12).filter(lambda text: not any(_OWN[0] <= c <= _OWN[1] for c in text))
_KEY = (_NAME | _TEXT.filter(bool)).filter(
    lambda key: key not in {*_MEANT, "name", "id", "key", "secretKey", "kind", "\ufeff"}
)
_LEAF = _TEXT | st.integers() | st.booleans() | st.none() | st.floats(allow_nan=False)
_TREE = st.dictionaries(
    _KEY,
    st.recursive(
        _LEAF,
        lambda inner: st.dictionaries(_KEY, inner, max_size=4) | st.lists(inner, max_size=4),
        max_leaves=12,
    ),
    min_size=1,
    max_size=4,
)


def _flat(tree, path=""):
    """Text and type by key, as the settings of a tree should be."""
    inner = None
    if isinstance(tree, dict):
        inner = [(path + part(name), child) for name, child in tree.items()]
    elif isinstance(tree, list):
        inner = [(f"{path}[{number}]", child) for number, child in enumerate(tree)]
    if inner is None or not inner:
        yield path.removeprefix("."), _leaf(tree)
    for below, child in inner or []:
        yield from _flat(child, below)


def _leaf(value):
    if value is None:
        return b"", "null"
    if isinstance(value, bool):
        return str(value).lower().encode(), "boolean"
    if isinstance(value, int | float):
        return value, "number"
    if isinstance(value, str):
        return value.encode(), "string"
    return b"", "untyped"


def _read(path, content):
    read = read_settings(path, content)
    assert read.trouble == ""
    return {each.key: (_number(each), each.type) for each in read.settings}


def _number(setting):
    if setting.type != "number":
        return setting.text
    text = setting.text.decode().lower().replace(".inf", "inf")
    return float(text) if set(text) & set(".einf") else int(text)


def _like_a_number(tree):
    """Whether a text in it is a number in YAML 1.2 and was none in 1.1, which PyYAML writes."""
    for _, (text, type_of) in _flat(tree):
        if type_of == "string" and yaml.safe_load(yaml.safe_dump(text.decode())) is not None:
            try:
                float(text)
            except ValueError:
                if text.startswith(b"0o"):
                    return True
            else:
                return True
    return False


@settings(deadline=None)
@given(tree=_TREE, flow=st.booleans(), wide=st.booleans(), crlf=st.booleans())
def test_yaml_that_a_program_wrote_is_what_it_wrote(tree, flow, wide, crlf):
    """In block and flow style, escaped and not, folded at any width, sorted or not."""
    assume(not _like_a_number(tree))
    content = yaml.safe_dump(
        tree,
        default_flow_style=flow,
        allow_unicode=wide,
        width=20,
        sort_keys=flow,
        line_break="\r\n" if crlf else "\n",
    ).encode()
    # PyYAML writes by YAML 1.1, in which these end lines.
    assume(not set("\x85\u2028\u2029") & set(content.decode()))
    assert _read(b"a.yml", content) == dict(_flat(tree))


@settings(deadline=None)
@given(tree=_TREE, indent=st.sampled_from([None, 0, 2]), ascii_only=st.booleans())
def test_json_that_a_program_wrote_is_what_it_wrote(tree, indent, ascii_only):
    """In one line or many, escaped and not; and it is read the same as YAML."""
    content = json.dumps(tree, indent=indent, ensure_ascii=ascii_only, allow_nan=True).encode()
    assert _read(b"a.json", content) == dict(_flat(tree))


def _toml(tree, path=()):
    """`tree` as TOML: tables by header, what is in lists inline."""
    lines = [f"[{'.'.join(map(_toml_text, path))}]"] if path else []
    plain = {key: child for key, child in tree.items() if not isinstance(child, dict)}
    lines += [f"{_toml_text(key)} = {_toml_value(child)}" for key, child in plain.items()]
    for key, child in tree.items():
        if isinstance(child, dict):
            lines += _toml(child, (*path, key))
    return lines


def _toml_text(text):
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _toml_value(value):
    if isinstance(value, dict):
        inner = (f"{_toml_text(key)} = {_toml_value(child)}" for key, child in value.items())
        return "{" + ", ".join(inner) + "}"
    if isinstance(value, list):
        return "[" + ",\n ".join(_toml_value(each) for each in value) + "]"
    return _toml_text(value) if isinstance(value, str) else json.dumps(value)


_SOME = st.text(max_size=8) | st.integers(-(2**63), 2**63 - 1) | st.booleans()


@settings(deadline=None)
@given(
    tree=st.dictionaries(
        _KEY,
        st.recursive(
            _SOME,
            lambda inner: st.dictionaries(_KEY, inner, max_size=3) | st.lists(inner, max_size=3),
            max_leaves=8,
        ),
        min_size=1,
        max_size=4,
    )
)
def test_toml_is_what_tomllib_reads(tree):
    """Keys, strings and types, in tables and inline."""
    content = "\n".join(_toml(tree)).encode()
    assert _read(b"a.toml", content) == dict(_flat(tomllib.loads(content.decode())))


_LINE = st.lists(
    st.sampled_from(
        ["A", "B_1", "export ", "=", " = ", "'", '"', "\\", "\\n", "#", " # ", "x", "é", " ", "$A",
         "\n", "\r\n", "\t"]
    ),
    max_size=30,
).map("".join)  # fmt: skip


@settings(deadline=None, max_examples=300)
@given(text=_LINE)
def test_dotenv_is_what_python_dotenv_reads(text):
    """Whatever quotes, escapes and comments it has."""
    read = read_settings(b".env", text.encode())
    assume(not read.trouble)
    expected = dotenv.dotenv_values(stream=io.StringIO(text, newline=""), interpolate=False)
    assert {each.key: each.text.decode() for each in read.settings} == {
        key: (value or "").replace("\r\n", "\n") for key, value in expected.items()
    }


@settings(deadline=None)
@given(values=st.dictionaries(_TEXT, _TEXT, max_size=5), ascii_only=st.booleans())
def test_properties_are_what_javaproperties_wrote(values, ascii_only):
    """Keys and values with any characters."""
    content = javaproperties.dumps(values, timestamp=False, ensure_ascii=ascii_only).encode()
    read = read_settings(b"a.properties", content)
    assert {each.key: each.text.decode() for each in read.settings} == values


@settings(deadline=None)
@given(values=st.dictionaries(_NAME, st.text(st.characters(codec="latin-1"), max_size=12)))
def test_xml_is_what_a_program_wrote(values):
    """In attributes and as text, in two encodings."""
    values = {
        key: "".join(c for c in value if c.isprintable()).strip() for key, value in values.items()
    }
    root = ElementTree.Element("c")
    for key, value in values.items():
        ElementTree.SubElement(root, "add", key=key, value=value)
        ElementTree.SubElement(root, f"e{key}").text = value
    for encoding in ("utf-8", "iso-8859-1", "us-ascii"):
        read = read_settings(b"web.config", ElementTree.tostring(root, encoding=encoding))
        assert read.trouble == ""
        texts = {each.key: each.text.decode() for each in read.settings}
        for key, value in values.items():
            assert texts[f"c.add[key={key}].value"] == value
            assert texts[f"c.e{key}"] == value


@pytest.mark.parametrize("kind", _PATHS)
@settings(deadline=None, max_examples=150)
@given(content=_HOSTILE)
def test_hostile_content_is_read_as_settings_within_its_bounds(kind, content):
    """Nothing is raised; keys are distinct, spans lie in the content, lines count."""
    read = read_settings(_PATHS[kind], content)
    assert len({each.key for each in read.settings}) == len(read.settings)
    assert [each.start for each in read.settings] == sorted(each.start for each in read.settings)
    for each in read.settings:
        assert 0 <= each.start <= each.end <= len(content)
        assert each.line == content[: each.start].count(b"\n") + 1
        assert each.type in ("string", "number", "boolean", "null", "untyped")
        assert each.kind in ("literal", "empty", "placeholder", "reference", "ciphertext")
