"""Figures of a repository, for the summary of a scan."""

from __future__ import annotations

from forensics.index.found import FoundRows
from forensics.index.records import AWAY

__all__ = ["FigureRows"]


class FigureRows(FoundRows):
    """What the writer counts."""

    def commits_walked(self) -> int:
        """Commits whose changes are known."""
        row = self._db.execute(
            "SELECT commits FROM run WHERE repository_id = ? ORDER BY id DESC LIMIT 1",
            (self.repository,),
        ).fetchone()
        return int(row[0]) if row else 0

    def secrets_by_severity(self) -> dict[str, int]:
        """Distinct secrets of the repository that are neither ignored everywhere nor triaged
        away, worst first."""
        counts: dict[str, int] = {}
        for severity, state, count in self._secrets_open():
            if state not in AWAY:
                counts[severity] = counts.get(severity, 0) + count
        worst_first = ("critical", "high", "medium", "low")
        return {severity: counts[severity] for severity in worst_first if severity in counts}

    def triaged_away(self) -> dict[str, int]:
        """Distinct secrets of the repository, by the state in which they no longer count."""
        counts: dict[str, int] = {}
        for _, state, count in self._secrets_open():
            if state in AWAY:
                counts[state] = counts.get(state, 0) + count
        return counts

    def _secrets_open(self) -> list[tuple[str, str | None, int]]:
        """How many secrets are not ignored everywhere, by severity and triage."""
        return self._db.execute(
            "SELECT severity, triaged.state, count(DISTINCT secret.id) FROM finding"
            " JOIN sighting ON sighting.id = sighting_id"
            " JOIN secret ON secret.id = secret_id JOIN rule ON rule.id = secret.rule_id"
            " LEFT JOIN triaged ON triaged.fingerprint = secret.fingerprint"
            " WHERE repository_id = ? AND ignored_by IS NULL GROUP BY 1, 2 ORDER BY 2",
            (self.repository,),
        ).fetchall()

    def ignored(self) -> dict[str, int]:
        """How many findings of the repository are ignored, by what ignores them."""
        return dict(
            self._db.execute(
                "SELECT ignored_by, count(*) FROM finding WHERE repository_id = ?"
                " AND ignored_by IS NOT NULL GROUP BY ignored_by ORDER BY 2 DESC, 1",
                (self.repository,),
            )
        )
