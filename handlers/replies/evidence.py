"""Files that come as evidence: for which duty each is kept, what its sender is told, how it reaches the coordinators."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import asdict

from sqlalchemy.ext.asyncio import AsyncSession

from db.duties import Duty, DutyOutcome, DutyState, find_duty, get_duties
from db.files import SavedFile, add_file
from db.messages import Action, Attachment, Message, line, lines, plain
from db.outbox import OutboxRow, OutboxState, extend_message, list_by_topic, list_latest
from db.people import Role, get_person
from db.prompts import Prompt, ask, end_prompt, get_prompt
from db.reports import Evidence, list_evidence, list_reports
from handlers.call import Call, ReceivedFile, change_message, update_buttons
from handlers.paging import page_of, rows_of, shorten, turning
from handlers.permissions import Right, may_see_duties, permits_for_agency
from handlers.replies.choosing import open_duties, reminded_of
from handlers.wording import files as wording
from scheduler.audience import load_people
from scheduler.calendar import VIETNAM
from scheduler.reach import tell

# Coordinators wait so long for what else comes: the pictures of an album come one by one. No longer than a minute in all.
GATHERED_FOR, _AT_MOST = dt.timedelta(seconds=10), dt.timedelta(minutes=1)
_MOST_FILES = 20  # of one message
_TOGETHER = dt.timedelta(minutes=2)
_PROMPT, _ALBUM = "files", "album"
_ANSWERED_WITHIN, _ALBUM_WITHIN = dt.timedelta(hours=24), dt.timedelta(hours=1)
_CHOICES, _A_PAGE, _TASK = 6, 10, 110


async def attach_files(session: AsyncSession, call: Call, *, duty_id: int, report_id: int | None) -> list[Evidence]:
    """Keep the files of the message that is being worked as evidence for a duty, with the report that it made; the coordinators
    get them in a moment. Returns the evidence of these files.

    Files whose sender was asked what they are for, and has not said, are kept with them. The same bytes for the same duty
    are one evidence, however often they come.
    """
    call.has_kept_files = True
    files = {one.sha256: one for one in (*await _take_awaited(session, call), *call.incoming.files)}
    if call.incoming.album:
        await _remember_album(session, call, duty_id, report_id)
    if not files:
        return []
    known = {one.sha256: one for one in await list_evidence(session, [duty_id])}
    kept, new = [], []
    for file in files.values():
        if (evidence := known.get(file.sha256)) is not None:
            evidence.report_id = evidence.report_id or report_id
        else:
            await add_file(session, SavedFile(file.sha256, file.size), now=call.now)
            evidence = Evidence(
                report_id=report_id,
                duty_id=duty_id,
                contact_id=call.contact.id if call.contact else None,
                sha256=file.sha256,
                file_name=file.name,
                size=file.size,
                media_type=file.media_type,
                at=call.now,
            )
            session.add(evidence)
            new.append(evidence)
        kept.append(evidence)
    await session.flush()
    if new:
        await _tell_coordinators(session, call, (await get_duties(session, [duty_id]))[duty_id], new)
    return kept


async def settle_files(call: Call, session: AsyncSession) -> None:
    """At the end of a message that came with files: what its handler left is kept or asked about, what was turned away is said."""
    is_recorded = call.has_kept_files and call.action == "reply"
    if call.incoming.files and not call.has_kept_files:
        asked = await get_prompt(session, call.incoming.talk, now=call.now)
        if (duty := await _meant_duty(session, call, asked)) is not None:
            await _keep_and_ask(session, call, duty)
        elif asked is not None and asked.asked_at == call.now:
            # Its words are asked about already: the files go where the answer says.
            waiting = await _wait(session, call)
            call.say(plain(f"{wording.received([one.name for one in waiting])}; {wording.GO_ALONG}"))
        else:
            await _ask_which(session, call)
    if call.incoming.refused:
        told = [line(wording.NOT_THE_FILE)] if is_recorded else []
        call.say(Message(paragraphs=(*told, *(part for one in call.incoming.refused for part in lines(one)))))


async def files_of_duty(call: Call, code: str, page: str | None = None) -> None:
    """«tệp PV12»: with files, or after some that nobody knew where to put: keep them for it; else send those it has."""
    async with call.finish() as session:
        duty = await find_duty(session, code)
        contact = call.contact
        if duty is None or contact is None or call.person is None or not may_see_duties(call.person, duty.agency_code):
            return call.say(plain(wording.NO_SUCH_DUTY.format(code="".join(code.split()).upper())))
        call.subject = f"duty:{duty.id}"
        if not (call.incoming.files or await _awaited(session, call)):
            return await _send_evidence(session, call, duty, int(page or 1))
        if not permits_for_agency(contact, Right.REPORT, duty.agency_code):
            return call.say(plain(wording.NOT_FROM_YOU))
        if (why := _closed_to_files(duty)) is not None:
            return call.say(plain(why.format(code=duty.code)))
        await _keep_and_ask(session, call, duty)


def _closed_to_files(duty: Duty) -> str | None:
    """Why a duty takes no evidence, if it takes none: of what was reported done the papers often come later."""
    if duty.state is DutyState.PROPOSED:
        return wording.NOT_OPEN_YET
    return wording.IS_OVER if duty.state is DutyState.CLOSED and duty.outcome is not DutyOutcome.DONE else None


async def _meant_duty(session: AsyncSession, call: Call, asked: Prompt | None) -> Duty | None:
    """For which duty files are that came without a word: that of their album, of what was asked last (or of what their words
    led to be asked), the only one it can be; else None."""
    one, contact = call.incoming, call.contact
    album = await get_prompt(session, _album_key(call), now=call.now) if one.album else None
    is_about = asked is not None and (not one.text or asked.asked_at == call.now)
    named = [prompt.about.get("duty") for prompt in (album, asked if is_about else None) if prompt]
    for duty_id in (each for each in named if isinstance(each, int)):
        duty = (await get_duties(session, [duty_id])).get(duty_id)
        if duty and contact and permits_for_agency(contact, Right.REPORT, duty.agency_code) and _closed_to_files(duty) is None:
            return duty
    if one.text or await _awaited(session, call):
        # Words that named no duty, or files that still wait for theirs: it is asked.
        return None
    duties = await open_duties(session, contact) if contact else []
    if len(duties) > 1 and contact:
        reminded = await reminded_of(session, contact, duties)
        return next(each for each in duties if each.id in reminded) if len(reminded) == 1 else None
    return duties[0] if duties else None


async def _keep_and_ask(session: AsyncSession, call: Call, duty: Duty) -> None:
    """Keep the files for a duty and ask how it stands. What comes in one album is said in one message."""
    album = await get_prompt(session, _album_key(call), now=call.now) if call.incoming.album else None
    report_id = album.about.get("report_id") if album else None
    known = {one.sha256 for one in await list_evidence(session, [duty.id])}
    kept = await attach_files(session, call, duty_id=duty.id, report_id=report_id)
    if all(one.sha256 in known for one in kept):
        return call.say(plain(wording.KNOWN.format(code=duty.code)))
    topic = _topic(call, str(duty.id), call.incoming.album)
    before = await _said_of_album(session, call, topic)
    since = before.created_at if before else call.now
    mine = [
        one for one in await list_evidence(session, [duty.id]) if one.at >= since and one.contact_id == (call.contact and call.contact.id)
    ]
    told = list(wording.attached([one.file_name for one in mine], duty.code, shorten(duty.task, _TASK)))
    buttons: tuple[tuple[Action, ...], ...] = ()
    if duty.state is DutyState.OPEN and report_id is None and kept[0].report_id is None:
        told.append(line(wording.IS_DONE.format(code=duty.code)))
        buttons = ((Action(label=wording.DONE, command=f"xong {duty.code}"), Action(label=wording.GOING, command=f"đang làm {duty.code}")),)
    await _say_or_extend(session, call, before, Message(paragraphs=tuple(told), actions=buttons), topic)


async def _ask_which(session: AsyncSession, call: Call) -> None:
    """Have the files wait for the code of their duty, and ask for it."""
    names = wording.received([one.name for one in await _wait(session, call)])
    duties = await open_duties(session, call.contact) if call.contact else []
    topic = _topic(call, "which", call.incoming.album)
    if not duties:
        acts_for_all = call.contact is not None and call.contact.role in (Role.COORDINATOR, Role.ADMIN)
        words = f"{names}, {wording.NAME_A_DUTY if acts_for_all else wording.NO_DUTY}"
        return await _say_or_extend(session, call, await _said_of_album(session, call, topic), plain(words), topic)
    reminded = await reminded_of(session, call.contact, duties) if call.contact else set()
    shown = sorted(duties, key=lambda each: each.id not in reminded)[:_CHOICES]
    told = [line(f"{names}."), *(wording.duty_item(one.code, shorten(one.task, _TASK), one.last_day) for one in shown)]
    told.append(line(wording.WHICH.format(code=shown[0].code)))
    buttons = [Action(label=one.code, command=f"tệp {one.code}") for one in shown]
    message = Message(paragraphs=tuple(told), actions=rows_of(buttons, 3))
    await _say_or_extend(session, call, await _said_of_album(session, call, topic), message, topic)


async def _wait(session: AsyncSession, call: Call) -> list[ReceivedFile]:
    """Have the files wait for their duty; all that wait in this talk."""
    waiting = {one.sha256: one for one in (*await _awaited(session, call), *call.incoming.files)}
    for file in call.incoming.files:
        await add_file(session, SavedFile(file.sha256, file.size), now=call.now)
    about = {"files": [asdict(one) for one in waiting.values()], "album": call.incoming.album}
    expires_at = call.now + _ANSWERED_WITHIN
    await ask(session, Prompt(key=_files_key(call), kind=_PROMPT, about=about, asked_at=call.now, expires_at=expires_at))
    return list(waiting.values())


def _topic(call: Call, about: str, album: str | None) -> str:
    return f"files:{about}:{call.contact.id if call.contact else ''}:{album or ''}"


async def _said_of_album(session: AsyncSession, call: Call, topic: str) -> OutboxRow | None:
    """Our newest message in this chat, where it is of the same album: what is new is added to it. What was sent by itself has
    an answer of its own, below it."""
    one = call.incoming
    latest = (await list_latest(session, one.channel, one.bot_id, one.chat_id))[:1] if one.album else []
    alive = (OutboxState.PENDING, OutboxState.SENDING, OutboxState.SENT)
    return next((row for row in latest if row.topic == topic and row.state in alive and call.now - row.created_at <= _TOGETHER), None)


async def _say_or_extend(session: AsyncSession, call: Call, before: OutboxRow | None, message: Message, topic: str) -> None:
    if before is None or call.letters:  # what is said beside other words stands below them
        return call.say(message, topic=topic)
    await change_message(session, before, message, now=call.now)


async def _send_evidence(session: AsyncSession, call: Call, duty: Duty, page: int) -> None:
    found = await list_evidence(session, [duty.id])
    if not found:
        return call.say(plain(wording.NO_EVIDENCE.format(code=duty.code)))
    shown = page_of(found, page, size=_A_PAGE)
    people = {one: (await get_person(session, one)).contact for one in {each.contact_id for each in shown.items} if one is not None}
    told = list(wording.evidence_of(duty.code, shorten(duty.task, _TASK), len(found), shown.remark))
    for number, one in enumerate(shown.items, shown.first):
        contact = people.get(one.contact_id) if one.contact_id is not None else None
        who = contact.name if contact and contact.removed_at is None else ""
        told.append(wording.evidence_row(number, one.file_name, f"{one.at.astimezone(VIETNAM):%d/%m/%Y}", who))
    turned = turning(shown, lambda number: f"tệp {duty.code} trang {number}")
    call.say(Message(paragraphs=tuple(told), actions=turned, attachments=_attachments(shown.items)), topic=f"evidence:{duty.id}")


async def _tell_coordinators(session: AsyncSession, call: Call, duty: Duty, new: Sequence[Evidence]) -> None:
    """One message to each of them, which waits a moment for what else this person sends for this duty, and takes it along."""
    person = call.person
    if person is None:
        return
    topic = f"evidence:{duty.id}:{person.contact.id}"
    agency = person.agency.name if person.agency else ""

    report_id = next((one.report_id for one in reversed(new) if one.report_id is not None), None)
    status = next((one.status for one in await list_reports(session, [duty.id]) if one.id == report_id), None)

    def written(files: tuple[Attachment, ...]) -> Message:
        told = wording.told_coordinator(person.contact.name, agency, len(files), duty.code, shorten(duty.task, 2 * _TASK), status)
        return Message(paragraphs=told, attachments=files)

    added = _attachments(new)
    waiting = [row for row in await list_by_topic(session, topic) if row.state is OutboxState.PENDING and not row.claims]
    waiting = [row for row in waiting if len(row.message.attachments) + len(added) <= _MOST_FILES]
    for row in waiting:
        not_before = min(call.now + GATHERED_FOR, max(row.created_at + _AT_MOST, call.now))
        await extend_message(session, row, written((*row.message.attachments, *added)), not_before=not_before)
    people = await load_people(session, ())
    others = [one.contact for one in people.coordinators if one.contact.id != person.contact.id]
    await tell(session, others, written(added), now=call.now, topic=topic, wait=GATHERED_FOR, besides=waiting)


def _attachments(evidence: Sequence[Evidence]) -> tuple[Attachment, ...]:
    """As files, pictures too: what is evidence must arrive as it was sent, and a channel makes pictures smaller."""
    return tuple(Attachment(sha256=one.sha256, file_name=one.file_name, size=one.size) for one in evidence)


async def _awaited(session: AsyncSession, call: Call) -> list[ReceivedFile]:
    """Files of this talk whose sender was asked what they are for."""
    prompt = await get_prompt(session, _files_key(call), now=call.now)
    return [ReceivedFile(**one) for one in prompt.about["files"]] if prompt is not None else []


async def _take_awaited(session: AsyncSession, call: Call) -> list[ReceivedFile]:
    prompt = await get_prompt(session, _files_key(call), now=call.now)
    files = await _awaited(session, call)
    if prompt is not None:
        await end_prompt(session, _files_key(call))
        topic = _topic(call, "which", prompt.about.get("album"))
        await update_buttons(session, topic, now=call.now, keep=lambda _: False)
    return files


def _files_key(call: Call) -> str:
    """Beside what the talk itself waits for: files wait longer than words do, and are no answer to them."""
    return f"{call.incoming.talk}:files"


def _album_key(call: Call) -> str:
    return f"{call.incoming.talk}:album:{call.incoming.album}"


async def _remember_album(session: AsyncSession, call: Call, duty_id: int, report_id: int | None) -> None:
    """What else comes of this album is for the same duty: a channel brings its pictures one by one, the words with one of them."""
    about = {"duty": duty_id, "report_id": report_id}
    expires_at = call.now + _ALBUM_WITHIN
    await ask(session, Prompt(key=_album_key(call), kind=_ALBUM, about=about, asked_at=call.now, expires_at=expires_at))
