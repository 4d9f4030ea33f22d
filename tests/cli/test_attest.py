"""`forensics attest`: values from a clone or a list, reports, signatures, exit codes."""

from __future__ import annotations

import base64
import json
import shutil
import subprocess
from pathlib import Path

import pytest

from fixtures_repos import layouts
from fixtures_repos.builder import Builder
from fixtures_repos.git import git
from fixtures_repos.stories import Story
from fixtures_repos.stories.story import begin, setting, token
from tests.cli.command import forensics

pytestmark = pytest.mark.usefixtures("key")


@pytest.fixture
def signer(tmp_path: Path) -> Path:
    """A new SSH key; a list of who may sign lies beside it."""
    key = tmp_path / "signing"
    words = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "", "-f", str(key)]
    subprocess.run(words, check=True, stdin=subprocess.DEVNULL)
    public = key.with_suffix(".pub").read_text()
    (tmp_path / "allowed").write_text(f"ada@acme.example {public}")
    return key


@pytest.fixture
def cleaned(reflog_only: Story, tmp_path: Path) -> tuple[Path, Path]:
    """A repository after its leak was amended away and collected, and a copy made before."""
    before = Path(shutil.copytree(reflog_only.path, tmp_path / "before", symlinks=True))
    git(reflog_only.path, "reflog", "expire", "--expire=now", "--all")
    git(reflog_only.path, "gc", "-q", "--prune=now")
    return reflog_only.path, before


def test_the_secrets_of_an_earlier_clone_are_gone(cleaned: tuple[Path, Path]) -> None:
    """0 says so; in the clone itself they still stand, which is 1."""
    after, before = cleaned
    done = forensics("attest", "-C", after, "--before", before, "-f", "json")
    assert done.code == 0
    report = json.loads(done.out)
    assert report["outcome"] == "gone"
    assert report["values_from"] == "a scan of an earlier clone"
    (secret,) = report["secrets"]
    assert (secret["verdict"], secret["rule"]) == ("gone", "github.pat-classic")
    still = forensics("attest", "-C", before, "--before", before, "-f", "json")
    assert still.code == 1
    (secret,) = json.loads(still.out)["secrets"]
    assert secret["places_by_lead"] == {"reflog": 1}
    assert not (before / ".git/forensics").exists(), "the clone is left as it was"


def test_the_index_of_the_earlier_clone_is_used(cleaned: tuple[Path, Path]) -> None:
    """Where there is one, the clone is not scanned again."""
    after, before = cleaned
    (line,) = forensics("scan", before, "-f", "jsonl").lines
    start = line["secret"][:10]
    done = forensics("attest", start, "-C", after, "--before", before, "-f", "json")
    assert done.code == 0
    report = json.loads(done.out)
    assert report["values_from"] == "the index of an earlier clone"
    assert [one["secret"] for one in report["secrets"]] == [line["secret"]]


def test_a_secret_whose_value_cannot_be_had_is_not_said_to_be_gone(
    cleaned: tuple[Path, Path],
) -> None:
    """The index knows it, and its object has left the clone since: 3."""
    after, before = cleaned
    assert forensics("scan", before).code == 1
    git(before, "reflog", "expire", "--expire=now", "--all")
    git(before, "gc", "-q", "--prune=now")
    done = forensics("attest", "-C", after, "--before", before)
    assert done.code == 3
    assert "could not be read out of the earlier clone" in done.out


@pytest.mark.parametrize("scanned_before", [False, True])
def test_a_clone_that_cannot_be_read_in_whole_is_told(
    cleaned: tuple[Path, Path], scanned_before: bool
) -> None:
    """It may have had more secrets than were looked for."""
    after, before = cleaned
    loose = before / ".git/objects/ab"
    loose.mkdir(exist_ok=True)
    (loose / ("c" * 38)).write_bytes(b"no object")
    if scanned_before:
        forensics("scan", before)
    done = forensics("attest", "-C", after, "--before", before)
    assert "earlier clone" in done.out
    assert "parts of which could not be read" in done.out


