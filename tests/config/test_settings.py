"""A configuration file is read as the keys and values that a program gets from it."""

from __future__ import annotations

import pytest

from forensics.config.settings import LARGEST, read_settings
from tests.config.reading import settings_of, texts_of


def _untyped(texts):
    return {key: (text, "untyped", "literal" if text else "empty") for key, text in texts.items()}


FILES = {
    "dotenv": (
        b".env",
        b"A=1\nexport B='x # \\n y' # why\nC=\"two\nlines \\\"q\\\" \\t.\"\n"
        b"D=a#b # c\nE=\nF\n\n# G=1\n",
        {"A": b"1", "B": b"x # \\n y", "C": b'two\nlines "q" \t.', "D": b"a#b", "E": b"", "F": b""},
    ),
    "properties": (
        b"a.properties",
        "a.b=x\\\n    y\nc\\ d : \\u00e9 \\t\ne f g\n! no\né=ü\nq=\"w\"\n".encode(),
        {
            "a.b": b"xy",
            "c d": "é \t".encode(),
            "e": b"f g",
            "é": "ü".encode(),
            "q": b'"w"',
        },
    ),
    "ini": (
        b"a.ini",
        b"top = 0\n[s t]\na = b ; c\nd: e\n  f\nq = \"w x\"\n; n = 1\n",
        {"top": b"0", "s t.a": b"b", "s t.d": b"e\nf", "s t.q": b"w x"},
    ),
    "systemd": (
        b"web.service",
        b"[Service]\nEnvironment=\"A=b c\" \"C=d\\\"e\" F=g\nEnvironment=H=i\nType=simple\n",
        {
            "Service.Environment.A": b"b c",
            "Service.Environment.C": b'd"e',
            "Service.Environment.F": b"g",
            "Service.Environment.H": b"i",
            "Service.Type": b"simple",
        },
    ),
    "xml": (
        b"web.config",
        b"<?xml version='1.0'?><c xmlns='urn:x'><!-- <add key='No' value='1'/> --><appSettings>"
        b"<add key='X' value='y &amp; &#65;'/><add value=\"1\" key=\"W\"/></appSettings>"
        b"<connectionStrings><add name='D' connectionString='Server=x'/></connectionStrings>"
        b"<l><i>1</i><i> 2 </i></l><raw><![CDATA[a < b &amp;]]></raw><e/></c>",
        {
            "c.appSettings.add[key=X].value": b"y & A",
            "c.appSettings.add[key=W].value": b"1",
            "c.connectionStrings.add[name=D].connectionString": b"Server=x",
            "c.l.i": b"1",
            "c.l.i[1]": b"2",
            "c.raw": b"a < b &amp;",
            "c.e": b"",
        },
    ),
    "spring beans": (
        b"beans.xml",
        b"<beans><bean id='ds'><property name='url' value='u'/>"
        b"<property name='user'><value>v</value></property></bean></beans>",
        {
            "beans.bean[id=ds].property[name=url].value": b"u",
            "beans.bean[id=ds].property[name=user].value": b"v",
        },
    ),
    "dockerfile": (
        b"Dockerfile",
        b"FROM x:1\nARG V=1\n# ENV N=1\nenv A=b C=\"d e\" \\\n  # why\n"
        b"  F=g\\ h I='$j'\nENV OLD a b  c\n"
        b"RUN X=y cmd --flag z\nARG V\n",
        {
            "V": b"1",
            "A": b"b",
            "C": b"d e",
            "F": b"g h",
            "I": b"$j",
            "OLD": b"a b  c",
        },
    ),
    "procfile": (
        b"Procfile",
        b"web: A=b C=\"d e\" serve --port 1 X=y\nworker: run\nclock: A='z' tick\n",
        {"web.A": b"b", "web.C": b"d e", "clock.A": b"z"},
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", FILES)
def test_a_file_of_texts_is_read_as_its_programs_read_it(name):
    """Unquoted, unescaped and joined; all of it is untyped."""
    path, content, expected = FILES[name]
    read = settings_of(path, content)
    read = {
        key: (text, kind, "literal" if text.startswith(b"$") else standing)
        for key, (text, kind, standing) in read.items()
    }
    assert read == _untyped(expected)


@pytest.mark.parametrize("name", FILES)
def test_line_ends_change_no_value(name):
    """A file checked out with CRLF says the same."""
    path, content, _ = FILES[name]
    assert settings_of(path, content.replace(b"\n", b"\r\n")) == settings_of(path, content)


def test_a_template_is_read_as_what_it_will_be():
    """What it fills in is shown as it is written, and is a reference."""
    content = (
        b'{{- if .Values.on }}\na: {{ .Values.a | quote }}\nb: "{{ .b }}-x"\nc: |\n  {{ .d }}\n'
        b'  e\n{{- end }}\nf: {{ include "g" .\n  | indent 2 }}\nh: i # {{ j }}\n'
    )
    assert settings_of(b"templates/a.yaml", content) == {
        "a": (b"{{ .Values.a | quote }}", "string", "reference"),
        "b": (b"{{ .b }}-x", "string", "literal"),
        "c": (b"{{ .d }}\ne\n", "string", "literal"),
        "f": (b'{{ include "g" .\n  | indent 2 }}', "string", "reference"),
        "h": (b"i", "string", "literal"),
    }
    jinja = b'{% if x %}\na = {{ b }}\n{% endif %}\nc = "{{ d }}e"\n'
    assert texts_of(b"a.toml.j2", jinja) == {"a": b"{{ b }}", "c": b"{{ d }}e"}
    assert texts_of(b".env.j2", b"{% if x %}\nA={{ b }}\n{% endif %}\n") == {"A": b"{{ b }}"}
    assert texts_of(b"a.json.j2", b'{"a": {{ b }}, "c": 1}') == {"a": b"{{ b }}", "c": b"1"}


def test_json_with_comments_and_commas_is_settings_of():
    """With escapes undone and types told."""
    content = (
        b'\xef\xbb\xbf{"a": "\\u00e9\\ud83d\\ude00\\/\\n", /* why */ "b": null, // c\n'
        b' "c": [true, -1.5, {"name": "n", "v": "w"}], "d.e": "f",}'
    )
    assert settings_of(b"a.jsonc", content) == {
        "a": ("é😀/\n".encode(), "string", "literal"),
        "b": (b"", "null", "empty"),
        "c[0]": (b"true", "boolean", "literal"),
        "c[1]": (b"-1.5", "number", "literal"),
        "c[name=n].v": (b"w", "string", "literal"),
        '["d.e"]': (b"f", "string", "literal"),
    }


def test_terraform_is_settings_of():
    """Blocks, objects, lists, heredocs; what is worked out is a reference, as it is written."""
    content = (
        b'a = "x\\n$${y}"\nb = 3\nc = [\n  "q", # why\n  { name = "z", v = true },\n]\nd = var.e\n'
        b"f = <<-EOT\n  one\n    two\nEOT\ng = var.h ? 1 : 2\ni = -5\n"
        b'j = { "k.l" = null, m : "n" }\n'
        b'o "p" { q = file("r") }\ns { t = 1 }\ns { t = 2 }\n'
    )
    assert settings_of(b"prod.tfvars", content) == {
        "a": (b"x\n${y}", "string", "literal"),
        "b": (b"3", "number", "literal"),
        "c[0]": (b"q", "string", "literal"),
        "c[name=z].v": (b"true", "boolean", "literal"),
        "d": (b"var.e", "untyped", "reference"),
        "f": (b"one\n  two\n", "string", "literal"),
        "g": (b"var.h ? 1 : 2", "untyped", "reference"),
        "i": (b"-5", "number", "literal"),
        'j["k.l"]': (b"", "null", "empty"),
        "j.m": (b"n", "string", "literal"),
        "o.p.q": (b'file("r")', "untyped", "reference"),
        "s[0].t": (b"1", "number", "literal"),
        "s[1].t": (b"2", "number", "literal"),
    }


@pytest.mark.parametrize("value", [b"true", b"no", b"on", b"none", b"disabled", b"5", b"0.5"])
def test_switches_and_numbers_are_values(value):
    """Where secrets are looked for they are stand-ins; as configuration they are what it says."""
    for path, content in (
        (b".env", b"A=%s\n"), (b"a.yml", b"A: %s\n"), (b"a.yml", b"A: '%s'\n"),
        (b"a.properties", b"A=%s\n"), (b"a.rb", b"A = %s\n"), (b"a.rb", b"A = '%s'\n"),
    ):  # fmt: skip
        (setting,) = read_settings(path, content % value).settings
        assert (setting.text, setting.kind) == (value, "literal")


@pytest.mark.parametrize(
    ("value", "kind", "by"),
    [
        (b"ENC[AES256_GCM,data:x,iv:y,tag:z,type:str]", "ciphertext", "sops"),
        (b"${NAME}", "reference", "environment"),
        (b"${NAME:-x}", "literal", ""),
        (b"vault:secret/data/x#y", "reference", "vault"),
        (b"/run/secrets/x", "reference", "file"),
        (b"changeme", "placeholder", ""),
        (b"<your-key>", "placeholder", ""),
        (b"plain", "literal", ""),
    ],
)
def test_what_stands_in_a_value_is_told_in_every_format(value, kind, by):
    """A literal, or something that refers to one, hides it or stands in for it."""
    for path, content in (
        (b".env", b"A=%s\n"), (b".env", b'A="%s"\n'), (b"a.yml", b"A: '%s'\n"),
        (b"a.yml", b"A: >-\n  %s\n"), (b"a.json", b'{"A": "%s"}'), (b"a.toml", b'A = "%s"\n'),
        (b"a.ini", b"A = %s\n"), (b"a.properties", b"A=%s\n"),
        (b"Dockerfile", b'ENV A="%s"\n'),
    ):  # fmt: skip
        (setting,) = read_settings(path, content % value).settings
        assert (setting.text, setting.kind, setting.by) == (value, kind, by)


@pytest.mark.parametrize(
    ("path", "content", "trouble"),
    [
        (b".env", b"A=1\nsome words here\n", "no assignment in line 2"),
        (b".env", b"A=1\nB='x\n", "no assignment in line 2"),
        (b".env", b"A=b" + b" " * 400_000 + b"c\n", "more blanks than are looked at"),
        (b"a.properties", b"a\\\n" * 150_000, "more continued lines than are looked at"),
        (b"a.toml", b"a" + b".a" * 200_000 + b" = 1\n", "nested too deep"),
        (b"a.yml", b"a: [1\nb: 2\n", "not YAML in line 2"),
        (b"a.yml", b"a: *b\n", "an alias of nothing"),
        (b"a.yml", b"only a text\n", "no keys, only a text"),
        (b"a.json", b'{"a": 1 "b": 2}', "not JSON: no comma between values"),
        (b"a.json", b'{"a": }', "not JSON: a name without a value"),
        (b"a.json", b'{"a": 1', "not JSON: a bracket is left open"),
        (b"a.toml", b"a = 1\nb = = 2\n", "not TOML in line 2"),
        (b"a.toml", b"a = 1\na = 2\n", "not TOML in line 2"),
        (b"a.xml", b"<a>\n<b></a>", "not XML in line 2"),
        (b"a.tf", b"a = 1\nb = = 2\n", "not HCL in line 2"),
        (b"a.ini", b"[a]\nb=1\n[c\n", "no section in line 3"),
        (b"a.properties", b"a=\\u12\n", "an escape that is none"),
        (b"Procfile", b"web: x\nwhat\n", "no process in line 2"),
        (b"a.yml", b"\xff\xfea\0:\0", "in UTF-16, which is not read"),
    ],
)
def test_a_file_that_does_not_parse_is_reported(path, content, trouble):
    """In words, with the line where that is known."""
    assert read_settings(path, content).trouble == trouble


@pytest.mark.parametrize("name", [".env", "a.yml", "a.json", "a.properties", "a.ini", "a.xml"])
def test_a_merge_that_was_left_undone_is_reported(name):
    """Whatever the format makes of it."""
    content = b"\n<<<<<<< HEAD\na=1\n=======\na=2\n>>>>>>> topic\n"
    assert read_settings(name.encode(), content).trouble == "a merge conflict in line 2"


def test_a_setting_is_printed_without_its_value():
    """Nor do the parts that it is made of show one."""
    for path, content in (
        (b"a.yml", b"k: {a: qVALUEz, b: [qVALUEz]}\n"),
        (b".env", b"A=qVALUEz\n"),
    ):
        read = read_settings(path, content)
        assert any(each.text == b"qVALUEz" for each in read.settings)
        assert "VALUE" not in repr(read)


def test_a_setting_knows_its_place():
    """Its line, and the span of what is written, in files with any line ends."""
    for content in (b"# x\na: 1\nb:\n  - 'c'\n", b"# x\r\na: 1\r\nb:\r\n  - 'c'\r\n"):
        first, second = read_settings(b"a.yml", content).settings
        assert (first.line, content[first.start : first.end]) == (2, b"1")
        assert (second.line, content[second.start : second.end]) == (4, b"c")


def test_a_long_file_is_read_in_part_and_says_so():
    """What lies beyond is not told, and not called absent."""
    read = read_settings(b".env", b"A=1\n" + b"#" * LARGEST + b"\nB=2\n")
    assert [each.key for each in read.settings] == ["A"]
    assert read.trouble


def test_dotenv_takes_a_colon_as_ruby_does() -> None:
    """`KEY: value` is an assignment there."""
    told = read_settings(b".env.development", b"A: one\nB=two\n")
    assert not told.trouble
    assert [(each.key, each.text) for each in told.settings] == [("A", b"one"), ("B", b"two")]
