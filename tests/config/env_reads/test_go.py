"""Environment variables that Go reads."""

from __future__ import annotations

from tests.config.env_reads.told import defaults, found


def test_getenv_is_followed_to_the_test_after_it() -> None:
    """What happens where it is empty tells the default."""
    code = """
        package m
        func f() {
            a := os.Getenv("A_A")
            b := os.Getenv("B_B")
            if b == "" { b = "x" }
            c := os.Getenv("C_C")
            if c == "" { log.Fatal("C_C") }
            if os.Getenv("D_D") == "true" {}
            if e := os.Getenv("E_E"); e != "" {}
            f, ok := os.LookupEnv("F_F")
            g := os.Getenv(name)
            // os.Getenv("NO_A")
            use(a, f, ok, g)
        }
        """
    assert defaults("a.go", code) == {
        "A_A": "none", "B_B": "expression", "C_C": "required", "D_D": "none?", "E_E": "none?",
        "F_F": "none?", "<dynamic>": "none",
    }  # fmt: skip


def test_tags_of_structures_are_reads() -> None:
    """caarlos0/env and envconfig; under a prefix that is not known the name is not certain."""
    code = """
        package m
        type Config struct {
            A string `env:"A_A" envDefault:"x"`
            B string `json:"b" env:"B_B,required"`
            C string `envconfig:"C_C" required:"true"`
            D string `json:"env"`
        }
        """
    told = {one.name: (one.default, one.certain) for one in found("a.go", code)}
    assert told == {
        "A_A": ("literal", True), "B_B": ("required", True), "C_C": ("required", False),
    }  # fmt: skip


def test_helpers_viper_and_flags_are_known() -> None:
    """A flag can be given instead, so its variable is optional."""
    code = """
        package m
        func f() {
            a := getEnv("A_A", "x")
            b := mustGetenv("B_B")
            viper.BindEnv("c", "C_C")
            d := &cli.StringFlag{EnvVars: []string{"D_D"}}
        }
        """
    assert defaults("a.go", code) == {
        "A_A": "literal", "B_B": "required", "C_C": "none?", "D_D": "none?",
    }  # fmt: skip