@pytest.mark.parametrize("encoded", [False, True])
def test_values_come_from_standard_input(in_a_stash: Story, encoded: bool) -> None:
    """One a line, plain or after base64: for any bytes."""
    value = b"base64:" + base64.b64encode(in_a_stash.secret) if encoded else in_a_stash.secret
    given = b"\r\n" + value + b"\r\nsomething-else-entirely-1234\n"
    done = forensics(
        "attest", "-C", in_a_stash.path, "--values", "-", "-f", "json", given=given
    )  # fmt: skip
    assert done.code == 1
    one, other = json.loads(done.out)["secrets"]
    assert one["places_by_lead"] == {"stash": 1}
    assert other["verdict"] == "gone"
    assert in_a_stash.secret.decode() not in done.out + done.err


@pytest.mark.parametrize("form", [b"\xef\xbb\xbf%s", b"  %s\t", b'"%s"', b"'%s'"])
def test_what_is_around_a_value_in_its_line_is_left_out(in_a_stash: Story, form: bytes) -> None:
    """Else it would be gone."""
    given = form % in_a_stash.secret + b"\n"
    assert forensics("attest", "-C", in_a_stash.path, "--values", "-", given=given).code == 1


def test_an_earlier_clone_is_not_known_by_an_old_index_of_it(tmp_path: Path) -> None:
    """What was committed there since its last scan is looked for too."""
    before = Builder(tmp_path / "before")
    before.write("a.env", "A=1\n")
    before.commit("Start")
    forensics("scan", before.populate())
    before.write("a.env", setting(token()))
    before.commit("Leak")
    after = tmp_path / "after"
    shutil.copytree(before.populate(), after)
    done = forensics("attest", "-C", after, "--before", before.path, "-f", "json")
    assert done.code == 1
    assert [one["verdict"] for one in json.loads(done.out)["secrets"]] == ["still there"]


def test_what_could_not_be_read_is_3(cleaned: tuple[Path, Path]) -> None:
    """Gone as far as read is not gone."""
    after, before = cleaned
    layouts.repack(after)
    (pack,) = layouts.packs(after)
    damaged = bytearray(pack.read_bytes())
    damaged[len(damaged) // 2] ^= 0xFF
    pack.chmod(0o600)
    pack.write_bytes(damaged)
    done = forensics("attest", "-C", after, "--before", before)
    assert done.code == 3
    assert "not read" in done.out


@pytest.mark.parametrize("output_format", ["text", "json", "markdown"])
def test_a_signed_report_is_verified_without_a_network(
    cleaned: tuple[Path, Path], tmp_path: Path, signer: Path, output_format: str
) -> None:
    """By us, and by ssh-keygen alone; a changed report, or another's signature, is not."""
    after, before = cleaned
    report, allowed = tmp_path / "report", tmp_path / "allowed"
    done = forensics(
        "attest", "-C", after, "--before", before, "-f", output_format, "-o", report,
        "--sign", signer,
    )  # fmt: skip
    assert (done.code, done.out) == (0, "")
    good = forensics("attest", "verify", report, "--allowed-signers", allowed)
    assert (good.code, good.err) == (0, "")
    assert "ada@acme.example" in good.out
    words = ["-I", "ada@acme.example", "-n", "git-forensics", "-s", f"{report}.sig"]
    alone = subprocess.run(
        ["ssh-keygen", "-Y", "verify", "-f", str(allowed), *words],
        input=report.read_bytes(), capture_output=True, check=False,
    )  # fmt: skip
    assert alone.returncode == 0
    report.write_text(report.read_text() + "\n")
    changed = forensics("attest", "verify", report, "--allowed-signers", allowed)
    assert (changed.code, changed.out) == (1, "")
    assert "no allowed signer" in changed.error()


def test_a_signature_for_something_else_does_not_count(tmp_path: Path, signer: Path) -> None:
    """Nor does that of somebody who is not on the list."""
    report, allowed = tmp_path / "report", tmp_path / "allowed"
    report.write_text("All is well.\n")

    def signed(namespace: str) -> int:
        Path(f"{report}.sig").unlink(missing_ok=True)
        words = ["ssh-keygen", "-q", "-Y", "sign", "-n", namespace, "-f", str(signer), str(report)]
        subprocess.run(words, check=True, stdin=subprocess.DEVNULL, capture_output=True)
        return forensics("attest", "verify", report, "--allowed-signers", allowed).code

    assert signed("git-forensics") == 0
    assert signed("file") == 1
    _, _, public = allowed.read_text().partition(" ")
    allowed.write_text("ada@acme.example " + public.replace("AAAAC3", "AAAAC4"))
    assert signed("git-forensics") == 1


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (["ab12"], "--before"),
        (["--before", ".", "--values", "-"], "exclude each other"),
        (["--sign", "key"], "--output"),
        (["--values", "-"], "no values"),
        (["-o", "."], "directory"),
        (["verify", "nothing", "--allowed-signers", "nobody"], "cannot be read"),
        (["verify"], "REPORT"),
        (["--before", "nowhere"], "nowhere does not exist"),
        (["-C", "nowhere"], "nowhere does not exist"),
    ],
)
def test_wrong_usage_is_one_line_and_2(in_a_stash: Story, words: list[str], complaint: str) -> None:
    """It says what to do instead."""
    done = forensics("attest", *words, cwd=in_a_stash.path)
    assert (done.code, done.out) == (2, "")
    assert complaint in done.error()


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        (b"abc", "3 bytes"),
        (b"x" * 70_000, "70,000 bytes"),
        (b"base64:%%%", "not base64"),
        ("some-value\n".encode("utf-16"), "UTF-8"),
        (b"some-value-1234==>REMOVED", "filter-repo"),
        (b"literal:some-value-1234", "filter-repo"),
    ],
)
def test_a_value_that_cannot_be_looked_for_is_named_by_its_line(
    in_a_stash: Story, line: bytes, complaint: str
) -> None:
    """And never quoted."""
    given = token() + b"\n" + line + b"\n"
    done = forensics("attest", "-C", in_a_stash.path, "--values", "-", given=given)
    assert done.code == 2
    assert "line 2" in done.error()
    assert complaint in done.err
    assert line.decode("latin-1")[:60] not in done.err.replace("base64:", "")


