"""Environment variables that shell scripts read."""

from __future__ import annotations

from tests.config.env_reads.told import defaults, found


def test_expansions_tell_their_defaults() -> None:
    """`:?` needs it, `:-` has a default, a test asks for it."""
    code = """\
        #!/bin/bash
        echo "${A_A:?}" "${B_B:-x}" "$C_C" "${D_D:-}" "${E_E:+x}"
        [ -z "$F_F" ] && exit 1
        : "${G_G:=x}"
        # $NO_A
        echo '$NO_B' $small
        """
    assert defaults("a.sh", code) == {
        "A_A": "required", "B_B": "literal", "C_C": "none", "D_D": "empty", "E_E": "none?",
        "F_F": "none?", "G_G": "literal",
    }  # fmt: skip


def test_what_a_script_sets_it_does_not_read() -> None:
    """Assignments, loops and `read`; unless it sets it from itself."""
    code = """\
        A_A=1
        for B_B in a b; do echo $B_B; done
        read -r C_C
        echo $A_A $C_C
        D_D="${D_D:-x}"
        """
    assert defaults("a.sh", code) == {"D_D": "literal"}


def test_a_script_that_takes_in_another_is_not_certain() -> None:
    """What the other sets is not known. A name it fails without is certain all the same."""
    code = "source ./common.sh\necho $A_A ${B_B:?}\n"
    assert {one.name: one.certain for one in found("run.sh", code)} == {"A_A": False, "B_B": True}


def test_a_script_is_known_by_its_first_line() -> None:
    """It need not have an extension."""
    assert defaults("bin/start", '#!/bin/sh\nexec app "$A_A"\n') == {"A_A": "none"}
