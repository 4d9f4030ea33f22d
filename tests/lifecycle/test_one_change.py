"""What one commit made of a secret, for every way to take one out of a file."""

from __future__ import annotations

from base64 import b64encode
from pathlib import Path
from typing import NamedTuple

import pytest

from detectors.template import expand
from fixtures_repos.builder import BEN, Builder
from fixtures_repos.stories.story import token
from forensics.lifecycle.parts import LESS_TELLING
from tests.lifecycle.lives import happened, scanned_case, told_events
from tests.scan.scanning import fingerprint

P, Q, T, U = expand("{alnum:24}", 32), expand("{alnum:24}", 33), token(1), token(2)
ENV = b".env"


class Change(NamedTuple):
    """A file with a secret, and what the next commit makes of it."""

    path: bytes
    before: bytes
    after: dict[bytes, bytes | None]
    slot: str
    how: str
    via: str
    status: str
    secret: bytes = P
    by: bytes = b""
    """The secret that replaces it, if it is one."""
    doubt: str = ""


def _env(after: bytes, how: str, via: str, status: str, by: bytes = b"") -> Change:
    before = b"A=1\nDB_PASSWORD=%s\n" % P
    return Change(ENV, before, {ENV: after}, "DB_PASSWORD", how, via, status, by=by)


def _kubernetes(value: bytes) -> bytes:
    return (
        b"apiVersion: v1\nkind: Secret\nmetadata:\n  name: db\ndata:\n  password: %s\n"
        % b64encode(value)
    )


def _container(variable: bytes) -> bytes:
    return b"spec:\n  containers:\n  - name: a\n    env:\n    - name: DB_PASSWORD\n" + variable


