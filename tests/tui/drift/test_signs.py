"""Drift: the signs in cells, and where they are explained."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from textual.pilot import Pilot

from fixtures_repos.builder import Builder
from tests.tui.drift.driving import env, keys, row, shown
from tests.tui.piloting import drive


def test_each_sign_is_explained_with_the_keys(tmp_path: Path, index: Path) -> None:
    """All that the specification of the matrix knows, seen in cells and then in the help."""
    builder = Builder(tmp_path / "signs")
    shared = "Vq7rT2mLx9" + "Zp4KdW8sNc"
    both = {"API_SECRET": shared, "MODE": "json"}
    builder.write("web/.env.dev", env(MODE="json", ONLY="yes", LEVEL="info", EMPTY=""))
    builder.write("web/.env.staging", env(**both, LINK="${OTHER}", LEVEL="info", EMPTY=""))
    builder.write("web/.env.prod", env(**both, LINK="${OTHER}", LEVEL="info", EMPTY="x"))
    for name in ("dev", "prod"):
        builder.write(f"api/{name}.yaml", "depth: seven\n")
    builder.commit("Start")
    builder.write("web/.env.dev", env(MODE="xml", ONLY="yes", LEVEL="info", EMPTY=""))
    builder.write("api/prod.yaml", "depth: [seven\n")
    builder.commit("Changed and broken")
    repository = builder.populate()

    async def told(pilot: Pilot[Any]) -> None:
        await keys(pilot, "<", "=", ">")
        assert row(pilot, "API_SECRET")[:3] == ["-", "A!", "A!"]
        assert row(pilot, "EMPTY")[:3] == ["0", "0", "B"]
        assert row(pilot, "LINK")[:3] == ["-", "A~", "A~"]
        assert row(pilot, "MODE")[:3] == ["A+", "B", "B"]
        assert "?" in row(pilot, "depth")[1]
        await keys(pilot, "question_mark")
        text = shown(pilot)
        for sign, what in (
            ("-", "absent"), ("0", "empty"), ("~", "unresolved"), ("!", "placeholder or shared"),
            ("?", "does not parse"), ("+", "changed since the base"), ("A B", "equal"),
        ):  # fmt: skip
            assert re.search(rf"{re.escape(sign)} +{what}", text), sign

    drive(index, "drift", told, repository=repository, size=(120, 40))
