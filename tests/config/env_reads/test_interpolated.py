"""Variables that Dockerfiles, compose files and makefiles take in."""

from __future__ import annotations

from tests.config.env_reads.told import defaults


def test_arguments_of_an_image_may_be_left_out() -> None:
    """The image is then built without; `ENV` defines and does not read."""
    code = "FROM x\nARG A_A\nARG B_B=1\nENV C_C=2\nFROM y\nARG B_B\n"
    assert defaults("Dockerfile", code) == {"A_A": "none?", "B_B": "literal"}
    assert defaults("deploy/web.Dockerfile", code) == {"A_A": "none?", "B_B": "literal"}


def test_a_compose_file_interpolates() -> None:
    """Two dollars are one, and comments are none."""
    code = "a: ${A_A:-x}\nb: ${B_B:?no}\nc: $C_C # ${NO_A}\nd: $$NO_B\ne: ${E_E-}\nf: ${F_F:+x}\n"
    assert defaults("docker-compose.yml", code) == {
        "A_A": "literal", "B_B": "required", "C_C": "none", "E_E": "empty", "F_F": "none?",
    }  # fmt: skip
    assert not defaults("values.yml", code)


def test_a_makefile_takes_in_what_it_says() -> None:
    """A default by `?=`, and an error without."""
    code = "A_A ?= x\nB_B = y\nifndef C_C\n$(error C_C is missing)\nendif\n"
    assert defaults("Makefile", code) == {"A_A": "literal", "C_C": "required"}
