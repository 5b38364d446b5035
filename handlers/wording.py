"""What conversations say, in Vietnamese."""

from __future__ import annotations

import datetime as dt

from db.deadlines import DeadlineRule, Recurrence
from db.duties import DutyState
from knowledge.wording import spoken_date

DUTY_STATES = {DutyState.PROPOSED: "đề xuất", DutyState.OPEN: "đang thực hiện", DutyState.CLOSED: "đã đóng"}
NEEDS_ANCHOR = "cần quản trị viên cho biết ngày bắt đầu của kỳ hai tuần"
NEEDS_DAY = "cần quản trị viên ấn định ngày cuối"


def document_label(*, kind: str, number: str | None, issued_on: str | None, held_on: str | None, subject: str, sample: bool) -> str:
    """How a document is named in a sentence: «Kế hoạch số 12/KH-UBND», «Thông báo (họp ngày 06/4/2026)»; a digest says so."""
    name = f"Tóm lược {kind or 'Văn bản'}" if sample else kind or "Văn bản"
    if number:
        return f"{name} số {number}"
    if held_on or issued_on:
        return f"{name} ({'họp ngày' if held_on else 'ban hành'} {spoken_date(held_on or issued_on or '')})"
    return f"{name} «{subject[:80]}»" if subject else name


def duty_deadline(rule: DeadlineRule, last_day: dt.date | None) -> str:
    """«hết ngày 14/01/2026 (văn bản ghi «trước ngày 15/01/2026»)», or what is missing before there is a day."""
    printed = f" (văn bản ghi «{rule.printed}»)" if rule.printed else ""
    if last_day is not None:
        return f"hết ngày {last_day:%d/%m/%Y}{printed}"
    return (NEEDS_ANCHOR if rule.recurrence is Recurrence.TWO_WEEKS else NEEDS_DAY) + printed


def duty_line(*, code: str, agency: str, task: str, rule: DeadlineRule, last_day: dt.date | None, state: DutyState) -> str:
    """One duty in a list a person reads: «PV12 (đề xuất) – Sở Y tế: … – hết ngày 14/01/2026»."""
    return f"{code} ({DUTY_STATES[state]}) – {agency}: {task} – {duty_deadline(rule, last_day)}"
