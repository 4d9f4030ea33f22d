"""`forensics scan URL`: mirrors of repositories elsewhere, brought up to date by each scan."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from fixtures_repos.builder import Builder
from fixtures_repos.git import git
from fixtures_repos.lfs import pointer
from fixtures_repos.stories.story import setting, token
from tests.cli.command import forensics
from tests.cli.git_server import GitServer, serving

pytestmark = pytest.mark.usefixtures("key")

LOGIN = "ada:" + token(40).decode()


@pytest.fixture(autouse=True)
def no_mirrors(warm_cache: Path) -> Iterator[None]:
    """Of compiled rules there are those of other tests, of mirrors none."""
    yield
    shutil.rmtree(warm_cache / "git-forensics" / "mirrors", ignore_errors=True)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[GitServer]:
    """A server without repositories."""
    root = tmp_path / "served"
    root.mkdir()
    with serving(root) as running:
        yield running


@pytest.fixture
def told(server: GitServer) -> Builder:
    """A bare repository there whose branch `trunk` leaks."""
    made = Builder(server.root / "team.git", bare=True)
    made.write("settings.py", setting(token()))
    made.commit("Add settings")
    made.branch("trunk")
    made.checkout("trunk")
    made.drop_branch("main")
    return made


def mirrors() -> Path:
    return Path(os.environ["XDG_CACHE_HOME"]) / "git-forensics" / "mirrors"


def the_mirror() -> Path:
    """The only one."""
    (found,) = (one for one in mirrors().iterdir() if one.suffix == ".git")
    return found


def test_a_repository_elsewhere_is_scanned(server: GitServer, told: Builder) -> None:
    """As one here; the second time nothing is read again, and other commands take its URL."""
    url = server.url("team.git")
    done = forensics("scan", url, "-f", "jsonl")
    (one,) = done.lines
    assert (done.code, one["path"], one["status"]) == (1, "settings.py", "present")
    listed = forensics("findings", url, "-f", "jsonl")
    assert listed.lines == done.lines
    shown = forensics("show", one["secret"][:12], url, "--reveal")
    assert token().decode() in shown.out
    again = forensics("scan", url)
    assert "0 read" in again.out
    assert git(the_mirror(), "symbolic-ref", "HEAD").strip() == b"refs/heads/trunk"


def test_programs_are_told_how_far_a_fetch_is(server: GitServer, told: Builder) -> None:
    """As of a scan: a phase, with its share of the whole."""
    done = forensics("scan", server.url("team.git"), "--progress", "lines", "-f", "jsonl")
    told_of = [json.loads(line) for line in done.err.splitlines() if line.startswith("{")]
    phases = [one.get("phase") for one in told_of]
    assert phases.index("asking for refs") < phases.index("fetching")
    assert "receiving objects, 100%" in phases


def test_what_is_new_there_is_fetched_and_what_is_gone_is_kept(
    server: GitServer, told: Builder
) -> None:
    """A history that was rewritten after the leak still tells of it."""
    url = server.url("team.git")
    forensics("scan", url)
    told.reset(told.head)
    clean = Builder(server.root / "clean.git", bare=True)
    clean.write("other.py", setting(token(3)))
    clean.commit("Start again")
    git(told.path, "fetch", "-q", str(clean.path), "+refs/heads/main:refs/heads/trunk")
    git(told.path, "update-ref", "refs/pull/7/head", "refs/heads/trunk")
    done = forensics("scan", url, "-f", "jsonl")
    assert {(one["path"], one["status"]) for one in done.lines} == {
        ("settings.py", "unreachable"),
        ("other.py", "present"),
    }
    refs = git(the_mirror(), "for-each-ref", "--format=%(refname)").split()
    assert refs == [b"refs/heads/trunk", b"refs/pull/7/head"]


def test_mirrors_are_private_and_hold_no_hooks(server: GitServer, told: Builder) -> None:
    """Nobody else may read what nobody else was let in to."""
    forensics("scan", server.url("team.git"))
    for folder in (mirrors(), the_mirror()):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert not (the_mirror() / "hooks").exists()


def test_credentials_are_used_and_never_kept(
    server: GitServer, told: Builder, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Not in the mirror, its index, what is printed, what git is called with, or what helpers of
    the user's are told to keep."""
    server.login = LOGIN
    calls = tmp_path / "calls"
    spy = tmp_path / "bin" / "git"
    spy.parent.mkdir()
    real = git(tmp_path, "--exec-path").decode().strip()
    spy.write_text(f'#!/bin/sh\necho "$@" >> {calls}\nexec {real}/git "$@"\n')
    spy.chmod(0o755)
    monkeypatch.setenv("PATH", f"{spy.parent}:{os.environ['PATH']}")
    kept = tmp_path / "kept"
    Path(os.environ["HOME"], ".gitconfig").write_text(
        f"[credential]\n\thelper = store --file={kept}\n"
    )
    url = server.url("team.git", LOGIN)
    done = forensics("scan", url)
    assert done.code == 1
    assert LOGIN in server.seen
    assert not kept.exists()
    secret = LOGIN.partition(":")[2].encode()
    for file in (one for one in mirrors().rglob("*") if one.is_file()):
        assert secret not in file.read_bytes(), file
    assert secret not in calls.read_bytes()
    assert "fetch" in calls.read_text()
    assert secret.decode() not in done.out + done.err
    # One mirror, whoever asks; and the index is found under either name.
    assert forensics("findings", server.url("team.git"), "-f", "jsonl").lines
    assert forensics("scan", server.url("team.git", "ben:wrong")).code == 2
    assert the_mirror()
    sarif = json.loads(forensics("findings", url, "-f", "sarif").out)
    assert secret.decode() not in json.dumps(sarif)
    assert sarif["runs"][0]["versionControlProvenance"][0]["repositoryUri"] == server.url(
        "team.git"
    )


