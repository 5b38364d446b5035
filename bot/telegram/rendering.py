"""A message as Telegram takes it: parts within its limits, each valid HTML by itself. Pure: nothing is sent here."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from html import escape
from itertools import groupby, takewhile

from bot import wording
from db.messages import Action, Attachment, Message, Paragraph, Style, line

# Limits of the Bot API (core.telegram.org/bots/api: sendMessage, sendPhoto, sendDocument). It counts text in UTF-16 code
# units, and after the entities are parsed, so tags and escapes are free. A megabyte is read as 10^6 bytes, the safe side.
TEXT_UNITS = 4096
CAPTION_UNITS = 1024
PICTURE_BYTES = 10_000_000
FILE_BYTES = 50_000_000
# Not in the API's pages, but what the server allows an inline keyboard; python-telegram-bot names the same numbers.
BUTTONS_IN_A_ROW = 8
BUTTONS = 100
# Our choice: a longer quote is shown folded, so that it does not push the answer off a phone's screen.
FOLDED_FROM_UNITS = 1000

_TAGS = {Style.BOLD: "b", Style.ITALIC: "i", Style.CODE: "code"}
# Refused by XML 1.0, or taken out by Telegram itself: C0 controls but tab and newline, lone surrogates, two noncharacters.
_UNSENDABLE = re.compile(r"[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]")
# A text without one of these is refused as empty: Telegram strips blanks of every kind, joiners and direction marks.
_SEEN = re.compile(r"[^\s\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\u2800\u3164\ufeff\ufffc\U000e0000-\U000e007f]")
# Where a long text is cut, best first, with the share of a part that must stand before: «1.» is no part by itself.
_BREAKS = (
    (re.compile(r"(?=\n)"), 0.0),  # after a paragraph
    (re.compile(r"""[.!?…;][»”’"')\]]*(?=\s)"""), 0.5),  # after a sentence
    (re.compile(r"(?=\s)"), 0.0),  # after a word
)


@dataclass(frozen=True, slots=True)
class Part:
    """One call to Telegram."""

    html: str  # for parse_mode HTML; the caption when there is an attachment
    plain: str  # the same words without markup, for the one retry after «can't parse entities»
    buttons: tuple[tuple[Action, ...], ...] = ()
    attachment: Attachment | None = None
    as_picture: bool = False  # sendPhoto; else sendDocument
    asks_phone: bool = False
    hides_keyboard: bool = False


@dataclass(frozen=True, slots=True)
class _Run:
    """Neighbouring characters that look alike."""

    text: str
    style: Style = Style.PLAIN
    is_quote: bool = False


def render(message: Message) -> list[Part]:
    """The calls that show a message, in order: text, then files; a single file takes a short text as its caption.

    A part has at most one of buttons, asks_phone and hides_keyboard, because a call takes one reply_markup. Buttons stand on
    the last text, or on the last file when there is no text; those above `BUTTONS` are left out. A file too large to send
    becomes a line of the text. Raises ValueError when there is nothing to see.
    """
    files = [file for file in message.attachments if file.size <= FILE_BYTES]
    too_large = [file for file in message.attachments if file.size > FILE_BYTES]
    notices = (line(wording.telegram_file_too_large(file.file_name, file.size, FILE_BYTES)) for file in too_large)
    runs = _runs([*message.paragraphs, *notices])
    text = "".join(run.text for run in runs).rstrip()
    texts = [Part(html=_html(runs, start, stop), plain=text[start:stop]) for start, stop in _slices(text)]
    if len(texts) == len(files) == 1 and text_length(texts[0].plain) <= CAPTION_UNITS:
        parts = [_with_file(texts[0], files[0])]
    else:
        parts = [*texts, *(_with_file(Part(html="", plain=""), file) for file in files)]
    if not parts:
        raise ValueError("neither text nor a file to send")
    return _with_keyboards(parts, len(texts or parts) - 1, message)


def text_length(text: str) -> int:
    """Length in UTF-16 code units, as Telegram counts: 2 for «😀», 1 for «ệ»."""
    return len(text) + sum(char > "\uffff" for char in text)


