"""JUnit XML as Jenkins reads it: a test case a finding.

Source: https://github.com/jenkinsci/xunit-plugin (junit-10.xsd)
"""

from __future__ import annotations

from collections.abc import Iterator
from xml.sax.saxutils import escape, quoteattr

from forensics.report.fingerprint import Named
from forensics.report.formats.report import TOOL, Report, Section, place_name, utc
from forensics.report.text import printable

__all__ = ["pieces"]


def pieces(report: Report) -> Iterator[str]:
    """One suite a repository. A finding that fails is a failure, one that is ignored, triaged
    away or let pass a skipped test, what could not be read an error; where there is nothing of
    that, one test passes."""
    suites = [_Suite(report, section) for section in report.sections]
    yield '<?xml version="1.0" encoding="UTF-8"?>\n'
    yield _open(
        "testsuites", name=TOOL, tests=sum(one.tests for one in suites),
        failures=sum(one.failures for one in suites), errors=sum(one.errors for one in suites),
    )  # fmt: skip
    for suite in suites:
        yield from suite.pieces()
    yield "</testsuites>\n"


class _Suite:
    def __init__(self, report: Report, section: Section) -> None:
        self._report, self._section = report, section
        self._unread = [gap for gap in section.part.gaps if not gap.known]
        self.failures = sum(one.reported.finding.fails for one in section.findings)
        self.errors = len(self._unread)
        self._skipped = len(section.findings) - self.failures
        self._clean = not (self.failures or self.errors)
        self.tests = len(section.findings) + self.errors + self._clean

    def pieces(self) -> Iterator[str]:
        """The suite."""
        report, name = self._report, self._section.name
        yield _open(
            "testsuite", name=name, tests=self.tests, failures=self.failures, errors=self.errors,
            skipped=self._skipped, timestamp=utc(report.began),
            time=max(report.ended - report.began, 0),
        )  # fmt: skip
        if self._clean:
            yield _open("testcase", name="no secrets", classname=TOOL) + "</testcase>\n"
        for one in self._section.findings:
            yield self._case(one)
        for gap in self._unread:
            count = f" ({gap.objects:,} objects)" if gap.objects else ""
            message = f"{gap.why}{count}"
            inside = _element("error", message, type="not covered", message=message)
            yield _element_of("testcase", inside, name=gap.why, classname=f"{TOOL}.coverage")
        yield "</testsuite>\n"

    def _case(self, one: Named) -> str:
        finding, place = one.reported.finding, one.reported.place
        where = f"{place_name(finding)}:{place.start_line}"
        name = f"{finding.title} in {where} ({self._section.identity(one)})"
        if not finding.fails:
            why = finding.status if finding.gate is None else "the policy lets it pass"
            inside = _element("skipped", "", message=finding.ignored or why)
        else:
            rule = self._section.rule(finding)
            since = [f"introduced by {finding.commit}"] if finding.commit else []
            told = [f"{finding.preview} ({finding.status})", where, *since, rule.why, rule.remedy]
            text = "".join(f"{' '.join(printable(line).split())}\n" for line in told)
            message = f"{finding.title}: {finding.preview} in {where}"
            inside = _raw("failure", text, type=finding.severity, message=message)
        return _element_of("testcase", inside, name=name, classname=finding.rule)


def _open(tag: str, **attributes: object) -> str:
    named = "".join(
        f" {name}={quoteattr(printable(str(value)))}" for name, value in attributes.items()
    )
    return f"<{tag}{named}>"


def _element(tag: str, text: str, **attributes: object) -> str:
    return _raw(tag, printable(text), **attributes)


def _raw(tag: str, text: str, **attributes: object) -> str:
    return f"{_open(tag, **attributes)}{escape(text)}</{tag}>"


def _element_of(tag: str, inside: str, **attributes: object) -> str:
    return f"{_open(tag, **attributes)}{inside}</{tag}>\n"
