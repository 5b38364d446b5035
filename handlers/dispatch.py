"""A message in, what comes of it out: which command it is, whether this person may, and who answers it."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Awaitable, Callable
from functools import partial

from rapidfuzz import fuzz, process

from db.accounts import get_account
from db.conversations import get_turns
from db.inbox import InboxRow, count_events
from db.messages import Action, Message, plain
from db.outbox import find_sent, list_latest
from db.people import get_person
from handlers import approvals, approving, browsing, continuing, feedback, help, linking, next_steps, privacy, reviewing, searching, wording
from handlers.asking import answer_question
from handlers.call import Assistant, Call, Incoming
from handlers.command import Command, numbered
from handlers.duties import commands as duties
from handlers.originals import send_document, show_documents
from handlers.permissions import Right, permits
from handlers.progress import commands as progress
from handlers.replies import commands as replies
from handlers.replies.evidence import settle_files
from handlers.replies.listening import listen
from handlers.staff import commands as staff
from knowledge.text import fold, normalise

_MINUTE = dt.timedelta(minutes=1)
_LIKE = 60  # of 100: a mistyped command is taken for one that is at least so similar


async def _ask(call: Call, typed: str | None = None) -> None:
    await (answer_question(call, typed) if typed and typed.strip() else help.show_how_to_ask(call))


async def _judge_wrong(call: Call, number: str, correction: str | None = None) -> None:
    await feedback.judge_wrong(call, int(number), (correction or "").strip())


def _ifnumbered(run: Callable[[Call, int | None], Awaitable[None]]) -> Callable[..., Awaitable[None]]:
    """A command that without a number means the question asked last."""

    async def with_number(call: Call, number: str | None = None) -> None:
        await run(call, int(number) if number else None)

    return with_number


async def _tell_year(call: Call, year: str, number: str) -> None:
    await next_steps.tell_year(call, int(year), int(number))


async def _show_clause(call: Call, number: str | None = None, part: str | None = None) -> None:
    await next_steps.show_clause(call, int(number) if number else None, int(part) if part else None)


_HORIZON = r"(\d{4}|khac)"
_NUMBER, _PAGE = r"#?(\d{1,9})", r"(\d{1,4})"
_FILTER = r"(tat ca|chua tra loi|bao sai)"
_WRITE, _SOURCE = numbered(approving.write), numbered(approving.choose_source)
COMMANDS = (
    Command("start", r"/start|bat dau", Right.GREET, help.start),
    Command("link", r"(?:/start|/?lien ?ket)\s+(.+)", Right.LINK, linking.link_by_code, is_private=True),
    Command("help", r"/?tro ?giup|/help|help|\?", Right.GREET, help.show_help),
    Command("cancel", r"/?huy", Right.GREET, help.cancel),
    Command("own_data", r"/toi", Right.SEE_OWN_DATA, privacy.show_own_data, is_private=True),
    Command("ask_removal", r"xoa toi|/toi xoa", Right.SEE_OWN_DATA, privacy.ask_removal, is_private=True),
    Command("keep", r"khong xoa toi", Right.SEE_OWN_DATA, privacy.keep_data, is_private=True),
    Command("remove", r"xoa toi chac chan", Right.SEE_OWN_DATA, privacy.remove_person, is_private=True),
    Command("targets", r"/chi ?tieu", Right.ASK, browsing.show_horizons),
    Command("targets", rf"/chi ?tieu {_HORIZON}(?: trang (\d{{1,4}}))?", Right.ASK, browsing.show_groups),
    Command("targets", rf"/chi ?tieu {_HORIZON} (\d{{1,4}})(?: trang (\d{{1,4}}))?", Right.ASK, browsing.show_targets),
    Command("target", rf"/chi ?tieu {_HORIZON} (\d{{1,4}}) (\d{{1,4}})", Right.ASK, browsing.open_target),
    Command("targets", r"/chi ?tieu\s+(.+)", Right.ASK, browsing.find_targets),
    Command("search", r"/tim ?kiem", Right.ASK, searching.explain),
    Command("search", r"/tim ?kiem\s+(.+)", Right.ASK, searching.search),
    Command("turn", r"tim #?(\d{1,9})(?: trang (\d{1,4}))?", Right.ASK, searching.turn),
    Command("documents", r"/?van ?ban(?: trang (\d{1,4}))?", Right.READ_DOCUMENTS, show_documents),
    Command("document", rf"/?van ?ban {_NUMBER}", Right.READ_DOCUMENTS, numbered(send_document)),
    Command("whole", rf"xem them {_NUMBER}", Right.ASK, numbered(continuing.show_whole)),
    Command("go_on", r"(xem (?:them|tiep)(?: di| nhe| nua)*)", Right.ASK, continuing.go_on),
    Command("right", rf"dung {_NUMBER}", Right.JUDGE, numbered(feedback.judge_right)),
    Command("wrong", rf"sai {_NUMBER}(?:[\s:,.]+(.+))?", Right.JUDGE, _judge_wrong),
    Command("review", rf"da xem {_NUMBER}(?: {_FILTER} {_PAGE})?", Right.REVIEW_ANSWERS, numbered(reviewing.review)),
    Command("reviews", rf"/?can ?xem(?: {_FILTER})?(?: {_PAGE})?", Right.REVIEW_ANSWERS, reviewing.show_list, is_private=True),
    Command(
        "inquiry",
        rf"xem cau {_NUMBER}(?: {_FILTER} {_PAGE})?",
        Right.REVIEW_ANSWERS,
        numbered(reviewing.open_inquiry),
        is_private=True,
    ),
    Command("compose", rf"(?:soan|duyet) {_NUMBER}", Right.REVIEW_ANSWERS, numbered(approving.explain), is_private=True),
    Command("write", rf"duyet {_NUMBER}\s*[:.,]\s*(.+)", Right.REVIEW_ANSWERS, _WRITE, is_private=True),
    Command("source", rf"nguon cau {_NUMBER}[\s:.,]+(.+)", Right.REVIEW_ANSWERS, _SOURCE, is_private=True),
    Command("approve", rf"duyet cau {_NUMBER}", Right.REVIEW_ANSWERS, numbered(approving.approve), is_private=True),
    Command("drop", rf"bo cau {_NUMBER}", Right.REVIEW_ANSWERS, numbered(approving.drop), is_private=True),
    Command("withdraw", rf"thu hoi cau {_NUMBER}(?: {_PAGE})?", Right.REVIEW_ANSWERS, numbered(approvals.withdraw), is_private=True),
    Command("approved", rf"(?:/duyet|da duyet)(?: {_PAGE})?", Right.REVIEW_ANSWERS, approvals.show_list, is_private=True),
    Command("invite", r"/?moi ((?:\+|\d)[\d .-]*)", Right.INVITE, linking.give_invitation, is_private=True),
    Command("invite", r"/moi(\s*)", Right.INVITE, linking.give_invitation, is_private=True),
    Command("year", rf"nam (20\d\d) cua {_NUMBER}", Right.ASK, _tell_year),
    Command("clause", rf"(?:nguyen van|ca muc)(?: {_NUMBER})?(?: phan (\d{{1,3}}))?", Right.ASK, _show_clause),
    Command("doer", rf"ai (?:lam|thuc hien)(?: {_NUMBER})?", Right.ASK, _ifnumbered(next_steps.tell_doer)),
    Command("roadmap", rf"lo trinh(?: {_NUMBER})?", Right.ASK, _ifnumbered(next_steps.show_roadmap)),
    Command("ask", r"/hoi(?:\s+(.*))?", Right.ASK, _ask),
    *replies.COMMANDS,
    *duties.COMMANDS,
    *staff.COMMANDS,
    *progress.COMMANDS,
)
# What an answer to a message of ours means, by what that message is about.
_ANSWERED = {
    "correction": Command("wrong", "", Right.JUDGE, _judge_wrong),
    "compose": Command("write", "", Right.REVIEW_ANSWERS, _WRITE, is_private=True),
    "source": Command("source", "", Right.REVIEW_ANSWERS, _SOURCE, is_private=True),
}
_QUESTION = Command("ask", r"(.*)", Right.ASK, answer_question)
_PATTERNS = tuple((re.compile(one.pattern, re.DOTALL), one) for one in COMMANDS)


async def dispatch(assistant: Assistant, incoming: Incoming, *, now: dt.datetime, event: InboxRow | None = None) -> Call:
    """Work one message to its end: when this returns, its outcome is stored. `event` is the inbox row that it came from.

    Raises HoldLost when another worker has taken the event over; nothing is kept then.
    """
    call, sent = await _open(assistant, incoming, now, event)
    if await _is_too_fast(call, sent):
        return call
    text = normalise(incoming.text).strip()
    if incoming.files or incoming.refused:
        call.at_end = partial(settle_files, call)
    if incoming.phone is not None:
        call.action = "link_by_phone"
        await linking.link_by_phone(call, incoming.phone)
    elif not text and call.contact and (incoming.files or incoming.refused):
        call.action = "files"
        async with call.finish():
            pass  # what is done about files is done at the end of whatever is said
    elif not text:
        await _say(call, plain(wording.TEXT_ONLY) if _may_ask(call) else help.invited_only(call))
    else:
        command, arguments = await _read(call, text)
        if await _is_stale(call, command):
            call.action = "stale_tap"
            await _acknowledge(call, wording.STALE_TAP)
        else:
            await _run(call, command, arguments, text)
    return call


async def _open(assistant: Assistant, incoming: Incoming, now: dt.datetime, event: InboxRow | None) -> tuple[Call, int]:
    """Who it is that writes, and how many messages they have sent within a minute."""
    async with assistant.database.read() as session:
        account = await get_account(session, channel=incoming.channel, bot_id=incoming.bot_id, user_id=incoming.user_id)
        contact_id = incoming.contact_id if account is None else account.contact_id
        person = await get_person(session, contact_id) if contact_id is not None else None
        sent = 0
        if event is not None:
            since = event.received_at - _MINUTE
            sent = await count_events(session, event.channel, event.bot_id, event.sender, since=since, up_to=event.id)
        turns = await get_turns(session, incoming.talk, since=now - dt.timedelta(minutes=assistant.minutes))
    menu = account.menu if account is not None else ""
    call = Call(assistant=assistant, incoming=incoming, now=now, person=person, account=account, event=event, turns=turns, menu_before=menu)
    return call, sent


async def _is_too_fast(call: Call, sent: int) -> bool:
    """Whether this person writes more than their share; they are told once, further messages only leave their rows."""
    limit = call.assistant.person_rate if call.person else call.assistant.stranger_rate
    if sent <= limit:
        return False
    is_first = sent == limit + 1
    if is_first:
        # A flood must not flood the audit too.
        call.action, call.is_allowed = "too_fast", False
    async with call.finish():
        if is_first or call.incoming.pressed is not None:
            call.acknowledge(plain(wording.TOO_FAST))
    return True


async def _read(call: Call, text: str) -> tuple[Command | None, tuple[str | None, ...]]:
    """The command that a text is, with its arguments; any other text is a question, a mistyped command None."""
    folded = fold(text)
    for pattern, command in _PATTERNS:
        if found := pattern.fullmatch(folded):
            # Folding keeps the number of letters, but for rare ones: then the folded arguments must do.
            typed = text if len(text) == len(folded) else folded
            spans = (found.span(group) for group in range(1, len(found.groups()) + 1))
            return command, tuple(typed[start:end] if start >= 0 else None for start, end in spans)
    if text.startswith("/"):
        return None, ()
    if (draft := await approving.awaited_source(call, text)) is not None:
        return _ANSWERED["source"], (str(draft), text)
    if call.incoming.reply_to is not None and (meant := await _answered(call)) is not None:
        command, number = meant
        return command, (number, text)
    if (reply := await listen(call, text)) is not None:
        return reply, ()
    if not call.incoming.is_group and _may_be_code(call, text):
        return Command("link", "", Right.LINK, linking.link_by_code), (text,)
    return _QUESTION, (text,)


def _may_be_code(call: Call, text: str) -> bool:
    return linking.read_code(text) is not None or (len(text) >= 16 and text == call.assistant.admin_invite)


async def _is_stale(call: Call, command: Command | None) -> bool:
    """Whether a button was tapped that its message does not show any more, as far as the message is known."""
    one = call.incoming
    if one.pressed is None:
        return False
    async with call.assistant.database.read() as session:
        row = await find_sent(session, one.channel, one.bot_id, one.chat_id, one.pressed)
        if row is None and command is not _QUESTION:
            return False  # commands see for themselves whether they still hold
        # Tapped before its sending was noted, or on a first copy whose answer never came: any message may be meant.
        shown = [row] if row else await list_latest(session, one.channel, one.bot_id, one.chat_id)
    return all(action.command != one.text for each in shown for actions in each.message.actions for action in actions)


async def _answered(call: Call) -> tuple[Command, str] | None:
    """The command that an answer to our message stands for, with the number it is about; None when it stands for none."""
    one = call.incoming
    async with call.assistant.database.read() as session:
        row = await find_sent(session, one.channel, one.bot_id, one.chat_id, one.reply_to or "")
    kind, _, number = (row.topic or "").partition(":") if row else ("", "", "")
    return (_ANSWERED[kind], number) if kind in _ANSWERED else None


async def _run(call: Call, command: Command | None, arguments: tuple[str | None, ...], text: str) -> None:
    if command is None:
        return await _suggest(call, text)
    # Questions leave a row of their own; everything else one in the audit.
    call.action = "" if command.name == "ask" else command.name
    if not permits(call.contact, command.right, is_public=call.assistant.public_questions):
        call.action, call.is_allowed = command.name, False
        return await _say(call, help.invited_only(call) if call.contact is None else plain(wording.NOT_ALLOWED))
    if command.is_private and call.incoming.is_group:
        call.is_allowed = False
        return await _say(call, plain(wording.NOT_IN_GROUP))
    given = tuple(one for one in arguments if one is not None)
    await command.run(call, *given)


async def _suggest(call: Call, text: str) -> None:
    """A command that nobody knows: the nearest one, to be tapped, else where to find help."""
    if not _may_ask(call):
        return await _say(call, help.invited_only(call))
    typed = text.split()[0][:40]
    known = [name for name, _ in help.menu_of(call.contact, is_public=call.assistant.public_questions)]
    nearest = process.extractOne(fold(typed), known, scorer=fuzz.ratio, score_cutoff=_LIKE)
    if nearest is None:
        return await _say(call, plain(wording.UNKNOWN_COMMAND.format(typed=typed)))
    meant = nearest[0]
    await _say(call, plain(wording.DID_YOU_MEAN.format(typed=typed, meant=meant), (Action(label=meant, command=meant),)))


def _may_ask(call: Call) -> bool:
    return permits(call.contact, Right.ASK, is_public=call.assistant.public_questions)


async def _acknowledge(call: Call, text: str) -> None:
    async with call.finish():
        call.acknowledge(plain(text))


async def _say(call: Call, message: Message) -> None:
    async with call.finish():
        call.say(message)
