"""Environment variables that Rust reads."""

from __future__ import annotations

from tests.config.env_reads.told import defaults


def test_what_is_done_with_the_result_tells_the_default() -> None:
    """`?`, `unwrap` and `expect` need it, `ok` and patterns ask for it."""
    code = """
        // env::var("NO_A")
        fn f() -> R {
            let a = std::env::var("A_A")?;
            let b = env::var("B_B").unwrap();
            let c = env::var("C_C").unwrap_or("x".into());
            let d = env::var("D_D").unwrap_or_else(|_| compute());
            let e = env::var("E_E").map(|x| x).unwrap_or_default();
            if let Ok(x) = env::var("F_F") {}
            let g = env::var("G_G").ok();
            let h = dotenvy::var("H_H").expect("H_H");
            let i = env!("I_I");
            let j = option_env!("J_J");
            let k = env::var(name);
        }
        struct Arguments {
            #[arg(long, env = "K_K", default_value = "x")]
            k: String,
            #[clap(long, env = "L_L")]
            l: String,
        }
        """
    assert defaults("a.rs", code) == {
        "A_A": "required", "B_B": "required", "C_C": "literal", "D_D": "expression",
        "E_E": "empty", "F_F": "none?", "G_G": "none?", "H_H": "required", "I_I": "required",
        "J_J": "none?", "<dynamic>": "none", "K_K": "literal", "L_L": "none?",
    }  # fmt: skip
