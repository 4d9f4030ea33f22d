"""Reading code never raises, and is bounded."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forensics.config.env_reads import is_test, reads

PATHS = (
    b"a.py", b"a.js", b"a.ts", b"a.tsx", b"a.vue", b"a.go", b"a.rb", b"a.java", b"a.kt", b"a.php",
    b"a.cs", b"a.rs", b"a.sh", b"Dockerfile", b"compose.yml", b"Makefile", b"application.yml",
)  # fmt: skip
PIECES = (
    b"os.environ[", b"process.env", b".A_A", b'"A_A"', b"ENV.fetch(", b"getenv(", b"${A_A", b":-",
    b"os.Getenv(", b"env::var(", b"class A(BaseSettings):\n a: int", b")", b"]", b"}", b"{", b"\n",
    b" = ", b" or ", b" ?? ", b"if ", b"\xff", b"<script>", b"@Value(", b"ARG A=", b"import os\n",
)  # fmt: skip


@given(st.sampled_from(PATHS), st.lists(st.sampled_from(PIECES), max_size=30).map(b"".join))
def test_broken_code_is_read_as_far_as_it_goes(path: bytes, code: bytes) -> None:
    """Names are names, and lines are lines of the file."""
    for one in reads(path, code):
        assert 1 <= one.line <= code.count(b"\n") + 1
        assert one.name == "" or one.name.replace("_", "").isalnum()


def test_large_and_binary_files_are_left_alone() -> None:
    """More than a megabyte, or a zero byte near the start, or a line that a program wrote."""
    code = b'import os\nos.environ["A_A"]\n'
    assert reads(b"a.py", code)
    assert not reads(b"a.py", code + b"#" * (1 << 20))
    assert not reads(b"a.py", code + b"\0")
    assert not reads(b"a.js", b"process.env.A_A;" * 2_000)


def test_long_chains_and_open_ends_are_no_trouble() -> None:
    """However deep something nests, and whatever is never closed."""
    chain = b"const a = process.env.A_A" + b"\n || b" * 20_000 + b"\n || 'x';\n"
    (one,) = reads(b"a.js", chain)
    assert one.default == "expression"
    assert not reads(b"a.vue", b"<script>\n process.env.A_A\n" * 20_000)
    assert not reads(b"a.vue", b"env <script" * 50_000)
    nested = b"(" * 20_000 + b"\nprocess.env.A_A" + b")" * 20_000
    assert {one.name for one in reads(b"a.js", nested.replace(b"((((", b"((((\n"))} <= {"A_A"}


def test_code_in_no_known_language_has_none() -> None:
    """The name decides."""
    assert not reads(b"a.txt", b'os.environ["A_A"]')
    assert not reads(b"types.d.ts", b"process.env.A_A")


@pytest.mark.parametrize(
    ("path", "test"),
    [
        (b"tests/a.py", True), (b"src/__tests__/a.ts", True), (b"a.spec.ts", True),
        (b"pkg/a_test.go", True), (b"spec/a_spec.rb", True), (b"src/test/java/A.java", True),
        (b"src/testing_ground.py", False), (b"src/latest/a.py", False), (b"src/contest.ts", False),
    ],
)  # fmt: skip
def test_test_code_is_marked(path: bytes, test: bool) -> None:
    """By where it lives and what it is called."""
    assert is_test(path) is test
