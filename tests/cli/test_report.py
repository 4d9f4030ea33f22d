"""`report`: what is said of a whole repository, as one page or as Markdown."""

from __future__ import annotations

import base64
import hashlib
import re
import stat
from pathlib import Path

import pytest

from bench.large_index import build
from fixtures_repos.builder import Builder
from fixtures_repos.stories import Story
from fixtures_repos.stories.story import begin, setting, token
from forensics.key import Key
from tests.cli.command import forensics
from tests.cli.reports import NOW, Page, page_of, without_code

pytestmark = pytest.mark.usefixtures("key")


@pytest.fixture
def acme(acme_repository: Path) -> Path:
    forensics("scan", acme_repository)
    return acme_repository


def scanned(story: Story) -> Path:
    forensics("scan", story.path)
    return story.path


@pytest.fixture
def three(tmp_path: Path) -> Path:
    """Three secrets, one of them replaced."""
    builder, _ = begin(tmp_path / "three")
    for seed in (1, 2, 3):
        builder.write(f"{seed}.env", setting(token(seed)))
        builder.commit(f"Add {seed}")
        builder.wait(days=10)
    builder.write("3.env", setting(token(4)))
    builder.commit("Replace the third")
    forensics("scan", builder.path)
    return builder.path


def test_the_table_says_what_rotation_says(acme: Path) -> None:
    """The same secrets in the same order, with the same status."""
    lines = forensics("rotation", acme, "-f", "jsonl").lines
    rows = page_of(acme).rows()
    assert len(rows) == len(lines) > 10
    for row, line in zip(rows, lines, strict=True):
        assert row.attributes["data-status"] == line["status"]
        assert row.attributes["data-severity"] == line["severity"]
        for part in (line["preview"], f"#{line['secret'][:8]}", line["rule"], line["since"][:10]):
            assert part in row.said
    text = forensics("report", acme, "-f", "markdown").out
    found = re.findall(r"^\| (\S+) \| \w+ \| \S+ #(\w{8}) ", text, re.MULTILINE)
    assert found == [(line["status"], line["secret"][:8]) for line in lines]


def test_every_secret_has_its_story(acme: Path) -> None:
    """Why, what to do, commits, places, refs and people, as links in the table lead to them."""
    page = page_of(acme)
    names = {one.attributes["id"] for one in page.elements if "id" in one.attributes}
    links = [one.attributes["href"] for one in page.elements if "href" in one.attributes]
    assert all((link or "").startswith("#") and (link or "")[1:] in names for link in links)
    stories = page.all("details", "secret")
    assert len(stories) == len(page.rows())
    (story,) = (one for one in stories if "sk_live_" in one.said)
    for part in ("Moves money", "make a new value", "introduced", ".env.prod", "STRIPE_API_KEY",
                 "Ben Instance", "v1.5.0", "main", "default-branch", "present"):  # fmt: skip
        assert part in story.said


def test_a_page_asks_no_network_for_anything(acme: Path) -> None:
    """No address in an attribute or a style, and a policy under which none would be asked."""
    page = page_of(acme)
    for one in page.elements:
        assert one.tag not in ("link", "img", "iframe", "object", "base", "form", "video")
        assert not {"src", "srcset", "style", "action", "xlink:href"} & one.attributes.keys()
        assert not [name for name in one.attributes if name.startswith("on")]
    ((style,), (script,)) = page.all("style"), page.all("script")
    assert set(re.findall(r"url\(([^)]*)\)", style.said)) == {"#hatch"}
    assert "@import" not in style.said
    assert not re.search(r"https?:|fetch|import|XMLHttp|innerHTML|eval", script.said)
    (policy,) = (
        one.attributes["content"] or ""
        for one in page.all("meta")
        if one.attributes.get("http-equiv") == "Content-Security-Policy"
    )
    digests = [
        base64.b64encode(hashlib.sha256(one.said.encode()).digest()).decode()
        for one in (style, script)
    ]
    assert policy == (
        f"default-src 'none'; style-src 'sha256-{digests[0]}'; script-src 'sha256-{digests[1]}';"
        " base-uri 'none'; form-action 'none'"
    )