def _runs(paragraphs: Sequence[Paragraph]) -> list[_Run]:
    """All characters in order, paragraphs parted by newlines; between two quotes the newline is quoted, which joins them."""
    runs: list[_Run] = []
    for number, paragraph in enumerate(paragraphs):
        if number:
            runs.append(_Run("\n", is_quote=paragraph.is_quote and paragraphs[number - 1].is_quote))
        first = len(runs)
        for span in paragraph.spans:
            text = _UNSENDABLE.sub("", span.text)
            if len(runs) > first:
                # A combining mark goes with its letter, even when that was styled otherwise.
                marks = "".join(takewhile(_is_mark, text))
                text = text[len(marks) :]
                runs[-1] = replace(runs[-1], text=unicodedata.normalize("NFC", runs[-1].text + marks))
            if text:
                runs.append(_Run(unicodedata.normalize("NFC", text), span.style, paragraph.is_quote))
    return runs


def _slices(text: str) -> Iterator[tuple[int, int]]:
    """Start and end of each part's text, without the blanks around it."""
    stop = 0
    while stop < len(text):
        start = len(text) - len(text[stop:].lstrip())
        stop = _cut(text, start)
        shown = text[start:stop].rstrip()
        if _SEEN.search(shown):
            yield start, start + len(shown)


def _cut(text: str, start: int) -> int:
    """Where the part that begins at `start` ends: at the end of the text if that fits, else at the best break."""
    stop, units = start, 0
    while stop < len(text) and (units := units + text_length(text[stop])) <= TEXT_UNITS:
        stop += 1
    if stop == len(text):
        return stop
    for pattern, least in _BREAKS:
        ends = [found.end() for found in pattern.finditer(text, start + 1 + int((stop - start) * least), stop + 1)]
        if ends:
            return ends[-1]
    whole = (at for at in range(stop, start, -1) if not (_is_mark(text[at]) or "\u200d" in text[at - 1 : at + 1]))
    return next(whole, stop)


def _is_mark(char: str) -> bool:
    return unicodedata.category(char).startswith("M")


def _html(runs: list[_Run], start: int, stop: int) -> str:
    """The characters from `start` to `stop` with their tags, every one closed."""
    shown = []
    at = 0
    for run in runs:
        if at < stop and start < at + len(run.text):
            shown.append(replace(run, text=run.text[max(start - at, 0) : stop - at]))
        at += len(run.text)
    html = ""
    for is_quote, group in groupby(shown, key=lambda run: run.is_quote):
        inside = list(group)
        words = "".join(run.text for run in inside)
        styled = "".join(_styled(style, "".join(run.text for run in alike)) for style, alike in groupby(inside, key=lambda run: run.style))
        if is_quote and words.strip():
            folded = " expandable" if text_length(words) > FOLDED_FROM_UNITS else ""
            styled = f"<blockquote{folded}>{styled}</blockquote>"
        html += styled
    return html


def _styled(style: Style, text: str) -> str:
    escaped = escape(text, quote=False)
    if style is Style.PLAIN or not text.strip():
        return escaped
    return f"<{_TAGS[style]}>{escaped}</{_TAGS[style]}>"


def _with_file(part: Part, file: Attachment) -> Part:
    return replace(part, attachment=file, as_picture=file.is_picture and file.size <= PICTURE_BYTES)


def _with_keyboards(parts: list[Part], last: int, message: Message) -> list[Part]:
    """The parts with what is to be tapped at `last`; what finds no place beside the buttons goes one part before."""
    before, after = parts[:last], parts[last + 1 :]
    rows = _rows(message.actions)
    asks, hides = message.asks_phone, message.hides_keyboard and not message.asks_phone
    if not rows:
        return [*before, replace(parts[last], asks_phone=asks, hides_keyboard=hides), *after]
    if asks and not before:
        invitation = wording.TELEGRAM_PHONE_INVITATION
        before = [Part(html=escape(invitation, quote=False), plain=invitation)]
    if before:
        before[-1] = replace(before[-1], asks_phone=asks, hides_keyboard=hides)
    return [*before, replace(parts[last], buttons=rows), *after]


def _rows(actions: tuple[tuple[Action, ...], ...]) -> tuple[tuple[Action, ...], ...]:
    """Rows as given, within Telegram's width and number; empty ones left out."""
    rows: list[tuple[Action, ...]] = []
    room = BUTTONS
    for row in actions:
        kept = row[:room]
        room -= len(kept)
        rows += (kept[at : at + BUTTONS_IN_A_ROW] for at in range(0, len(kept), BUTTONS_IN_A_ROW))
    return tuple(rows)