def test_credential_helpers_of_the_user_are_asked(server: GitServer, told: Builder) -> None:
    """Where the URL has none."""
    server.login = LOGIN
    user, _, password = LOGIN.partition(":")
    Path(os.environ["HOME"], ".gitconfig").write_text(
        "[credential]\n"
        f'\thelper = "!f() {{ echo username={user}; echo password={password}; }}; f"\n'
    )
    assert forensics("scan", server.url("team.git")).code == 1


def test_credentials_go_to_no_other_host(server: GitServer, told: Builder, tmp_path: Path) -> None:
    """A server that sends requests on gets to know them; where it sends them does not."""
    server.redirect = "http://localhost:1"
    with serving(server.root) as other:
        other.login = LOGIN
        server.redirect = f"http://127.0.0.1:{other.port}"
        assert forensics("scan", server.url("team.git", LOGIN)).code == 2
        assert LOGIN not in other.seen


@pytest.mark.parametrize(
    ("name", "login", "words"),
    [
        ("other.git", "", "there is no repository at"),
        ("team.git", "", "is private or not there"),
        ("team.git", "ada:wrong", "is private or not there"),
    ],
)
def test_what_lets_nobody_in_is_one_line(
    server: GitServer, told: Builder, name: str, login: str, words: str
) -> None:
    """2, with the address as it can be shown, and what to do."""
    server.login = "" if name == "other.git" else LOGIN
    done = forensics("scan", server.url(name, login))
    assert done.code == 2
    error = done.error()
    assert words in error
    assert server.url(name) in error
    assert "wrong" not in error


def test_a_server_cannot_have_credentials_printed(server: GitServer, told: Builder) -> None:
    """It knows them, and may say them again in its complaint."""
    server.error = f"go away, {LOGIN} \x1b[2J"
    done = forensics("scan", server.url("team.git", LOGIN))
    assert done.code == 2
    assert "go away" in done.error()
    assert LOGIN.partition(":")[2] not in done.err
    assert "\x1b" not in done.err


def test_a_server_that_is_not_there_is_one_line(server: GitServer) -> None:
    """2, and no mirror."""
    done = forensics("scan", "http://127.0.0.1:1/team.git")
    assert (done.code, "cannot be reached" in done.error()) == (2, True)
    assert not [one for one in mirrors().iterdir() if one.suffix == ".git"]


def test_a_clone_that_breaks_off_is_no_mirror(server: GitServer, told: Builder) -> None:
    """The next scan starts again; until then no command takes what is there for the repository."""
    url = server.url("team.git")
    server.cut_off = 100
    assert forensics("scan", url).code == 2
    assert "was not scanned" in forensics("findings", url).error()
    server.cut_off = 0
    assert forensics("scan", url).code == 1