def test_the_table_needs_no_script(acme: Path) -> None:
    """Its rows are all there; what only a script can do is hidden until there is one."""
    page = page_of(acme)
    assert not [row for row in page.rows() if "hidden" in row.attributes]
    (filters,) = page.all("div", "filters")
    assert "hidden" in filters.attributes
    assert not page.all("button")


def test_tables_and_fields_are_labelled(acme: Path) -> None:
    """For whoever listens to the page."""
    page = page_of(acme)
    assert page.all("html")[0].attributes["lang"] == "en"
    assert all(one.attributes.get("scope") in ("col", "row") for one in page.all("th"))
    ids = [one.attributes["id"] for one in page.elements if "id" in one.attributes]
    assert len(ids) == len(set(ids))
    assert [one.said[:5] for one in page.all("label")] == ["Words", "Statu", "Sever"]
    assert all(one.attributes.get("aria-label") for one in page.all("svg", "chart"))


def _bars(page: Page) -> list[str]:
    """Classes of what is drawn as bars, legend aside."""
    found = (one.attributes["class"] or "" for one in page.all("rect") if "x" in one.attributes)
    return [one for one in found if one.startswith(("bar", "doubt"))]


def test_the_chart_tells_files_from_history(leaked_then_deleted: Story) -> None:
    """A deleted secret is drawn on, in another way, for it is not rotated."""
    page = page_of(scanned(leaked_then_deleted))
    assert _bars(page) == ["bar past deleted-not-rotated", "bar deleted-not-rotated"]
    says = [one.said for one in page.all("title")[1:]]
    assert [one.split(" ")[1] for one in says] == ["introduced", "removed"]


def test_the_chart_ends_where_a_new_value_stands(three: Path) -> None:
    """At the commit that replaced the old one; the others last until now."""
    page = page_of(three)
    assert _bars(page).count("bar exposed") == 3
    assert _bars(page)[-1] == "bar replaced-everywhere"
    (ended,) = (
        one.attributes for one in page.all("rect")
        if one.attributes.get("class") == "bar replaced-everywhere"
    )  # fmt: skip
    start, width = (float((ended[name] or "").rstrip("%")) for name in ("x", "width"))
    assert 0 < start < start + width < 100


def test_what_is_uncertain_is_hatched(clock_skew: Story) -> None:
    """And the story says why."""
    page = page_of(scanned(clock_skew))
    assert "doubt" in _bars(page)
    assert "dates of its commits run backwards" in page.all("details", "secret")[0].said


def test_what_replaced_a_secret_is_shown_redacted(three: Path, key: Key) -> None:
    """By its preview and the start of its fingerprint."""
    new = key.fingerprint(token(4)).hex()[:8]
    page = page_of(three, "--status", "replaced-everywhere")
    (story,) = page.all("details", "secret")
    assert re.search(rf"replaced by ghp_…\w{{4}} #{new}", story.said)
    markdown = forensics("report", three, "-f", "markdown", "--status", "replaced-everywhere").out
    assert f"#{new}" in markdown


@pytest.mark.parametrize("output_format", ["html", "markdown"])
def test_the_same_index_and_date_give_the_same_report(acme: Path, output_format: str) -> None:
    """Byte for byte; another date, other days."""
    first, again, later = (
        forensics("report", acme, "-f", output_format, "--now", now).out
        for now in (NOW, NOW, "2026-01-02T12:00:00+00:00")
    )
    assert first == again != later
    assert "as of 2026-01-01 00:00 UTC" in first
    assert "as of 2026-01-02 12:00 UTC" in later