@pytest.mark.parametrize("start", ["ffff", ""])
def test_a_fingerprint_must_mean_one_secret(
    same_value_in_three_environments: Story, acme_repository: Path, start: str
) -> None:
    """None, or several, is wrong usage."""
    path = same_value_in_three_environments.path
    done = forensics("attest", start, "-C", path, "--before", acme_repository)
    assert done.code == 2
    assert "fingerprint with that start" in done.error()


def test_a_report_that_is_there_is_not_overwritten(in_a_stash: Story, tmp_path: Path) -> None:
    """It may be evidence."""
    report = tmp_path / "report"
    report.write_text("evidence")
    done = forensics("attest", "-C", in_a_stash.path, "-o", report)
    assert done.code == 2
    assert "another file" in done.error()
    assert report.read_text() == "evidence"


def test_every_object_is_named_as_json(tmp_path: Path) -> None:
    """With the refs that lead to it; for people the first five, and how many more there are."""
    builder, _ = begin(tmp_path / "repository")
    for number in range(7):
        builder.write(f"{number}.env", b"%d\n" % number + setting(token()))
        builder.commit(f"Add {number}")
        builder.tag(f"v{number}")
    words = ("attest", "-C", builder.path, "--values", "-")
    (one,) = json.loads(forensics(*words, "-f", "json", given=token()).out)["secrets"]
    assert one["places_by_lead"] == {"ref": 7}
    listed = git(builder.path, "ls-tree", "-r", "--format=%(objectname) %(path)", "HEAD").decode()
    assert [f"{place['oid']} {place['path']}" for place in one["places"]] == [
        line for line in listed.splitlines() if line.endswith(".env")
    ]
    for place in one["places"]:
        contain = git(
            builder.path, "for-each-ref", "--format=%(refname)", "--contains", place["commit"]
        ).decode().split()  # fmt: skip
        assert place["refs"] == len(contain)
        assert place["name"] == contain[0]
    lines = forensics(*words, given=token()).out.splitlines()
    assert sum(line.startswith("      blob ") for line in lines) == 5
    assert "      and 2 more, which the report as JSON names" in lines
