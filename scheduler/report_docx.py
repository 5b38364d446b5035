"""A period's report as a document in the office's form (Nghị định 30/2020/NĐ-CP): to be numbered, dated and signed."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from db.progress import Standing
from scheduler.progress import DONE
from scheduler.report import Report, ReportRow
from scheduler.report_form import Form, open_form
from scheduler.wording import format_day
from scheduler.wording import report as wording
from scheduler.wording.progress import STANDINGS, as_of, period_words, reported_words, shorten_task

if TYPE_CHECKING:
    pass

_LISTED = 20  # duties under one heading; more are counted, and stand in the appendix
_APPENDED = 300  # rows of the appendix; a longer table is for the workbook
_TASK = 220
_SUMMARY_MOST = 40
# Widths in millimetres; the appendix lies on its side.
_AGENCY_WIDTHS = (10, 40, 14, 13, 17, 14, 13, 14, 16, 14)
_APPENDIX_WIDTHS = (9, 26, 55, 30, 33, 27, 25, 28, 24)


def write_docx(report: Report) -> bytes:
    """The document's bytes."""
    form = open_form(report.at)
    _write_head(form, report)
    _write_general(form, report)
    _write_results(form, report)
    _write_troubles(form, report)
    _write_onward(form, report)
    _write_end(form, report)
    if report.rows:
        _write_appendix(form, report)
    written = io.BytesIO()
    form.document.save(written)
    return written.getvalue()


def _write_head(form: Form, report: Report) -> None:
    issuer = report.issuer
    name = issuer.name if issuer else wording.UNKNOWN_ISSUER
    above = f"UBND TỈNH {report.place.upper()}" if report.place else f"UBND TỈNH {wording.FILL}"
    made = report.period.last + dt.timedelta(days=1)
    dated = f"{report.place or wording.FILL}, ngày … tháng {made:%m} năm {made.year}"
    form.write_head(above, name.upper(), f"Số: {wording.FILL}/BC-{issuer.code if issuer else wording.UNKNOWN_CODE}", dated)
    form.write(wording.KIND, is_bold=True, size=14, align="center", before=12, after=0)
    subject = wording.SUBJECT.format(period=period_words(report.period.first, report.period.last))
    form.write(subject, is_bold=True, size=14, align="center", after=0, indent=0)
    form.rule()
    if report.agency is None:
        place = f" {report.place}" if report.place else ""
        form.write(wording.TO.format(place=place), align="center", before=6, after=10)
        form.write(wording.BASIS_NOTICE, is_italic=True)
    if report.sources:
        more = f" và {len(report.sources) - 4} văn bản khác" if len(report.sources) > 4 else ""
        form.write(wording.BASIS_SOURCES.format(sources="; ".join(report.sources[:4]) + more), is_italic=True)
    form.write(wording.opening(report.issuer.name if report.issuer else "", report.period.first, report.period.last))


def _write_general(form: Form, report: Report) -> None:
    form.write(wording.SECTIONS[0], is_bold=True)
    agency = report.agency.name if report.agency else ""
    form.write(wording.general(report.counts.total, report.counts, len(report.agencies), as_of(report.at), agency=agency))
    if len(report.agencies) < 2:
        return
    head = (wording.ORDINAL, wording.AGENCY, wording.TOTAL, *(STANDINGS[one] for one in Standing))
    rows = [
        [str(place), name, str(counts.total), *(str(counts.of(one) or "") for one in Standing)]
        for place, (_, name, counts) in enumerate(report.agencies[:_SUMMARY_MOST], 1)
    ]
    rows.append(["", wording.ALL, str(report.counts.total), *(str(report.counts.of(one) or "") for one in Standing)])
    form.table(head, rows, _AGENCY_WIDTHS, centred=(0, *range(2, len(head))), ends_bold=True)


def _write_results(form: Form, report: Report) -> None:
    form.write(wording.SECTIONS[1], is_bold=True)
    done = [one for one in report.rows if one.standing in DONE]
    form.write(wording.DONE_HEAD, is_bold=True)
    _list(form, done, lambda one: _parts(_standing(one), one.closed_on and f"ngày {format_day(one.closed_on)}", _products(one)))
    doing = [one for one in report.rows if one.standing not in DONE and one.status is not None and not one.obstacle]
    form.write(wording.DOING_HEAD, is_bold=True)
    _list(form, doing, lambda one: _parts(reported_words(one.status, one.percent), one.note, _due(one), one.request, _products(one)))


