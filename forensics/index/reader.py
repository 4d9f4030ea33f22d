"""Questions to the index. The command line and the TUI ask the same ones."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence

from forensics.errors import UsageProblem
from forensics.index.browse.sql import Sql
from forensics.index.quarantine import jobs
from forensics.index.records import AWAY, Finding
from forensics.index.triage import Triaged, decisions
from forensics.key import Key

__all__ = ["IndexReader"]

_SEVERITY = (
    "CASE severity WHEN 'critical' THEN 0 WHEN 'high' THEN 1 WHEN 'medium' THEN 2 ELSE 3 END"
)
_AWAY = f"coalesce(triaged.state, '') IN ({','.join(map(repr, sorted(AWAY)))})"
_REACH = (
    "CASE {} WHEN 'branch' THEN 0 WHEN 'tag' THEN 1 WHEN 'stash' THEN 2 WHEN 'reflog' THEN 3"
    " ELSE 4 END"
)

_FINDINGS = f"""
SELECT lower(hex(secret.fingerprint)), rule.name, title, severity, sighting.confidence,
    sighting.preview, secret.length, character_class, checksum, repository.path, object.kind,
    path.shown,
    start_line, end_line, start_column, end_column, start_byte, end_byte, lower(hex(object.oid)),
    CASE WHEN introduced.oid IS NOT NULL THEN lower(hex(introduced.oid)) END,
    author.name, author.email, introduced.commit_time, introduced.commit_offset,
    CASE WHEN at_tip THEN NULL ELSE (
        SELECT lower(hex(git_commit.oid)) FROM occurrence_event
        JOIN git_commit ON git_commit.id = commit_id
        WHERE occurrence_id = occurrence.id AND occurrence_event.kind = 'removed'
        ORDER BY {_REACH.format("git_commit.reach")}, sequence DESC LIMIT 1) END,
    occurrence.reach, at_head, at_tip, object.gone, facts, reasons, decoded, partner_line,
    ignored_by, triaged.state, occurrence.id
FROM finding
JOIN occurrence ON occurrence.id = finding.occurrence_id
JOIN sighting ON sighting.id = finding.sighting_id
JOIN secret ON secret.id = occurrence.secret_id
JOIN rule ON rule.id = sighting.rule_id
JOIN object ON object.id = occurrence.object_id
JOIN repository ON repository.id = occurrence.repository_id
LEFT JOIN path ON path.id = path_id
LEFT JOIN triaged ON triaged.fingerprint = secret.fingerprint
LEFT JOIN git_commit AS introduced ON introduced.id = (
    SELECT commit_id FROM occurrence_event JOIN git_commit ON git_commit.id = commit_id
    WHERE occurrence_id = occurrence.id AND kind = 'introduced'
    ORDER BY {_REACH.format("git_commit.reach")}, sequence LIMIT 1)
LEFT JOIN person AS author ON author.id = introduced.author_id
WHERE {{where}}
ORDER BY ignored_by IS NOT NULL, {_AWAY}, {_SEVERITY}, rule.name, secret.fingerprint, path.shown,
    object.oid, start_byte
