"""Environment variables that Python reads."""

from __future__ import annotations

from tests.config.env_reads.told import defaults, found


def test_os_environ_and_getenv_tell_their_defaults() -> None:
    """A subscript fails without the name; `get` and `getenv` have what they are given."""
    code = """
        import os
        a = os.environ["A_A"]
        b = os.environ.get("B_B")
        c = os.environ.get("C_C", "")
        d = os.getenv("D_D", "x")
        e = os.getenv("E_E") or "x"
        f = os.environ.get("F_F", compute())
        g = int(os.environ.get("G_G", 3))
        """
    assert defaults("a.py", code) == {
        "A_A": "required", "B_B": "none", "C_C": "empty", "D_D": "literal", "E_E": "literal",
        "F_F": "expression", "G_G": "literal",
    }  # fmt: skip


def test_names_imported_from_os_are_known_and_others_are_not() -> None:
    """`environ` of a WSGI application is no environment."""
    imported = 'from os import environ, getenv\na = environ["A_A"]\nb = getenv("B_B")\n'
    assert defaults("a.py", imported) == {"A_A": "required", "B_B": "none"}
    assert not found("a.py", 'def app(environ):\n    return environ["HTTP_HOST"]\n')


def test_comments_strings_and_writes_are_no_reads() -> None:
    """Only code counts, and only what reads."""
    code = """
        import os
        # os.environ["NO_A"]
        text = "os.environ['NO_B']"
        os.environ["NO_C"] = "1"
        del os.environ["NO_D"]
        """
    assert not found("a.py", code)


def test_a_name_that_is_asked_for_is_optional() -> None:
    """Not being set is an answer to a comparison, unless the code fails on it."""
    code = """
        import os
        if os.environ.get("A_A") == "1":
            pass
        if not os.getenv("B_B"):
            raise ValueError("B_B")
        if os.environ.get("C_C"):
            c = os.environ["C_C"]
        "D_D" in os.environ
        try:
            e = os.environ["E_E"]
        except KeyError:
            e = ""
        """
    told = defaults("a.py", code)
    assert told["A_A"] == "none?"
    assert told["B_B"] == "required"
    assert told["D_D"] == "none?"
    assert told["E_E"] == "expression"


def test_a_name_made_up_at_run_time_is_dynamic() -> None:
    """It is told as such, not guessed."""
    (one,) = found("a.py", "import os\nos.environ[prefix + 'A']\n")
    assert (one.name, one.certain) == ("", False)


def test_decouple_environs_and_django_environ_are_known() -> None:
    """They fail without a name that has no default; a scheme gives defaults."""
    assert defaults(
        "a.py", 'from decouple import config\na = config("A_A")\nb = config("B_B", default=1)\n'
    ) == {"A_A": "required", "B_B": "literal"}
    scheme = """
        import environ
        env = environ.Env(A_A=(bool, False))
        a = env("A_A"); b = env.str("B_B", default="x"); c = env.int("C_C")
        """
    assert defaults("a.py", scheme) == {"A_A": "literal", "B_B": "literal", "C_C": "required"}


def test_a_settings_class_reads_a_name_for_each_field() -> None:
    """With its prefix, or under the field's own alias."""
    code = """
        from pydantic_settings import BaseSettings, SettingsConfigDict

        class Settings(BaseSettings):
            model_config = SettingsConfigDict(env_prefix="APP_")
            host: str
            port: int = 80
            key: SecretStr = Field(alias="MY_KEY")
            note: str | None = None
            other: str = Field(default="x", validation_alias=AliasChoices("OTHER_A", "OTHER_B"))
        """
    assert defaults("a.py", code) == {
        "APP_HOST": "required", "APP_PORT": "literal", "MY_KEY": "required",
        "APP_NOTE": "expression", "OTHER_A": "literal",
    }  # fmt: skip


def test_a_helper_with_a_usual_name_reads_what_it_is_given() -> None:
    """`require_env` fails without, `get_env` has a default if it is given one."""
    code = 'a = require_env("A_A")\nb = get_env("B_B", "x")\nc = get_env("C_C")\nd = send("D_D")\n'
    assert defaults("a.py", code) == {"A_A": "required", "B_B": "literal", "C_C": "none"}
