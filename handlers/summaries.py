"""Long answers in short: what is said and where it stands, with the rest at a tap in the same message."""

from __future__ import annotations

from db.messages import Action, Message, Paragraph
from handlers import wording
from knowledge.wording import count_of_more

# A phone shows some 18 lines of 40 characters.
_WHOLE, _ROOM = 700, 640  # characters: a longer answer is shown as its summary, which leaves out list lines beyond so many
_LISTED, _AT_LEAST = 6, 3  # lines of a list
_QUOTE = 160  # characters; a shorter quote stays
_WORTH = 100  # characters; less is not worth a tap


def summarise(message: Message, number: int) -> Message:
    """A long answer without its long quotes and the later lines of its lists, and a button for the whole; what is short stays
    as it is. Whole lines only: no sentence and no figure is ever cut."""
    if len(message.text) <= _WHOLE:
        return message
    kept, items, quotes = _shorten(message.paragraphs)
    shown = (*kept, *wording.left_out(items, quotes, number))
    if len(message.text) - len(Message(paragraphs=shown).text) < _WORTH:
        return message
    return Message(paragraphs=shown, actions=((_whole_button(number),), *without_more(message.actions)))


def brief(paragraphs: tuple[Paragraph, ...]) -> tuple[Paragraph, ...]:
    """An answer as it is told to somebody else: in short where it is long, with how to see the rest."""
    if sum(len(one.text) for one in paragraphs) <= _WHOLE:
        return paragraphs
    kept, items, quotes = _shorten(paragraphs)
    return (*kept, *wording.left_out(items, quotes, None))


def _shorten(paragraphs: tuple[Paragraph, ...]) -> tuple[list[Paragraph], int, int]:
    """The lines that stay, how many of its lists do not (those that the answer itself left for later included), and quotes."""
    kept: list[Paragraph] = []
    room = _ROOM - sum(len(one.text) for one in paragraphs if not one.is_quote and not _is_item(one))
    listed = items = quotes = 0
    headed: Paragraph | None = None  # a heading waits for the first line below it that stays
    for at, one in enumerate(paragraphs):
        if _is_item(one):
            room -= len(one.text)
            if listed < _LISTED and (room >= 0 or listed < _AT_LEAST):
                listed += 1
                kept += [headed, one] if headed is not None else [one]
                headed = None
            else:
                items += 1
        elif (left := count_of_more(one.text)) is not None:
            items += left
        elif at and one.is_quote and len(one.text) > _QUOTE:  # an answer that begins with a quote says it by that
            quotes += 1
        elif one.text.endswith(":") and at + 1 < len(paragraphs) and _is_item(paragraphs[at + 1]):
            headed = one
        else:
            kept.append(one)
    return kept, items, quotes


def _is_item(paragraph: Paragraph) -> bool:
    return paragraph.text.startswith("- ")


def _whole_button(number: int) -> Action:
    return Action(label=wording.MORE, command=f"{wording.MORE_COMMAND} {number}")


def without_more(actions: tuple[tuple[Action, ...], ...]) -> tuple[tuple[Action, ...], ...]:
    """The rows of buttons but for «Xem thêm», whether it means the whole of an answer or the next lines."""
    kept = (tuple(one for one in row if not one.command.startswith(wording.MORE_COMMAND)) for row in actions)
    return tuple(row for row in kept if row)