def test_two_scans_do_not_fetch_at_once(server: GitServer, told: Builder) -> None:
    """The second one says so."""
    url = server.url("team.git")
    forensics("scan", url)
    with the_mirror().with_name(f"{the_mirror().name}.lock").open() as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        done = forensics("scan", url)
    assert (done.code, "another process fetches" in done.error()) == (2, True)


def test_settings_of_the_mirror_are_ours(server: GitServer, told: Builder, tmp_path: Path) -> None:
    """Whatever stands there or in the user's own configuration, no hook runs."""
    url = server.url("team.git")
    forensics("scan", url)
    ran = tmp_path / "ran"
    hooks = tmp_path / "hooks"
    hooks.mkdir()
    (hooks / "reference-transaction").write_text(f"#!/bin/sh\ntouch {ran}\n")
    (hooks / "reference-transaction").chmod(0o755)
    git(the_mirror(), "config", "core.hooksPath", str(hooks))
    Path(os.environ["HOME"], ".gitconfig").write_text(f"[core]\n\thooksPath = {hooks}\n")
    told.write("more.py", setting(token(5)))
    told.commit("More")
    assert len(forensics("scan", url, "-f", "jsonl").lines) == 2
    assert not ran.exists()
    assert b"hooksPath" not in (the_mirror() / "config").read_bytes()


@pytest.mark.parametrize("object_format", ["sha1", "sha256"])
def test_file_urls_are_asked_for_by_name(tmp_path: Path, object_format: str) -> None:
    """Of either hash; pointers of LFS come without their payloads, which are counted."""
    made = Builder(tmp_path / "here", object_format=object_format)  # type: ignore[arg-type]
    made.write("settings.py", setting(token()))
    made.write("large.bin", pointer(b"large"))
    made.commit("Add settings")
    done = forensics("scan", f"file://{made.path}")
    assert done.code == 1
    assert "1 LFS payload" in done.out


def test_a_repository_without_commits_is_scanned(server: GitServer) -> None:
    """Nothing is there, which is no error."""
    Builder(server.root / "empty.git", bare=True)
    assert forensics("scan", server.url("empty.git")).code == 0


def test_refs_that_a_hostile_server_makes_up_leave_the_mirror_alone(
    server: GitServer, told: Builder
) -> None:
    """Names that lead elsewhere are passed over, for HEAD too, and what is sound is scanned."""
    oid = git(told.path, "rev-parse", "trunk").decode().strip()
    made_up = ("refs/heads/../../config", "refs/heads/../../hooks/update", "refs/heads/a.lock")
    server.refs = [(oid, one) for one in ("HEAD", *made_up, "refs/heads/trunk")]
    server.head = "refs/heads/../../config"
    assert forensics("scan", server.url("team.git")).code == 1
    config = (the_mirror() / "config").read_text()
    assert config.startswith("[core]\nrepositoryformatversion = 0\n")
    assert not (the_mirror() / "hooks").exists()
    names = git(the_mirror(), "for-each-ref", "--format=%(refname)").split()
    assert names == [b"refs/heads/trunk"]


def test_a_folder_is_no_url(server: GitServer, told: Builder) -> None:
    """Files of a folder are read where they are."""
    done = forensics("scan", "--dir", server.url("team.git"))
    assert (done.code, "--dir takes no URL" in done.error()) == (2, True)


def test_ssh_is_called_without_a_terminal(
    tmp_path: Path, told: Builder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`git@host:path` goes through ssh, which may ask nobody; the user may name another."""
    calls = tmp_path / "calls"
    spy = tmp_path / "bin" / "ssh"
    spy.parent.mkdir()
    spy.write_text(f'#!/bin/sh\necho "$@" >> {calls}\nfor last; do :; done\neval "exec $last"\n')
    spy.chmod(0o755)
    monkeypatch.setenv("PATH", f"{spy.parent}:{os.environ['PATH']}")
    assert forensics("scan", f"git@host.example:{told.path}").code == 1
    assert "BatchMode=yes" in calls.read_text()
    assert "git@host.example git-upload-pack" in calls.read_text()
