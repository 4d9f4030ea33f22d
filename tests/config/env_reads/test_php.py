"""Environment variables that PHP reads."""

from __future__ import annotations

from tests.config.env_reads.told import defaults, found


def test_php_reads_tell_their_defaults() -> None:
    """`getenv`, `$_ENV` and Laravel's `env`."""
    code = """<?php
        // getenv("NO_A")
        $a = getenv("A_A");
        $b = getenv("B_B") ?: "x";
        $c = $_ENV["C_C"] ?? "x";
        $d = env('D_D', true);
        $e = env('E_E');
        $f = $_ENV["F_F"] ?? throw new Missing();
        if (!getenv("G_G")) { throw new Missing(); }
        if (isset($_ENV["H_H"])) {}
        $_ENV["NO_B"] = "x";
        $i = $this->env("NO_C");
        """
    assert defaults("a.php", code) == {
        "A_A": "none", "B_B": "literal", "C_C": "literal", "D_D": "literal", "E_E": "none",
        "F_F": "required", "G_G": "required", "H_H": "none?",
    }  # fmt: skip


def test_what_comes_with_a_request_is_no_environment() -> None:
    """And what else `$_SERVER` holds is not certain to be."""
    code = '<?php $a = $_SERVER["HTTP_HOST"]; $b = $_SERVER["REQUEST_URI"]; $c = $_SERVER["C_C"];'
    (one,) = found("a.php", code)
    assert (one.name, one.certain) == ("C_C", False)