REPLACED, DELETED = "replaced-everywhere", "deleted-not-rotated"
EXTERNAL = "externalised-not-rotated"
KEY_REF = b"      valueFrom:\n        secretKeyRef:\n          name: db\n          key: password\n"
CHANGES = {
    "line deleted": _env(b"A=1\n", "removed", "", DELETED),
    "file deleted": Change(ENV, b"DB_PASSWORD=%s\n" % P, {ENV: None}, "DB_PASSWORD", "removed", "",
                           DELETED),
    "dotenv": _env(b"A=1\nDB_PASSWORD=%s\n" % Q, "replaced", "", REPLACED, Q),
    "a value that no rule finds": _env(
        b"A=1\nDB_PASSWORD=abc\n", "replaced", "", REPLACED
    )._replace(doubt=LESS_TELLING),
    "environment": _env(b"A=1\nDB_PASSWORD=${DB_PASSWORD}\n", "externalised", "environment",
                        EXTERNAL),
    "vault": _env(b"DB_PASSWORD=vault:secret/data/db#password\n", "externalised", "vault",
                  EXTERNAL),
    "placeholder": _env(b"A=1\nDB_PASSWORD=changeme\n", "placeholder", "", DELETED),
    "emptied": _env(b"A=1\nDB_PASSWORD=\n", "removed", "", DELETED),
    "yaml": Change(b"c.yaml", b"db:\n  password: %s\n" % P,
                   {b"c.yaml": b"db:\n  password: %s\n" % Q},
                   "db.password", "replaced", "", REPLACED, by=Q),
    "json": Change(b"c.json", b'{"db": {"password": "%s"}}' % P,
                   {b"c.json": b'{"db": {"password": "%s"}}' % Q},
                   "db.password", "replaced", "", REPLACED, by=Q),
    "constant": Change(b"a.py", b"import x\nAPI_TOKEN = '%s'\n" % T,
                       {b"a.py": b"import x\nAPI_TOKEN = '%s'\n" % U},
                       "API_TOKEN", "replaced", "", REPLACED, T, U),
    "code reads the environment": Change(
        b"a.js", b"const token = '%s';\n" % T, {b"a.js": b"const token = process.env.TOKEN;\n"},
        "token", "externalised", "environment", EXTERNAL, T),
    "Kubernetes Secret": Change(b"k8s/s.yaml", _kubernetes(P), {b"k8s/s.yaml": _kubernetes(Q)},
                                "data.password", "replaced", "", REPLACED, by=Q),
    "Kubernetes Secret's placeholder": Change(
        b"k8s/s.yaml", _kubernetes(P), {b"k8s/s.yaml": _kubernetes(b"changeme")},
        "data.password", "placeholder", "", DELETED),
    "Kubernetes Secret's template": Change(
        b"k8s/s.yaml", _kubernetes(P), {b"k8s/s.yaml": _kubernetes(b"${DB_PASSWORD}\n")},
        "data.password", "externalised", "environment", EXTERNAL),
    "secretKeyRef": Change(
        b"d.yaml", _container(b"      value: %s\n" % P), {b"d.yaml": _container(KEY_REF)},
        "spec.containers[name=a].env[name=DB_PASSWORD].value", "externalised",
        "kubernetes secretKeyRef", EXTERNAL),
    "SOPS": Change(
        b"c.yaml", b"db:\n  password: %s\n" % P,
        {b"c.yaml": b"db:\n  password: ENC[AES256_GCM,data:p6w=,iv:YY=,tag:UQ==,type:str]\n"},
        "db.password", "externalised", "sops", EXTERNAL),
    "GitHub secrets": Change(
        b".github/workflows/c.yml", b"env:\n  GH_TOKEN: %s\n" % T,
        {b".github/workflows/c.yml": b"env:\n  GH_TOKEN: ${{ secrets.GH_TOKEN }}\n"},
        "env.GH_TOKEN", "externalised", "ci secret", EXTERNAL, T),
    "within a URL": Change(
        ENV, b"DATABASE_URL=postgres://app:%s@db/x\n" % P,
        {ENV: b"DATABASE_URL=postgres://app:%s@db/x\n" % Q},
        "DATABASE_URL", "replaced", "", REPLACED, by=Q),
    "within a URL whose host changes too": Change(
        ENV, b"DATABASE_URL=postgres://app:%s@db/x\n" % P,
        {ENV: b"DATABASE_URL=postgres://app:%s@new.db/y\n" % Q},
        "DATABASE_URL", "replaced", "", REPLACED, by=Q),
    "a URL takes it from the environment": Change(
        ENV, b"DATABASE_URL=postgres://app:%s@db/x\n" % P,
        {ENV: b"DATABASE_URL=postgres://app:${DB_PASSWORD}@db/x\n"},
        "DATABASE_URL", "externalised", "environment", EXTERNAL),
    "an f-string takes it from a variable": Change(
        b"a.py", b'URL = "postgres://app:%s@db/x"\n' % P,
        {b"a.py": b'URL = f"postgres://app:{password}@db/x"\n'},
        "URL", "externalised", "variable", EXTERNAL),
    "within a header": Change(
        b"a.sh", b"curl -H 'Authorization: Bearer %s' https://x.example\n" % T,
        {b"a.sh": b'curl -H "Authorization: Bearer $TOKEN" https://x.example\n'},
        "-H Authorization", "externalised", "environment", EXTERNAL, T),
    "renamed file of the same name": Change(
        ENV, b"DB_PASSWORD=%s\n" % P, {ENV: None, b"b/.env": b"DB_PASSWORD=%s\n" % Q},
        "DB_PASSWORD", "replaced", "", REPLACED, by=Q),
    "renamed file of another name": Change(
        b"ci.env", b"A=1\nB=2\nDB_PASSWORD=%s\nC=3\n" % P,
        {b"ci.env": None, b"prod.env": b"A=1\nB=2\nDB_PASSWORD=%s\nC=3\n" % Q},
        "DB_PASSWORD", "replaced", "", REPLACED, by=Q),
    "another file of another name comes": Change(
        b"ci.env", b"A=1\nB=2\nDB_PASSWORD=%s\nC=3\n" % P,
        {b"ci.env": None, b"prod.env": b"D=1\nE=2\nDB_PASSWORD=%s\nF=3\n" % Q},
        "DB_PASSWORD", "removed", "", DELETED),
}  # fmt: skip


def told(change: Change, path: Path) -> tuple[Path, str, str]:
    """The repository, and its two commits."""
    builder = Builder(path)
    builder.write("README.md", "# Parcels\n")
    builder.commit("Start the project")
    builder.write(change.path, change.before)
    leak = builder.commit("Deploy", author=BEN)
    for name, content in change.after.items():
        if content is None:
            builder.delete(name)
        else:
            builder.write(name, content)
    return builder.path, leak, builder.commit("Change it")


