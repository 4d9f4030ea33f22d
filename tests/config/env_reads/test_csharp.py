"""Environment variables that C# reads."""

from __future__ import annotations

from forensics.config.env_reads import reads
from tests.config.env_reads.told import defaults


def test_csharp_reads_tell_their_defaults() -> None:
    """`??` gives one, or throws; asking whether it is empty makes it optional."""
    code = """
        class A {
            // Environment.GetEnvironmentVariable("NO_A")
            string a = Environment.GetEnvironmentVariable("A_A") ?? "x";
            string b = Environment.GetEnvironmentVariable("B_B");
            string c = Environment.GetEnvironmentVariable("C_C") ?? throw new Missing();
            void F() {
                if (string.IsNullOrEmpty(Environment.GetEnvironmentVariable("D_D"))) {}
                var e = Environment.GetEnvironmentVariable("E_E")?.Trim() ?? "";
            }
        }
        """
    assert defaults("A.cs", code) == {
        "A_A": "literal", "B_B": "none", "C_C": "required", "D_D": "none?", "E_E": "empty",
    }  # fmt: skip


def test_what_its_grammar_would_never_finish_is_left_alone() -> None:
    """Thousands of open angles."""
    code = b"GetEnvironmentVariable\n" + b"a<" * 5_000
    assert reads(b"A.cs", code) == ()
