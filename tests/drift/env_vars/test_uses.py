"""Every read of a tree as rows."""

from __future__ import annotations

from pathlib import Path

from forensics.drift.env_vars import uses
from forensics.git.commit_tree import read_tree
from forensics.git.repository import open_repository
from forensics.git.resolve import named_commit
from forensics.git.single import single_objects
from tests.drift.env_vars.linting import tell


def test_each_read_is_a_row_with_its_language(tmp_path: Path) -> None:
    """Test code too, marked; in the order of the files."""
    told = tell(
        tmp_path,
        {
            "a.py": 'import os\nos.environ["A_A"]\n',
            "tests/test_a.py": 'import os\nos.getenv("B_B", "x")\n',
            "web/package.json": "{}",
            "web/c.ts": "process.env.C_C;\n",
        },
    )
    repository = open_repository(told.path)
    with single_objects(repository) as single, repository.git() as git:
        tree = read_tree(git, named_commit(repository, "HEAD").oid)
        rows = list(uses(tree, lambda oid: single.read(oid)[1]))
    assert [
        (one.path, one.line, one.name, one.language, one.default, one.test, one.component)
        for one in rows
    ] == [
        (b"a.py", 2, "A_A", "python", "required", False, ""),
        (b"tests/test_a.py", 2, "B_B", "python", "literal", True, ""),
        (b"web/c.ts", 1, "C_C", "typescript", "none", False, "web"),
    ]
