"""Environment variables that JavaScript and TypeScript read."""

from __future__ import annotations

import pytest

from tests.config.env_reads.told import defaults, found


@pytest.mark.parametrize("path", ["a.js", "a.ts", "a.tsx", "a.mjs", "a.jsx"])
def test_process_env_tells_its_defaults(path: str) -> None:
    """Members, subscripts, and what `??` and `||` put in the place of nothing."""
    code = """
        const a = process.env.A_A;
        const b = process.env["B_B"] ?? "x";
        const c = process.env.C_C || other;
        const d = Number(process.env.D_D) || 3;
        const e = process.env.E_E?.split(",") ?? [];
        const f = process.env.F_F || process.env.G_G || "x";
        """
    assert defaults(path, code) == {
        "A_A": "none", "B_B": "literal", "C_C": "expression", "D_D": "literal",
        "E_E": "expression", "F_F": "literal", "G_G": "literal",
    }  # fmt: skip


def test_destructuring_reads_each_name() -> None:
    """With its default, or under another name; the rest is dynamic."""
    code = 'const { A_A, B_B = "x", C_C: c, ...rest } = process.env;'
    assert defaults("a.js", code) == {
        "A_A": "none", "B_B": "literal", "C_C": "none", "<dynamic>": "none",
    }  # fmt: skip


def test_comments_strings_and_writes_are_no_reads() -> None:
    """A template's inside is code."""
    code = """
        // process.env.NO_A
        const s = "process.env.NO_B";
        process.env.NO_C = "x"; delete process.env.NO_D;
        const t = `a ${process.env.T_T} b`;
        """
    assert [one.name for one in found("a.ts", code)] == ["T_T"]


def test_a_name_that_is_asked_for_is_optional() -> None:
    """Unless the code throws without it; what is read under the question is optional too."""
    code = """
        if (!process.env.A_A) throw new Error("A_A");
        if (process.env.B_B) { use(process.env.B_B); }
        const c = process.env.C_C === "true";
        const d = process.env.D_D ? process.env.D_D : "x";
        const e = Boolean(process.env.E_E);
        """
    told = defaults("a.ts", code)
    assert (told["A_A"], told["B_B"], told["C_C"], told["E_E"]) == (
        "required", "none?", "none?", "none?",
    )  # fmt: skip
    assert told["D_D"] == "literal"


def test_what_stands_in_for_another_is_optional() -> None:
    """It is only asked for where the other is missing."""
    told = defaults("a.ts", "const a = process.env.NEW_A ?? process.env.OLD_A;")
    assert told == {"NEW_A": "expression", "OLD_A": "none?"}


def test_types_do_not_hide_a_read() -> None:
    """`!`, `as` and parentheses."""
    code = 'const a = process.env.A_A!; const b = (process.env.B_B as string) ?? "x";'
    assert defaults("a.ts", code) == {"A_A": "none", "B_B": "literal"}


def test_other_runtimes_are_known() -> None:
    """Vite, Deno and Bun."""
    code = 'import.meta.env.VITE_A; Deno.env.get("B_B") ?? "x"; Bun.env.C_C;'
    assert defaults("a.ts", code) == {"VITE_A": "none", "B_B": "literal", "C_C": "none"}


def test_schemas_say_what_is_required() -> None:
    """t3-env, zod and envalid; what a schema says of a name stands for its reads beside it."""
    t3 = """
        export const env = createEnv({
          server: { A_A: z.string(), B_B: z.string().optional(), C_C: z.string().default("x") },
          client: { NEXT_PUBLIC_D: z.string().url() },
          runtimeEnv: { A_A: process.env.A_A, B_B: process.env.B_B },
        });
        """
    assert defaults("env.ts", t3) == {
        "A_A": "required", "B_B": "none?", "C_C": "literal", "NEXT_PUBLIC_D": "required",
    }  # fmt: skip
    zod = "const envSchema = z.object({ A_A: z.string(), B_B: z.coerce.number().default(3) });"
    assert defaults("env.ts", zod) == {"A_A": "required", "B_B": "literal"}
    assert not found("form.ts", "const formSchema = z.object({ A_A: z.string() });")
    named = """
        const zMethod = z.enum(["a"]).optional();
        const envSchema = z.object({ A_A: zMethod, B_B: imported });
        """
    assert [(one.name, one.optional, one.certain) for one in found("env.ts", named)] == [
        ("A_A", True, True), ("B_B", False, False),
    ]  # fmt: skip
    envalid = "const e = cleanEnv(process.env, { A_A: str(), B_B: num({ default: 3 }) });"
    assert defaults("env.ts", envalid) == {"A_A": "required", "B_B": "literal"}


def test_only_the_script_of_a_component_is_code() -> None:
    """And its lines are those of the file."""
    code = """\
        <template><p>{{ process.env.NO_A }}</p></template>
        <script setup lang="ts">
        const a = import.meta.env.VITE_A
        </script>
        """
    (one,) = found("a.vue", code)
    assert (one.name, one.line) == ("VITE_A", 3)
