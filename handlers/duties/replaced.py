"""Duties of a document that no longer holds: they stay open, and whoever coordinates is asked what is to become of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from sqlalchemy.ext.asyncio import AsyncSession

from db.duties import DutyState, list_duties
from db.messages import Action, Message
from db.people import list_agencies
from handlers.duties.card import TOPIC
from handlers.duties.proposing import source_names
from handlers.paging import rows_of
from handlers.wording import duties as wording
from scheduler.audience import load_people
from scheduler.reach import tell

_SHOWN = 8


async def ask_about_open_duties(session: AsyncSession, document_ids: Collection[int], *, now: dt.datetime) -> int:
    """One message to the coordinators for each of these documents of which duties are open; returns how many documents."""
    sources, names = await source_names(session), {one.code: one.name for one in await list_agencies(session)}
    open_ones = await list_duties(session, DutyState.OPEN)
    coordinators = [one.contact for one in (await load_people(session, ())).coordinators]
    asked = 0
    for document in sorted(document_ids):
        duties = [one for one in open_ones if one.document_id == document]
        if not duties:
            continue
        rows = [(one.code, names.get(one.agency_code, one.agency_code), one.task, one.last_day) for one in duties[:_SHOWN]]
        told = wording.replaced_document(sources.get(document, ""), rows, len(duties))
        whole = Action(label=f"🗑 Đóng cả {len(duties)} phần việc", command=f"đóng {len(duties)} việc của văn bản {document}")
        buttons = rows_of([Action(label=one.code, command=f"xem {one.code}") for one in duties[:_SHOWN]], 4)
        await tell(
            session, coordinators, Message(paragraphs=told, actions=(*buttons, (whole,))), now=now, topic=f"{TOPIC}:closing {document}"
        )
        asked += 1
    return asked