"""  # noqa: S608  `where` is one of the constants below


_LEAST_DIGITS = 4
"""Of the start of a fingerprint: with fewer, a slip of the finger names another secret."""


class IndexReader:
    """Reads one index."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection

    def findings(
        self,
        repository: int | None = None,
        *,
        rules: Sequence[str] = (),
        secret: str = "",
        fitting: Sql | None = None,
    ) -> Iterator[Finding]:
        """Every occurrence, worst first; those triaged away and then ignored ones last; in an
        order that is the same every time.

        Args:
            repository: only of this row.
            rules: only of these rules.
            secret: only of the secret whose fingerprint this is.
            fitting: only where this holds, as `Browser.places` gives it.
        """
        terms = ["1"]
        values: list[object] = []
        if repository is not None:
            terms.append("occurrence.repository_id = ?")
            values.append(repository)
        if rules:
            terms.append(f"rule.name IN ({','.join('?' * len(rules))})")
            values.extend(rules)
        if secret:
            terms.append("secret.fingerprint = ?")
            values.append(bytes.fromhex(secret))
        if fitting is not None:
            terms.append(fitting.text)
            values.extend(fitting.values)
        for row in self._db.execute(_FINDINGS.format(where=" AND ".join(terms)), values):
            yield Finding(*row)

    def resolve(self, prefix: str) -> str:
        """The whole fingerprint that starts with `prefix`.

        Raises:
            UsageProblem: no secret's does, or several do.
        """
        digits = prefix.lower().removeprefix("#")
        if not digits or set(digits) - set("0123456789abcdef"):
            raise UsageProblem(  # what was given may be a value: it is not told
                "what names the secret is not the start of a fingerprint",
                "`forensics findings` shows them, after `#`",
            )
        if len(digits) < _LEAST_DIGITS:
            raise UsageProblem(
                f"{digits} may start many fingerprints", f"give {_LEAST_DIGITS} digits or more"
            )
        rows = self._db.execute(
            "SELECT lower(hex(fingerprint)) FROM secret WHERE lower(hex(fingerprint)) LIKE ?"
            " LIMIT 2",
            (digits + "%",),
        ).fetchall()
        if not rows:
            raise UsageProblem(
                f"no secret's fingerprint starts with {digits}", "`forensics findings` shows them"
            )
        if len(rows) > 1:
            raise UsageProblem(f"several fingerprints start with {digits}", "give more digits")
        return str(rows[0][0])

    def advice(self, rule: str) -> tuple[str, str]:
        """Why a rule's secrets matter, and what to do about one."""
        row = self._db.execute("SELECT why, remedy FROM rule WHERE name = ?", (rule,)).fetchone()
        return row[0], row[1]

    def sightings(self, secret: str) -> int:
        """In how many places of how many versions a secret stands."""
        row = self._db.execute(
            "SELECT count(*) FROM sighting JOIN secret ON secret.id = secret_id"
            " WHERE fingerprint = ?",
            (bytes.fromhex(secret),),
        ).fetchone()
        return int(row[0])

    def known(self) -> dict[str, tuple[str, str]]:
        """Rule and preview of every secret, by fingerprint."""
        rows = self._db.execute(
            "SELECT lower(hex(fingerprint)), rule.name, preview FROM secret"
            " JOIN rule ON rule.id = rule_id"
        )
        return {secret: (rule, preview) for secret, rule, preview in rows}

    def decision(self, secret: str) -> Triaged | None:
        """What people decided about a secret last."""
        return next(iter(decisions(self._db, secret)), None)

    def runs_that_saw(self, secret: str) -> dict[str, int]:
        """By commit that brought a secret or took it away, the first run that knew of it."""
        rows = self._db.execute(
            "SELECT lower(hex(git_commit.oid)), min(commit_seen.run_id) FROM place"
            " JOIN secret ON secret.id = secret_id"
            " JOIN occurrence_event ON occurrence_event.occurrence_id = place.occurrence_id"
            " JOIN git_commit ON git_commit.id = commit_id"
            " JOIN commit_seen ON commit_seen.repository_id = git_commit.repository_id"
            " AND commit_seen.oid = git_commit.oid"
            " WHERE fingerprint = ? GROUP BY git_commit.oid",
            (bytes.fromhex(secret),),
        )
        return dict(rows)

    def lines(self) -> dict[str, set[int]]:
        """By the fingerprint of a secret, the lines on which it stands in any version."""
        found: dict[str, set[int]] = {}
        for secret, line in self._db.execute(
            "SELECT DISTINCT lower(hex(fingerprint)), start_line FROM sighting"
            " JOIN secret ON secret.id = secret_id"
        ):
            found.setdefault(secret, set()).add(line)
        return found

    def repositories(self) -> list[int]:
        """Rows of all repositories and folders."""
        return [row[0] for row in self._db.execute("SELECT id FROM repository ORDER BY id")]

    def occurrences(self, repository: int) -> set[int]:
        """Rows of all occurrences in a repository."""
        rows = self._db.execute("SELECT id FROM occurrence WHERE repository_id = ?", (repository,))
        return {row[0] for row in rows}

    def introductions(
        self, repository: int | None = None
    ) -> dict[int, tuple[int, tuple[str, ...]]]:
        """By occurrence, the row of its repository and all commits that introduced it."""
        rows = self._db.execute(
            "SELECT occurrence_id, occurrence.repository_id,"
            " group_concat(lower(hex(git_commit.oid)), ' ')"
            " FROM occurrence_event JOIN occurrence ON occurrence.id = occurrence_id"
            " JOIN git_commit ON git_commit.id = commit_id"
            " WHERE occurrence_event.kind = 'introduced'"
            " AND occurrence.repository_id = coalesce(?, occurrence.repository_id)"
            " GROUP BY occurrence_id",
            (repository,),
        )
        return {one: (row, tuple(commits.split(" "))) for one, row, commits in rows}

    def rules(self) -> set[str]:
        """Ids of the rules that scans into this index looked for."""
        return {row[0] for row in self._db.execute("SELECT name FROM rule")}

    def complete(self, key: Key) -> bool:
        """Whether the last scans ended, and everything in scope could be read, or somebody
        acknowledged that it could not."""
        return not self.unfinished() and all(one.acknowledged for one in jobs(self._db, key))

    def unfinished(self) -> list[bytes]:
        """Repositories not scanned to the end, ever or the last time, as the index shows them."""
        rows = self._db.execute(
            "SELECT path FROM repository WHERE (SELECT finished FROM run"
            " WHERE repository_id = repository.id ORDER BY run.id DESC LIMIT 1) IS NULL"
        )
        return [row[0] for row in rows]

    def repository(self, mark: bytes) -> int | None:
        """The row of the repository whose path has this fingerprint, if it was scanned."""
        row = self._db.execute(
            "SELECT id FROM repository WHERE fingerprint = ?", (mark,)
        ).fetchone()
        return int(row[0]) if row else None
