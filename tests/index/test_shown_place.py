"""Which secrets are masked in what is shown of some paths."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from detectors.template import expand
from fixtures_repos.builder import Builder
from forensics.index.database import create_or_open
from forensics.index.shown_place import fingerprints_at
from tests.scan.scanning import ALL_RULES, KEY, fingerprint, scan

VALUE = expand("{alnum:24}", 41)


def test_a_secret_in_the_name_of_a_file_is_one_at_its_path(tmp_path: Path) -> None:
    """Also where no rule sees it in the name, so that the index has that masked."""
    name = b"conf/x%s/a.txt" % VALUE
    builder = Builder(tmp_path / "r")
    builder.write(name, "1\n")
    builder.commit("One")
    builder.write("a.env", b"DB_PASSWORD=%s\n" % VALUE)
    builder.commit("Two")
    index = tmp_path / "index.db"
    scan(builder.path, index, setup=ALL_RULES)
    with closing(create_or_open(index, KEY)) as connection:
        assert fingerprints_at(connection, KEY, 1, [name], 9) == [fingerprint(VALUE)]
        assert fingerprints_at(connection, KEY, 1, [b"other"], 9) == []