@pytest.mark.parametrize(
    ("words", "count"),
    [
        (("--rule", "github.pat-classic"), 4),
        (("--rule", "slack.bot-token"), 0),
        (("--status", "replaced-everywhere"), 1),
        (("--status", "exposed", "--status", "replaced-everywhere"), 4),
    ],
)
def test_a_selection_is_reported_as_one(
    acme: Path, three: Path, tmp_path: Path, words: tuple[str, ...], count: int
) -> None:
    """It says so, and counts only what was chosen."""
    index = tmp_path / "index.db"
    forensics("scan", three, acme, "--index", index)
    page = page_of(three, "--index", index, *words)
    assert len(page.rows()) == count
    (said,) = (one.said for one in page.all("p", "soft") if one.said.startswith("Only"))
    assert all(word in said for word in words[1::2])


def test_secrets_are_chosen_by_their_first_digits(three: Path, key: Key) -> None:
    """One or several."""
    names = [key.fingerprint(token(seed)).hex() for seed in (1, 2)]
    for chosen in (names[:1], names):
        options = [word for name in chosen for word in ("--secret", name[:10])]
        rows = page_of(three, *options).rows()
        assert {row.said.split("#")[1][:8] for row in rows} == {name[:8] for name in chosen}


def test_what_people_decided_is_told(three: Path, key: Key) -> None:
    """And makes the status; markup in it is text."""
    name = key.fingerprint(token(1)).hex()
    forensics("triage", name, "--state", "revoked", "--when", "2025-12-01",
              "--evidence", "<b>ticket</b> @ops", "-C", three)  # fmt: skip
    page = page_of(three, "--secret", name)
    assert [row.attributes["data-status"] for row in page.rows()] == ["revoked"]
    (story,) = page.all("details", "secret")
    assert "revoked on 2025-12-01" in story.said
    assert "<b>ticket</b> @ops" in story.said
    text = forensics("report", three, "-f", "markdown", "--secret", name).out
    assert "revoked on 2025-12-01" in text
    assert "@ops" not in without_code(text)


def test_what_is_left_out_is_said(three: Path) -> None:
    """The worst are told; the table has the others too."""
    page = page_of(three, "--most", 2)
    assert len(page.rows()) == 4
    assert len(page.all("details", "secret")) == 2
    assert [one.said[:31] for one in page.all("p", "more")] == [
        "The worst 2 of 4 secrets are dr", "The worst 2 of 4 secrets are to",
    ]  # fmt: skip


def test_many_secrets_are_drawn_on_pages(tmp_path: Path) -> None:
    """The first of which is open; Markdown draws none, and tells and lists what it can."""
    index = tmp_path / "index.db"
    build(index, 130)
    page = page_of("--index", index)
    pages = [one for one in page.all("details") if not one.has("secret")]
    assert ["open" in one.attributes for one in pages] == [True, False, False, False]
    assert [one.said.partition(":")[0] for one in page.all("summary")][:4] == [
        "1 to 40", "41 to 80", "81 to 120", "121 to 130",
    ]  # fmt: skip
    assert len(page.rows()) == len(page.all("details", "secret")) == 130
    text = forensics("report", "--index", index, "-f", "markdown").out
    assert "```mermaid" not in text
    assert "The worst 100 of 130 secrets are told here" in text


