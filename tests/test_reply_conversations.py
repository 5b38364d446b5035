"""Reminders answered on a channel: by a button, by words, by one of two people; and what the others are shown."""

from __future__ import annotations

import datetime as dt

from db.duties import Duty, DutyState
from db.outbox import OutboxRow, OutboxState
from db.reports import StatusReport
from tests.duties import COLLEAGUE, MONDAY, add_colleague, add_duties, remind
from tests.telegram_bot import rows_of
from tests.worlds import COORDINATOR, FOCAL_POINT, Person, WebWorld, World

_THURSDAY = dt.date(2026, 1, 8)


def _clock(world: World) -> dt.datetime:
    """What the sender takes for the present: the demo's instant on the page."""
    return MONDAY if isinstance(world, WebWorld) else dt.datetime.now(dt.UTC)


async def _reminded(world: World, count: int, *people: Person) -> list[str]:
    """So many duties of the department, of which these people have just been reminded; their codes."""
    codes = await add_duties(world.database, count, last_day=_THURSDAY)
    assert await remind(world.database, MONDAY + dt.timedelta(minutes=1), world=_clock(world)) == len(people)
    for person in people:
        assert codes[0] in await person.replies(1)
    # Shown, and known to have been sent.
    for _ in range(200):
        rows = [one for one in await rows_of(world.database, OutboxRow) if (one.topic or "").startswith("nudge:")]
        if all(one.state is OutboxState.SENT for one in rows):
            break
        await people[0].write("/huy")
    return codes


async def test_one_of_two_answers_by_a_button_and_takes_it_back(world: World) -> None:
    await add_colleague(world.database)
    first, second = await world.linked(FOCAL_POINT, 101), await world.linked(COLLEAGUE, 102)
    (code,) = await _reminded(world, 1, first, second)
    assert "Đã ghi nhận: Hoàn thành" in await first.press("✅ Hoàn thành", replies=1)
    await world.until(lambda: f"↳ {code}: Trần Thị Bình đã báo «hoàn thành»" in second.shown()[-1].text and not second.buttons)
    assert [one.state for one in await rows_of(world.database, Duty)][-1] is DutyState.CLOSED
    await first.press("Hoàn tác")
    await world.until(lambda: "đã hoàn tác báo cáo" in second.shown()[-1].text and "✅ Hoàn thành" in second.buttons)
    assert [one.state for one in await rows_of(world.database, Duty)][-1] is DutyState.OPEN
    # Whoever had not answered may now.
    await second.press("🔄 Đang làm", replies=1)
    await second.press("50%")
    await world.until(lambda: "Tiến độ: 50%" in second.shown()[-1].text)


async def test_words_that_answer_a_reminder_are_about_its_duty(world: World) -> None:
    person = await world.linked(FOCAL_POINT, 101)
    await add_duties(world.database, 1, last_day=dt.date(2026, 12, 31))
    (code,) = await _reminded(world, 1, person)
    reminder = next(one for one in reversed(person.shown()) if code in one.text)
    said = await person.write("được 60% rồi ạ", reply_to=reminder.message_id)
    assert f"Đang làm · {code}" in said and "Tiến độ: 60%" in said
    # So are those that answer what was asked about it.
    asked = await person.write(f"vướng {code}")
    question = person.shown()[-1]
    assert "vướng gì" in asked
    assert "Nội dung: máy chủ cũ quá" in await person.write("máy chủ cũ quá", reply_to=question.message_id)
    # The same words without that are no report.
    assert "Đã ghi nhận" not in await person.write("được 60% rồi ạ")
    assert [one.percent for one in await rows_of(world.database, StatusReport)] == [60, None]


async def test_obstacle_reaches_the_coordinator_and_only_its_part_of_a_reminder_changes(world: World) -> None:
    person, coordinator = await world.linked(FOCAL_POINT, 101), await world.linked(COORDINATOR, 103)
    first, second = (await add_duties(world.database, 1, last_day=_THURSDAY))[0], ""
    async with world.database.write() as session:
        original = await session.get(Duty, int(first[2:]))
        assert original is not None
        twin = Duty(**{**original.model_dump(exclude={"id"}), "fingerprint": "twin", "rule": original.rule, "task": "Việc thứ hai"})
        session.add(twin)
        await session.flush()
        second = twin.code
    assert await remind(world.database, MONDAY + dt.timedelta(minutes=1), world=_clock(world)) == 1
    assert second in await person.replies(1)
    assert "Đã báo điều phối: Phạm Thị Dung" in await person.write(f"vướng {first} thiếu kinh phí")
    told = await coordinator.replies(1)
    assert "Vướng mắc" in told and "thiếu kinh phí" in told and "Sở Y tế" in told
    await person.write(f"xong {second}")
    await world.until(lambda: any(f"↳ {second}: " in one.text for one in person.shown()))
    shown = next(one for one in person.shown() if f"↳ {second}: " in one.text and f"{first} · " in one.text)
    assert [command for row in shown.buttons for _, command in row] == [first]
