"""Stories of a secret in what is no file: messages, tags, notes, names."""

from __future__ import annotations

from pathlib import Path

from fixtures_repos.builder import BEN, Builder
from fixtures_repos.stories.story import PLACE, Story, begin, setting, token

__all__ = [
    "in_a_branch_name",
    "in_a_commit_message",
    "in_a_note",
    "in_a_path_name",
    "in_a_tag_message",
    "in_a_tag_only",
    "in_an_author_name",
    "names_in_any_bytes",
]


def _text() -> str:
    return token().decode()


def in_a_tag_only(path: Path) -> Story:
    """A commit with a token hangs from the tag v1.0 and from no branch."""
    builder, commits = begin(path)
    builder.detach()
    builder.write(PLACE, setting(token()))
    commits["leak"] = builder.commit("Deploy from CI", author=BEN)
    builder.tag("v1.0")
    builder.checkout("main")
    builder.forget_reflogs()
    return Story(builder.populate(), token(), commits)


def in_a_tag_message(path: Path) -> Story:
    """The message of the annotated tag v1.0 tells the token it was published with."""
    builder, commits = begin(path)
    tag = builder.tag("v1.0", f"Version 1.0\n\nPublished with {_text()}", author=BEN)
    return Story(builder.populate(), token(), commits, place=b"", ids={"tag": tag})


def in_a_commit_message(path: Path) -> Story:
    """A commit message quotes the command that was run, token included."""
    builder, commits = begin(path)
    builder.write("README.md", "# Parcels\n\nPublished.\n")
    message = f"Publish\n\ncurl -H 'Authorization: token {_text()}' https://api.github.com"
    commits["leak"] = builder.commit(message, author=BEN)
    return Story(builder.populate(), token(), commits, place=b"")


def in_a_note(path: Path) -> Story:
    """A note on the first commit holds the token."""
    builder, commits = begin(path)
    commits["note"] = builder.note(f"Deployed with {_text()}")
    return Story(builder.populate(), token(), commits, place=commits["start"].encode())


def in_a_path_name(path: Path) -> Story:
    """A file is named after the token; its content is harmless, and it is deleted again."""
    builder, commits = begin(path)
    place = f"responses/{_text()}.json"
    builder.write(place, '{"login": "acme-bot"}\n')
    commits["leak"] = builder.commit("Record responses", author=BEN)
    builder.delete(place)
    commits["delete"] = builder.commit("Remove recorded responses")
    return Story(builder.populate(), token(), commits, place=place.encode())


def in_an_author_name(path: Path) -> Story:
    """A job committed under the name `token GHP…`, having mixed up two variables."""
    builder, commits = begin(path)
    builder.write("CHANGELOG.md", "- Released\n")
    author = b"token %s <bot@acme.example>" % token()
    commits["leak"] = builder.commit("Update the change log", author=author)
    return Story(builder.populate(), token(), commits, place=b"")


def in_a_branch_name(path: Path) -> Story:
    """A branch is named after the token."""
    builder, commits = begin(path)
    builder.branch(f"ci/{_text()}")
    builder.write("ci.txt", "green\n")
    commits["leak"] = builder.commit("Try the pipeline", author=BEN)
    builder.checkout("main")
    builder.forget_reflogs()
    return Story(builder.populate(), token(), commits, place=b"")


def names_in_any_bytes(path: Path) -> Story:
    """Tokens under paths with a newline, a terminal escape, invalid UTF-8 and a tab.

    The author's name clears the screen, the subject rings the bell, and the
    repository is bare, since no file system must hold such names.
    """
    builder = Builder(path, bare=True)
    places = [
        b"two\nlines.env",
        b"\x1b[2Jcleared.env",
        b"latin-\xe9\xff.env",
        b'tab\t"quoted"\\.env',
        "über/\u202ederorrim.env".encode(),
        b" -n leading.env",
    ]
    others = {}
    for seed, place in enumerate(places, 1):
        builder.write(place, setting(token(seed)))
        others[place.decode(errors="backslashreplace")] = token(seed)
    author = b"Mallory \x1b[2J\x1b]0;owned\x07\xff <mallory@acme.example>"
    commits = {"leak": builder.commit(b"Ring \x07 \x1b[31mred\xff\r\n\nA body.\n", author=author)}
    return Story(path, token(1), commits, place=places[0], others=others)