def test_a_table_is_cut_where_a_browser_would_wait(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The figures still count all; the worst are kept, whatever the order they come in."""
    index = tmp_path / "index.db"
    build(index, 200)
    whole = [row.said for row in page_of("--index", index).rows()]
    monkeypatch.setattr("forensics.report.dossier.gathered._ROWS", 20)
    page = page_of("--index", index)
    assert [row.said for row in page.rows()] == whole[:20]
    assert sum(int(one.said.replace(",", "")) for one in page.all("b")) == 200
    assert "The worst 20 of 200 secrets are in this table" in page.all("p", "more")[0].said


def test_what_could_not_be_read_is_said(three: Path) -> None:
    """A report on half of a repository must not look like one on all of it."""
    builder = Builder(three.with_name("damaged"))
    lost = builder.write("lost.txt", "text")
    builder.write("a.env", setting(token(9)))
    builder.commit("Add")
    (builder.git_dir / "objects" / lost[:2] / lost[2:]).unlink()
    forensics("scan", builder.path)
    assert "Not everything could be read" in page_of(builder.path).all("div", "gaps")[0].said
    assert "Not everything could be read" in forensics("report", builder.path, "-f", "markdown").out
    assert not page_of(three).all("div", "gaps")


def test_nothing_found_in_half_of_a_repository_is_not_nothing(tmp_path: Path) -> None:
    """Neither in a report nor in a list of what is left."""
    builder = Builder(tmp_path / "r")
    lost = builder.write("lost.txt", "text")
    builder.commit("Add")
    (builder.git_dir / "objects" / lost[:2] / lost[2:]).unlink()
    forensics("scan", builder.path)
    said = forensics("report", builder.path, "-f", "markdown").out
    assert "No secret was found, but not everything could be looked through." in said
    left = forensics("rotation", builder.path)
    assert (left.code, "of what is known so far" in left.err) == (3, True)


def test_nothing_found_is_a_report_too(tmp_path: Path) -> None:
    """A short one."""
    builder, _ = begin(tmp_path / "clean")
    forensics("scan", builder.path)
    page = page_of(builder.path)
    assert [one.said for one in page.all("p", "lead")] == ["No secret was found."]
    assert not page.rows()
    assert "No secret was found." in forensics("report", builder.path, "-f", "markdown").out


def test_several_repositories_are_told_apart(three: Path, acme: Path, tmp_path: Path) -> None:
    """Each place with the repository it is in."""
    index = tmp_path / "index.db"
    forensics("scan", three, acme, "--index", index)
    page = page_of("--index", index)
    assert page.all("h1")[0].said == "Secrets in 2 repositories"
    names = [{row.said.split("#")[1][:8] for row in one.rows()}
             for one in (page, page_of(three), page_of(acme))]  # fmt: skip
    assert names[0] == names[1] | names[2]
    assert len(names[0]) == len(page.rows())
    assert all("Repository" in one.said for one in page.all("details", "secret"))
    assert page_of(three, "--index", index).all("h1")[0].said == "Secrets in three"


def test_a_report_goes_into_a_file(three: Path, tmp_path: Path) -> None:
    """In the place of an older one, for its owner alone, and nothing else is left there."""
    folder = tmp_path / "out"
    folder.mkdir()
    report = folder / "report.html"
    for _ in range(2):
        done = forensics("report", three, "-o", report, "--now", NOW)
        assert (done.code, done.out) == (0, "")
        assert done.error() == f"the report is in {report}"
        assert report.read_text() == forensics("report", three, "--now", NOW).out
    assert stat.S_IMODE(report.stat().st_mode) == 0o600
    assert [*folder.iterdir()] == [report]


def test_a_link_is_replaced(three: Path, tmp_path: Path) -> None:
    """A repository could hold it, to have another file overwritten."""
    link, target = tmp_path / "link", tmp_path / "target"
    target.touch()
    link.symlink_to(target)
    forensics("report", three, "-o", link)
    assert not link.is_symlink()
    assert link.read_text().startswith("<!doctype html>")
    assert not target.read_text()


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--status", "lost"), "there is no status 'lost'; these are: exposed"),
        (("--rule", "no.such"), "there is no rule 'no.such'"),
        (("--secret", "xyz"), "not the start of a fingerprint"),
        (("--now", "soon"), "--now 'soon' is not a date; write 2027-01-31"),
        (("--now", "0001-01-01"), "is not a date"),
        (("-o", "missing/report.html"), "cannot be written: No such file or directory"),
        (("-f", "pdf"), "'pdf' is not one of"),
    ],
)
def test_bad_input_is_one_line(three: Path, words: tuple[str, ...], says: str) -> None:
    """That says what to do."""
    done = forensics("report", three, *words)
    assert done.code == 2
    assert says in done.error()
