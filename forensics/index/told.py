"""What an earlier placing read and worked out, so that the next one need not."""

from __future__ import annotations

from forensics.index.records import Commit, EventKey, Person, Told
from forensics.index.swept import SweptRows

__all__ = ["ToldRows"]


class ToldRows(SweptRows):
    """What the writer knows of what was placed before."""

    def commits_known(self) -> dict[bytes, Commit]:
        """Commits as an earlier placing read them."""
        rows = self._db.execute(
            "SELECT oid, a.name, a.email, author_time, author_offset, c.name, c.email,"
            " commit_time, commit_offset FROM git_commit JOIN person AS a ON a.id = author_id"
            " JOIN person AS c ON c.id = committer_id WHERE repository_id = ?",
            (self.repository,),
        )
        return {
            row[0]: Commit(
                row[0],
                Person(row[1], row[2]),
                row[3],
                row[4],
                Person(row[5], row[6]),
                row[7],
                row[8],
            )
            for row in rows
        }

    def events_known(self) -> dict[EventKey, Told]:
        """What an earlier placing found out about events."""
        rows = self._db.execute(
            "SELECT event.id, secret.fingerprint, path.shown, path.fingerprint, git_commit.oid,"
            " kind, how, event.slot, via, uncertain, related_id FROM occurrence_event AS event"
            " JOIN occurrence ON occurrence.id = occurrence_id"
            " JOIN secret ON secret.id = secret_id JOIN git_commit ON git_commit.id = commit_id"
            " LEFT JOIN path ON path.id = path_id WHERE occurrence.repository_id = ?",
            (self.repository,),
        ).fetchall()
        keys = {
            row[0]: EventKey(row[1], None if row[2] is None else (row[2], row[3]), row[4], row[5])
            for row in rows
        }
        return {
            keys[row[0]]: Told(row[6], row[7], row[8], row[9], keys.get(row[10])) for row in rows
        }

    def slots_known(self) -> dict[tuple[bytes, tuple[bytes, bytes], bytes], str | None]:
        """By fingerprint, path and blob: the slots in which secrets stood at tips."""
        rows = self._db.execute(
            "SELECT secret.fingerprint, path.shown, path.fingerprint, here, slot FROM occurrence"
            " JOIN secret ON secret.id = secret_id JOIN path ON path.id = path_id"
            " WHERE repository_id = ? AND here <> x''",
            (self.repository,),
        )
        return {(row[0], (row[1], row[2]), row[3]): row[4] for row in rows}
