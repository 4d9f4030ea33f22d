"""Versions of files are read once, however many secrets stand in them."""

from __future__ import annotations

import pytest

from forensics.config.read import read_slots
from forensics.config.slot import Slots
from forensics.lifecycle.slots import Fate, Versions

VALUE = b"q7Zr2mVx9Lw4Tk8N"


def test_a_version_is_parsed_once_for_all_of_its_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    """Else a file of thousands would be parsed for each of them."""
    parsed: list[bytes] = []

    def counting(path: bytes, content: bytes, *, kind: str = "") -> Slots:
        parsed.append(content)
        return read_slots(path, content, kind=kind)

    monkeypatch.setattr("forensics.lifecycle.slots.read_slots", counting)
    monkeypatch.setattr("forensics.config.became.read_slots", counting)
    files = {
        b"old": b"".join(b"KEY_%02d=before%02d\n" % (n, n) for n in range(20)),
        b"new": b"".join(b"KEY_%02d=afterward%02d\n" % (n, n) for n in range(20)),
    }
    spans = {(b"old", b"%d" % n): [(16 * n + 7, 16 * n + 15)] for n in range(20)}
    versions = Versions(files.get, spans)
    for number in range(20):
        (place,) = versions.places(b".env", b"old", b"%d" % number)
        assert place.slot == f"KEY_{number:02}"
        assert versions.fate(b".env", b"old", place, b"new").kind == "literal"
    assert len(parsed) == len(set(parsed)) == 2


def fate_of(path: bytes, before: bytes, after: bytes) -> Fate:
    """What became of VALUE, which stands once in the version before."""
    start = before.index(VALUE)
    spans = {(b"old", b"secret"): [(start, start + len(VALUE))]}
    versions = Versions({b"old": before, b"new": after}.get, spans)
    (place,) = versions.places(path, b"old", b"secret")
    return versions.fate(path, b"old", place, b"new")


@pytest.mark.parametrize(
    ("path", "before", "after", "kind"),
    [
        (b".env", b"TOK=%s\n", b"TOK=${TOK:-changeme}\n", "reference"),
        (b".env", b"TOK=%s\n", b"TOK=${TOK:-another-value-9}\n", "literal"),
        (b"a.yaml", b"tok: %s\n", b"tok: ${env:TOK}\n", "reference"),
        (b"a.yaml", b"tok: %s\n", b"tok: ${ssm:/prod/tok}\n", "reference"),
        (b"a.yaml", b"tok: %s\n", b"tok: ((tok))\n", "reference"),
        (b"a.yaml", b"tok: %s\n", b"tok: ssm:/prod/tok\n", "reference"),
        (b"a.yaml", b"tok: %s\n", b"tok: gcp:secretmanager:tok\n", "reference"),
        (b"a.yaml", b"tok: %s\n", b"tok: bao:secret/tok\n", "reference"),
        (b"a.sh", b"TOK=%s\n", b"TOK=`pass show tok`\n", "reference"),
        (b"Dockerfile", b"FROM a\nENV TOK=%s\n", b"FROM a\nARG TOK\nENV TOK=$TOK\n", "reference"),
        (b".env", b"TOK=%s\n", b"TOK=to-be-filled\n", "placeholder"),
        (b".env", b"TOK=%s\n", b"TOK=secret\n", "placeholder"),
        (b".env", b"TOK=%s\n", b"TOK=-\n", "placeholder"),
        (b".env", b"TOK=%s\n", b"TOK=hunter2\n", "literal"),
        (b"a.json", b'{"a": ["%s", "x"]}', b'{"a": ["x"]}', "absent"),
        (b"a.json", b'{"a": ["%s", "x"]}', b'{"a": ["y", "x"]}', "literal"),
        (b".env", b"URL=https://u:%s@h/x\n", b"URL=https://h/x\n", "absent"),
        (b".env", b"URL=https://u:%s@h/x\n", b"URL=https://u:other@h/x\n", "literal"),
    ],
)
def test_only_a_value_replaces_another(path: bytes, before: bytes, after: bytes, kind: str) -> None:
    """What only refers to one, stands in for one, or moved up, does not."""
    assert fate_of(path, before % VALUE, after).kind == kind


K8S = b"env:\n- name: A\n  value: before-was-a-1\n- name: B\n  value: %s\n"
TWO = (
    b'resource "a" "x" {\n  token = "before-was-a-1"\n}\n\nresource "a" "y" {\n  token = "%s"\n}\n'
)
CALLS = b'login("ann", "%s");\nlogin("bob", "before-was-a-1");\n'
LIST = b"users:\n- {name: a, token: %s}\n- {name: b, token: before-was-a-1}\n"


@pytest.mark.parametrize(
    ("path", "before", "after"),
    [
        ("d.yaml", K8S, K8S[: K8S.index(b"- name: B")]),
        ("m.tf", TWO, TWO[: TWO.index(b"\nres")]),
        ("c.js", CALLS, CALLS[CALLS.index(b"\n") + 1 :]),
        ("u.yaml", LIST, LIST.replace(b"- {name: a, token: %s}\n", b"")),
        ("Dockerfile", b"FROM a AS x\nENV T=%s\nFROM b AS y\nENV T=before-was-a-1\n",
         b"FROM b AS y\nENV T=before-was-a-1\n"),
        ("s.sh", b'curl -H "X-Token: %s" a\ncurl -H "X-Token: before-was-a-1" b\n',
         b'curl -H "X-Token: before-was-a-1" b\n'),
    ],
)  # fmt: skip
def test_what_stood_beside_it_all_the_time_does_not_replace_it(
    path: str, before: bytes, after: bytes
) -> None:
    """Where an entry of a list, a block or a call goes and others stay."""
    assert fate_of(path.encode(), before % VALUE, after).kind == "absent"


@pytest.mark.parametrize(
    ("after", "sure"),
    [
        (b't = "%s" + "%s"\n' % (VALUE[:9], VALUE[9:]), False),
        (b't = "%s"\n' % VALUE[:12], False),
        (b't = "another-value-9"\n', True),
    ],
)
def test_a_part_of_the_same_value_is_no_sure_replacement(after: bytes, sure: bool) -> None:
    """Nor its parts, put together again."""
    fate = fate_of(b"a.py", b't = "%s"\n' % VALUE, after)
    assert (fate.kind, not fate.uncertain) == ("literal", sure)


@pytest.mark.parametrize(
    ("after", "sure"),
    [
        (b"x", False), (b"abc", False), (b"1234", False), (b"revoked", False), (b"%%%%", False),
        (b"moved-to-vault", False), (b"ghp_yourtokenhere", False), (b"ghp_" + b"A" * 30, False),
        (b"correct-horse-battery-9", True), (VALUE[::-1], True),
    ],
)  # fmt: skip
def test_what_tells_far_less_than_the_value_did_is_no_sure_replacement(
    after: bytes, sure: bool
) -> None:
    fate = fate_of(b".env", b"TOK=%s\n" % VALUE, b"TOK=%s\n" % after)
    assert (fate.kind, not fate.uncertain) == ("literal", sure)


def test_the_start_of_a_value_with_signs_for_the_rest_stands_in_for_it() -> None:
    masked = VALUE[:-4] + b"X" * 4
    assert fate_of(b".env", b"TOK=%s\n" % VALUE, b"TOK=%s\n" % masked).kind == "placeholder"
