"""What the assistant can do, for whom; greeting, help, and dropping what a talk was about."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from db.conversations import end_talk
from db.messages import Action, Message, line, lines, plain
from db.people import Contact
from db.prompts import end_prompt
from handlers import wording
from handlers.call import Call
from handlers.permissions import Right, permits
from knowledge.examples import examples_of


@dataclass(frozen=True, slots=True)
class MenuItem:
    """A command as a channel's menu shows it, for whoever has the right."""

    command: str
    about: str
    right: Right


MENU = (
    MenuItem("/hoi", "Hỏi về chỉ tiêu, nhiệm vụ, thời hạn", Right.ASK),
    MenuItem("/chitieu", "Xem chỉ tiêu theo mốc năm và nhóm", Right.ASK),
    MenuItem("/timkiem", "Tìm đoạn văn bản theo từ khoá", Right.ASK),
    MenuItem("/vanban", "Danh sách văn bản, nhận tệp gốc", Right.READ_DOCUMENTS),
    MenuItem("/viec", "Phần việc của cơ quan", Right.REPORT),
    MenuItem("/giaoviec", "Phần việc đề xuất: xem trước, xác nhận, giao việc", Right.MANAGE_DUTIES),
    MenuItem("/tiendo", "Tiến độ các phần việc", Right.SEE_PROGRESS),
    MenuItem("/moi", "Mời cán bộ dùng trợ lý", Right.INVITE),
    MenuItem("/vang", "Báo vắng mặt, ai được nhắc thay", Right.REPORT),
    MenuItem("/daumoi", "Đầu mối của các cơ quan", Right.MANAGE_PEOPLE),
    MenuItem("/khonglienhe", "Cơ quan chưa có đầu mối nhận được tin", Right.MANAGE_PEOPLE),
    MenuItem("/canxem", "Câu hỏi cần xem, soạn câu trả lời", Right.REVIEW_ANSWERS),
    MenuItem("/duyet", "Câu trả lời đã duyệt", Right.REVIEW_ANSWERS),
    MenuItem("/toi", "Dữ liệu về tôi, xoá dữ liệu", Right.SEE_OWN_DATA),
    MenuItem("/trogiup", "Hướng dẫn", Right.GREET),
    MenuItem("/huy", "Bỏ qua nội dung đang hỏi", Right.GREET),
    MenuItem("/start", "Bắt đầu", Right.GREET),
)


def menu_of(contact: Contact | None, *, is_public: bool = False) -> list[tuple[str, str]]:
    """(command, what it does) for this person; a stranger's where there is no contact."""
    return [(one.command, one.about) for one in MENU if permits(contact, one.right, is_public=is_public)]


def group_menu() -> list[tuple[str, str]]:
    """What may be asked in front of others."""
    return [(one.command, one.about) for one in MENU if one.right in (Right.ASK, Right.READ_DOCUMENTS)]


async def find_examples(call: Call, *, is_linked: bool = False) -> tuple[str, ...]:
    """Questions that the documents of this person (`is_linked`: of an official, in private) answer well; general ones where
    they hold too little."""
    library = await (call.assistant.shelf.library(officials=True) if is_linked else call.library())
    found = await asyncio.get_running_loop().run_in_executor(call.assistant.thinking, examples_of, library)
    return found or wording.EXAMPLES


def as_buttons(questions: Sequence[str]) -> tuple[tuple[Action, ...], ...]:
    """Example questions as buttons, one a row."""
    return tuple((Action(label=one[:64], command=one),) for one in questions)


def invited_only(call: Call) -> Message:
    """To a stranger: how to be invited, and nothing else."""
    if call.incoming.is_group:
        return plain(wording.INVITED_IN_PRIVATE)
    return Message(paragraphs=plain(wording.INVITED_ONLY).paragraphs, asks_phone=True)


async def start(call: Call) -> None:
    """A greeting with examples to tap; strangers learn how to be invited."""
    is_public = call.assistant.public_questions
    asked = await find_examples(call) if permits(call.contact, Right.ASK, is_public=is_public) else ()
    async with call.finish():
        if not permits(call.contact, Right.ASK, is_public=is_public):
            return call.say(invited_only(call))
        # In front of others nobody's name or rights are told.
        is_group = call.incoming.is_group
        name = "" if is_group else call.contact.name if call.contact else call.incoming.display_name
        menu = group_menu() if is_group else menu_of(call.contact, is_public=is_public)
        # Who is on the list, and not linked yet, learns how to be.
        is_stranger = call.contact is None and not call.incoming.is_group
        told = (*wording.welcome(name, menu), *((line(), *lines(wording.INVITED_TOO)) if is_stranger else ()))
        call.say(Message(paragraphs=told, actions=as_buttons(asked), asks_phone=is_stranger))


async def show_help(call: Call) -> None:
    is_public = call.assistant.public_questions
    asked = await find_examples(call) if permits(call.contact, Right.ASK, is_public=is_public) else ()
    async with call.finish():
        menu = menu_of(call.contact, is_public=is_public)
        if not permits(call.contact, Right.ASK, is_public=is_public):
            return call.say(invited_only(call))
        call.say(Message(paragraphs=(*wording.menu_lines(menu), line(), *wording.how_to_ask()), actions=as_buttons(asked)))


async def show_how_to_ask(call: Call) -> None:
    asked = await find_examples(call)
    async with call.finish():
        call.say(Message(paragraphs=wording.how_to_ask(), actions=as_buttons(asked)))


async def cancel(call: Call) -> None:
    """Forget what the talk was about."""
    async with call.finish() as session:
        was_open = await end_talk(session, call.incoming.talk)
        was_open = await end_prompt(session, call.incoming.talk) or was_open
        if not permits(call.contact, Right.ASK, is_public=call.assistant.public_questions):
            return call.say(invited_only(call))
        call.say(plain(wording.CANCELLED if was_open else wording.NOTHING_TO_CANCEL))
