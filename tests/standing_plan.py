"""An invented plan under way: a duty in each state, of three agencies, as it stands on a day."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from db.accounts import Account
from db.deadlines import DeadlineRule
from db.duties import Duty, DutyOutcome, DutyState
from db.files import StoredFile
from db.nudges import Escalation, Nudge, NudgeState, Step
from db.people import Agency, Contact, Role, add_contact, ensure_agencies
from db.reports import Evidence, Status, StatusReport
from scheduler.calendar import at_local, local_day

DAY = dt.timedelta(days=1)
SHA = "c" * 64
AGENCIES = [Agency(code="SYT", name="Sở Y tế"), Agency(code="STC", name="Sở Tài chính"), Agency(code="SNV", name="Sở Nội vụ")]
FORMULA = '=HYPERLINK("http://vi.du";"bấm")'


async def add_plan_under_way(session: AsyncSession, now: dt.datetime) -> dict[str, Duty]:
    """Nine duties, by what they are: «late», «very_late», «stuck», «silent», «doing», «far», «done», «done_late», «proposed»."""
    await ensure_agencies(session, AGENCIES)
    worker = await add_contact(session, Contact(name="Mai Thị Lan", agency_code="STC", role=Role.FOCAL_POINT, created_at=now))
    session.add(StoredFile(sha256=SHA, size=4, stored_at=now))
    today = local_day(now)

    def duty(agency: str, task: str, days: int, **given: Any) -> Duty:
        last_day = today + days * DAY
        one = Duty(
            fingerprint=task,
            agency_code=agency,
            clause="II.1",
            task=task,
            source="Kế hoạch số 7/KH-HG",
            rule=DeadlineRule(printed="trước ngày ấy"),
            last_day=last_day,
            due_at=at_local(last_day + DAY, dt.time()),
            state=DutyState.OPEN,
            proposed_at=now - 60 * DAY,
            confirmed_at=now - 50 * DAY,
        )
        for name, value in given.items():
            setattr(one, name, value)
        session.add(one)
        return one

    done = {"state": DutyState.CLOSED, "outcome": DutyOutcome.DONE}
    duties = {
        "late": duty("SYT", FORMULA, -2),
        "very_late": duty("STC", "Lập dự toán kinh phí số hóa hồ sơ", -12),
        "stuck": duty("STC", "Thẩm định danh mục thiết bị", 5),
        "silent": duty("SNV", "Gửi danh sách cán bộ chuyên trách", 3),
        "doing": duty("SNV", "Mở lớp bồi dưỡng kỹ năng số", 9),
        "far": duty("SYT", "Tổng kết bệnh án điện tử", 90),
        "done": duty("SYT", "Kết nối dữ liệu khám chữa bệnh", -1, **done, closed_at=now - 4 * DAY),
        "done_late": duty("STC", "Báo cáo giải ngân", -6, **done, closed_at=now - 3 * DAY),
        "proposed": duty("STC", "Việc chưa xác nhận", 4, state=DutyState.PROPOSED, confirmed_at=None),
    }
    await session.flush()

    def said(name: str, status: Status, **given: Any) -> StatusReport:
        report = StatusReport(duty_id=duties[name].id, contact_id=worker.id, at=now - 3 * DAY, status=status)
        for field, value in given.items():
            setattr(report, field, value)
        session.add(report)
        return report

    said("very_late", Status.IN_PROGRESS, percent=50)
    said("stuck", Status.OBSTACLE, note="thiếu giá thẩm định")
    said("doing", Status.IN_PROGRESS, percent=25)
    finished = said("done", Status.DONE, note="@đã kết nối xong")
    said("done_late", Status.DONE)
    await session.flush()
    session.add(
        Evidence(
            report_id=finished.id,
            duty_id=finished.duty_id,
            sha256=SHA,
            file_name="bien-ban.pdf",
            size=4,
            media_type="application/pdf",
            at=now,
        )
    )
    for name in ("late", "silent"):
        session.add(
            Nudge(
                duty_id=duties[name].id,
                contact_id=worker.id,
                rung=-3,
                rung_day=today,
                step=Step.FOCAL_POINT,
                due_at=now - 5 * DAY,
                planned_at=now - 5 * DAY,
                state=NudgeState.SENT,
                settled_at=now - 5 * DAY,
            )
        )
    session.add(Escalation(duty_id=duties["very_late"].id, started_at=now - 11 * DAY, position=3))
    session.add(Escalation(duty_id=duties["late"].id, started_at=now - DAY, position=1))
    await session.flush()
    return duties


async def add_reader(session: AsyncSession, now: dt.datetime, role: Role, agency: str | None, name: str) -> Account:
    """Somebody who can be written to on Telegram."""
    contact = await add_contact(session, Contact(name=name, agency_code=agency, role=role, created_at=now))
    account = Account(channel="telegram", bot_id="1", user_id=name, chat_id=name, created_at=now, contact_id=contact.id, linked_at=now)
    session.add(account)
    await session.flush()
    return account
