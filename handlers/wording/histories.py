"""A duty's history, one line an event, in Vietnamese."""

from __future__ import annotations

import datetime as dt

from db.duties import DutyOutcome
from db.nudges import Step
from db.reports import ChangeKind, DutyChange, Extension, ExtensionState, StatusReport
from handlers.wording import replies
from scheduler.wording import format_day

_KINDS = {
    ChangeKind.CONFIRMED: "xác nhận phần việc",
    ChangeKind.CORRECTED: "sửa phần việc",
    ChangeKind.MOVED: "dời hạn",
    ChangeKind.CLOSED: "đóng phần việc",
    ChangeKind.REOPENED: "mở lại phần việc",
    ChangeKind.HANDED_OVER: "giao cơ quan khác",
    ChangeKind.GIVEN_BACK: "trả lại cơ quan",
    ChangeKind.ASSIGNED: "bàn giao",
    ChangeKind.SNOOZED: "hoãn nhắc",
    ChangeKind.RESUMED: "nhắc lại bình thường",
    ChangeKind.SPLIT: "tách cho từng cơ quan",
    ChangeKind.CONTINUED: "lập kỳ tiếp theo",
    ChangeKind.ESCALATED: "báo cấp trên vì quá hạn",
    ChangeKind.UNREACHED: "không nhắc được ai của cơ quan",
}
_STEPS = {Step.LEADER.value: "lãnh đạo cơ quan", Step.COORDINATOR.value: "điều phối"}
_OUTCOMES = {one.value: text for one, text in replies.OUTCOMES.items()}


def report_line(report: StatusReport, who: str) -> str:
    """«09:30 12/01/2026 – Trần Thị Bình: đang làm 60%»"""
    undone = f" (đã hoàn tác {replies.at(report.undone_at)})" if report.undone_at else ""
    return f"{replies.at(report.at)} – {who}: {replies.status_line(report)}{undone}"


def request_line(request: Extension, who: str, decider: str) -> str:
    settled = f"; {decider}" if request.state in (ExtensionState.GRANTED, ExtensionState.REFUSED) else ""
    answer = f": {request.answer}" if request.answer else ""
    return f"{replies.at(request.asked_at)} – {who}: {replies.extension_line(request)}{settled}{answer}"


def change_line(change: DutyChange, who: str) -> str:
    """«08:00 15/01/2026 – Phạm Thị Dung: dời hạn 14/01/2026 → 25/01/2026 – gia hạn GH5»"""
    before, after = _worded(change, change.before), _worded(change, change.after)
    if change.kind is ChangeKind.UNREACHED:
        before = after = ""
    values = f" {before} → {after}" if before and after else f" {after or before}" if after or before else ""
    reason = f" – {change.reason}" if change.reason else ""
    return f"{replies.at(change.at)} – {who}: {_KINDS[change.kind]}{values}{reason}"


def _worded(change: DutyChange, value: str) -> str:
    if change.kind in (ChangeKind.CLOSED, ChangeKind.REOPENED):
        outcome = _OUTCOMES.get(value, value)
        return f"({outcome})" if outcome and value != DutyOutcome.DONE.value else "(hoàn thành)" if outcome else ""
    if change.kind is ChangeKind.ESCALATED:
        return "(" + ", ".join(_STEPS.get(one, one) for one in value.split(", ")) + ")" if value else ""
    if change.kind in (ChangeKind.MOVED, ChangeKind.SNOOZED, ChangeKind.RESUMED) and value:
        try:
            return format_day(dt.date.fromisoformat(value))
        except ValueError:
            return value
    return value