def _write_troubles(form: Form, report: Report) -> None:
    form.write(wording.SECTIONS[2], is_bold=True)
    form.write(wording.OVERDUE_HEAD, is_bold=True)
    late = [one for one in report.rows if one.standing is Standing.OVERDUE]
    _list(form, late, lambda one: _parts(_standing(one), _due(one), reported_words(one.status, one.percent), one.request))
    form.write(wording.OBSTACLE_HEAD, is_bold=True)
    _list(form, report.obstacles, lambda one: _parts(one.obstacle, _due(one), one.request))
    form.write(wording.SILENT_HEAD, is_bold=True)
    form.listing(wording.silent_agencies([(one.agency, one.code) for one in report.silent]), wording.NOTHING)


def _write_onward(form: Form, report: Report) -> None:
    form.write(wording.SECTIONS[3], is_bold=True)
    form.write(wording.COMING_HEAD, is_bold=True)
    coming = [
        wording.listed(agency, one.duty.task, _TASK, f"hạn {format_day(one.duty.last_day)}")
        for one, agency in report.coming
        if one.duty.last_day
    ]
    form.listing(coming, wording.NOTHING)
    form.write(wording.ASK_HEAD, is_bold=True)
    needs_help = bool(report.obstacles or report.silent or report.counts.of(Standing.OVERDUE))
    form.write(wording.ASK if needs_help and report.agency is None else wording.NO_ASK)
    form.write(wording.CLOSING if report.rows else "./.")


def _write_end(form: Form, report: Report) -> None:
    code = report.issuer.code if report.issuer else wording.UNKNOWN_CODE
    form.write_end([one.format(code=code) for one in wording.RECIPIENTS], wording.signer(report.issuer.name if report.issuer else ""))


def _write_appendix(form: Form, report: Report) -> None:
    form.turn_sideways()
    form.write(wording.APPENDIX, is_bold=True, align="center", indent=0, after=0)
    form.write(wording.APPENDIX_TITLE, is_bold=True, align="center", indent=0, after=0)
    code = report.issuer.code if report.issuer else wording.UNKNOWN_CODE
    of = wording.APPENDIX_OF.format(fill=wording.FILL, code=code, year=(report.period.last + dt.timedelta(days=1)).year)
    form.write(of, is_italic=True, align="center", indent=0, after=8)
    rows = [[str(place), *_appended(one)] for place, one in enumerate(report.rows[:_APPENDED], 1)]
    form.table(wording.APPENDIX_COLUMNS, rows, _APPENDIX_WIDTHS, centred=(0,), size=10)
    if len(report.rows) > _APPENDED:
        form.write(wording.APPENDIX_MORE.format(count=len(report.rows) - _APPENDED), is_italic=True, before=6)


def _appended(one: ReportRow) -> list[str]:
    cited = wording.cited(one.source, one.clause)
    standing = wording.standing(one.standing, one.percent, one.days_late)
    said = _parts(standing, reported_words(one.status, one.percent) if one.standing is Standing.OVERDUE else "", one.note)
    return [
        ", ".join(one.people) or wording.NO_PERSON,
        f"{one.code}. {shorten_task(one.task, 400)}" + (f" ({cited})" if cited else ""),
        wording.deadline(one.last_day, one.printed),
        wording.responsibility(one.agency, one.coordinating),
        "; ".join(one.products) or wording.NO_PRODUCT,
        wording.authority(one.authority),
        said,
        _parts(one.obstacle, one.request),
    ]


def _list(form: Form, rows: Iterable[ReportRow], words: Any) -> None:
    form.listing([wording.listed(one.agency, one.task, _TASK, words(one)) for one in rows], wording.NOTHING, most=_LISTED)


def _standing(one: ReportRow) -> str:
    words = wording.standing(one.standing, one.percent, one.days_late)
    return words[:1].lower() + words[1:]


def _due(one: ReportRow) -> str:
    return f"hạn {format_day(one.last_day)}" if one.last_day else ""


def _products(one: ReportRow) -> str:
    return f"minh chứng: {', '.join(one.products)}" if one.products else ""


def _parts(*parts: str | None) -> str:
    return "; ".join(part for part in parts if part)
