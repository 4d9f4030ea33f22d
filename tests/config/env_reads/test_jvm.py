"""Environment variables that Java, Kotlin and Spring read."""

from __future__ import annotations

from tests.config.env_reads.told import defaults


def test_java_reads_getenv_and_value() -> None:
    """With `orElse`, `getOrDefault` and what follows the colon as defaults."""
    code = """
        class A {
            // System.getenv("NO_A")
            @Value("${A_A:x}") String a;
            @Value("${B_B}") String b;
            @Value("${some.property}") String p;
            String c = System.getenv("C_C");
            String d = System.getenv().getOrDefault("D_D", "x");
            String e = Optional.ofNullable(System.getenv("E_E")).orElse("x");
            String f = System.getenv("F_F") != null ? System.getenv("F_F") : "x";
            String g = System.getenv(name);
        }
        """
    assert defaults("A.java", code) == {
        "A_A": "literal", "B_B": "required", "C_C": "none", "D_D": "literal", "E_E": "literal",
        "F_F": "literal", "<dynamic>": "none",
    }  # fmt: skip


def test_kotlin_has_defaults_behind_elvis() -> None:
    """And fails where it throws there."""
    code = """
        class A(@Value("\\${A_A:x}") val a: String) {
            val b = System.getenv("B_B") ?: "x"
            val c = System.getenv()["C_C"]
            val d = System.getenv("D_D") ?: throw Missing()
        }
        """
    assert defaults("A.kt", code) == {
        "A_A": "literal", "B_B": "literal", "C_C": "none", "D_D": "required",
    }  # fmt: skip


def test_spring_puts_variables_into_its_files() -> None:
    """Names in small letters are properties, and comments are none."""
    code = "a: ${A_A:x}\nb: ${B_B}\nc: ${c.d}\n# ${NO_A}\nd: ${D_D:}\n"
    path = "src/main/resources/application-prod.yml"
    assert defaults(path, code) == {"A_A": "literal", "B_B": "required", "D_D": "empty"}
    assert not defaults("deploy/values.yml", code)