@pytest.mark.parametrize("name", CHANGES)
def test_what_became_of_it(name: str, tmp_path: Path) -> None:
    """The event, its slot and line, what replaced it, and what follows for its status."""
    change = CHANGES[name]
    path, leak, commit = told(change, tmp_path / "r")
    case = scanned_case(path, tmp_path / "index.db", change.secret)
    came, left = case.life.events
    assert (came.how, came.at.commit, came.path, came.slot) == (
        "introduced", leak, change.path, change.slot,
    )  # fmt: skip
    assert (left.how, left.at.commit, left.path, left.slot, left.via, left.uncertain) == (
        change.how, commit, change.path, change.slot, change.via, change.doubt,
    )  # fmt: skip
    line = change.before[: change.before.index(b64encode(P) if "Kub" in name else change.secret)]
    assert came.line == left.line == line.count(b"\n") + 1
    assert (case.status.name, case.reachability) == (change.status, "history-only")
    assert case.slot == f"{change.path.decode()}: {change.slot}"
    (event,) = (
        one for one in told_events(tmp_path / "index.db")
        if one.secret == fingerprint(change.secret) and one.kind == "removed"
    )  # fmt: skip
    where = next((name for name, after in change.after.items() if after), None)
    expected = (fingerprint(change.by), where, commit, "introduced") if change.by else None
    assert event.related == expected


STAYS = {
    "one of two slots": (
        b"A_PASSWORD=%s\nB_PASSWORD=%s\n" % (P, P), b"A_PASSWORD=%s\nB_PASSWORD=%s\n" % (Q, P),
        "replaced", "A_PASSWORD", "replaced-still-elsewhere", "B_PASSWORD",
    ),
    "key renamed": (
        b"DB_PASSWORD=%s\n" % P, b"DATABASE_PASSWORD=%s\n" % P,
        "renamed", "DB_PASSWORD", "exposed", "DATABASE_PASSWORD",
    ),
    "another slot": (
        b"DB_PASSWORD=%s\n" % P, b"DB_PASSWORD=%s\nB_PASSWORD=%s\n" % (P, P),
        "copied", "B_PASSWORD", "exposed", "DB_PASSWORD",
    ),
    "kept in a comment": (
        b"DB_PASSWORD=%s\n" % P, b"# was %s\nDB_PASSWORD=%s\n" % (P, Q),
        "replaced", "DB_PASSWORD", "replaced-still-elsewhere", None,
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", STAYS)
def test_a_secret_that_stays_in_its_file(name: str, tmp_path: Path) -> None:
    """What happened to which slot, and the slot that it stands in now."""
    before, after, how, slot, status, now = STAYS[name]
    change = Change(ENV, before, {ENV: after}, slot, how, "", status)
    path, _, commit = told(change, tmp_path / "r")
    case = scanned_case(path, tmp_path / "index.db", P)
    assert happened(case)[1:] == [(how, commit, ENV, slot)]
    assert case.life.events[-1].via == (now if how == "renamed" else "")
    assert case.status.name == status
    assert case.reachability == "default-branch"
    assert case.slot == (f".env: {now}" if now else ".env")


MOVES = {
    "prose": (b"README.md", b"# Parcels\n\nThe password was %s once\n" % P, 3),
    "minified code": (
        b"dist/a.min.js",
        b"!function(){%s" % (b"var a=1;" * 3000) + b'x("%s")}()' % P,
        1,
    ),
    "a binary file": (b"a.bin", b"\0\1\2" + P + b"\0", 1),
}  # fmt: skip


@pytest.mark.parametrize("name", MOVES)
def test_a_value_that_moves_to_where_no_rule_looks(name: str, tmp_path: Path) -> None:
    """It is exposed, at the place where it stands now."""
    where, content, line = MOVES[name]
    change = Change(
        ENV, b"DB_PASSWORD=%s\n" % P, {ENV: b"DB_PASSWORD=%s\n" % Q, where: content}, "", "", "", ""
    )
    path, _, commit = told(change, tmp_path / "r")
    case = scanned_case(path, tmp_path / "index.db", P)
    assert [one[:3] for one in happened(case)[1:]] == [
        ("moved", commit, ENV), ("moved", commit, where),
    ]  # fmt: skip
    (place,) = (one for one in case.life.places if one.at_tip)
    assert (place.path, place.line, place.by_value) == (where, line, True)
    assert case.status.name == "exposed"
    assert case.life.swept


def test_a_value_too_short_to_be_told_from_chance_rests_on_rules(tmp_path: Path) -> None:
    """It is not said that it stands nowhere else; and the status says so."""
    short = b"qT7#x"
    change = Change(ENV, b"DB_PASSWORD=%s\n" % short, {ENV: b"DB_PASSWORD=\n"}, "", "", "", "")
    path, _, _ = told(change, tmp_path / "r")
    case = scanned_case(path, tmp_path / "index.db", short)
    assert not case.life.swept
    assert case.status.uncertain == ("it was looked for by rules alone, not by its value",)
