"""Environment variables that Ruby reads."""

from __future__ import annotations

from tests.config.env_reads.told import defaults


def test_env_tells_its_defaults() -> None:
    """`fetch` fails without a name, unless it is given a default or a block."""
    code = """
        a = ENV["A_A"]
        b = ENV["B_B"] || "x"
        c = ENV.fetch("C_C")
        d = ENV.fetch("D_D", "x")
        e = ENV.fetch("E_E") { compute }
        f = ENV["F_F"].presence || "x"
        ENV["G_G"] ||= "1"
        h = ENV["#{name}_URL"]
        """
    assert defaults("a.rb", code) == {
        "A_A": "none", "B_B": "literal", "C_C": "required", "D_D": "literal", "E_E": "expression",
        "F_F": "literal", "G_G": "literal", "<dynamic>": "none",
    }  # fmt: skip


def test_what_is_asked_for_is_optional_and_writes_are_no_reads() -> None:
    """A modifier asks too; `raise … unless` needs it."""
    code = """
        # ENV["NO_A"]
        ENV["NO_B"] = "1"
        start if ENV["A_A"]
        b = ENV["B_B"].present? ? 1 : 2
        c = ENV.key?("C_C")
        raise "x" unless ENV["D_D"]
        pidfile ENV["E_E"] if ENV["E_E"]
        f = ENV.fetch("F_F", nil)
        """
    assert defaults("a.rb", code) == {
        "A_A": "none?", "B_B": "none?", "C_C": "none?", "D_D": "required", "E_E": "none?",
        "F_F": "none?",
    }  # fmt: skip
