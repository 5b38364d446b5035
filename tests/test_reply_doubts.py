"""Replies that cannot be taken as they are: two things in one, numbers and days that do not exist, people who may not report."""

from __future__ import annotations

from handlers.call import Assistant
from handlers.replies.words import read_reply
from tests.duties import MONDAY, add_duties
from tests.speaking import commands
from tests.test_replies import code, reports, say

__all__ = ["code"]


async def test_two_things_in_one_are_asked_one_by_one(assistant: Assistant) -> None:
    first, second = await add_duties(assistant.database, 2)
    asked = await say(assistant, f"nop r a, con viec {second.lower()} thi chua")
    assert "việc nào" in asked.text and commands(asked) == [f"xong {first}", f"chưa làm {second}"]
    assert await reports(assistant) == []
    # So they are where it was just asked which duty is meant.
    await say(assistant, "xong rồi ạ")
    assert "việc nào đã xong" in (await say(assistant, f"xong rồi, còn {second} thì chưa")).text
    assert "từng phần việc" in (await say(assistant, f"xong {first}, còn {second} thì chưa")).text
    assert await reports(assistant) == []


def test_question_about_one_duty_is_not_two_things() -> None:
    for text in ("PV12 xong chưa", "còn PV12 thì chưa?", "nộp rồi, còn gì ở PV12 chưa?", "PV12 còn việc gì chưa"):
        assert not read_reply(text, MONDAY.date()).is_mixed, text
