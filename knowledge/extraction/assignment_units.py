"""The words of one assignment each: a paragraph's clauses gathered by their doer, and split where deadlines differ."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from knowledge.agencies import find_agencies
from knowledge.deadlines import Deadline, find_deadlines
from knowledge.extraction.roles import Run, Subject, body_start, find_recipients, find_runs, find_subject
from knowledge.extraction.sentences import clauses, sentences
from knowledge.recurrences import Repeat, find_repeats
from knowledge.text import fold

_ANNEX = r"(?:phu luc|danh muc|bieu|bang)\b(?:\s+(?:so\s+)?(?:\d+|[ivx]+|[a-z])\b)?"
# Words that only point to an annex or say that a text was adopted.
_POINTS = re.compile(
    r"^\W*(?:(?:cac|nhung|danh muc|phan cong)\s+)*(?:nhiem vu|noi dung|cong viec|giai phap|chi tiet|cu the)\b[^.;,\d]{0,60}"
    rf"\b(?:tai|theo|o|nhu|trong)\s+(?:cac\s+)?{_ANNEX}(?:(?:,| va)\s+(?:{_ANNEX}|[ivx]+|\d+))*"
    r"(?:\s*\(?(?:dinh )?kem theo[^.;]{0,80})?\W*$"
    rf"|^\W*(?:(?:co|xem)\s+)?{_ANNEX}(?:\s+chi tiet)?\s+(?:dinh )?kem theo[^.;]{{0,60}}\W*$"
    r"|^\W*(?:nghi quyet|ke hoach|quyet dinh|ket luan|chi thi|quy che)(?: nay)?(?: da)? duoc\b[^.;]{3,90}\b(?:thong qua|ban hanh)\b"
)
# Who chairs a committee; a time behind it makes the rest an order.
_CHAIRED = re.compile(
    r"^\W*(?:ban(?! hanh)|to(?! chuc)|hoi dong|doan)\b[^.;:,]{3,120}\bdo\b[^.;]{3,120}"
    r"\b(?:lam|la)\s+(?:pho\s+)?(?:truong ban|to truong|truong doan|chu tich)\b"
)
# Closing formulas: they pass the document on and order nothing of their own.
_CLOSING = re.compile(
    r"^(?:nay |[^.;]{0,60}\b)?thong bao (?:de|den)\b|^tren day la\b|^\W*(?:ke hoach|quyet dinh|thong bao) nay (?:thay|co hieu luc)"
    r"|^trong qua trinh (?:to chuc |trien khai )*thuc hien,? neu\b|chiu trach nhiem thi hanh\b"
    r"|^(?:yeu cau|de nghi)\b[^.;\d]{0,120}\b(?:trien khai|to chuc) thuc hien\W*$"
)
_STATES = re.compile(
    r"^(?:ubnd tinh|uy ban nhan dan tinh|(?:pho )?chu tich ubnd tinh|ban thuong vu tinh uy)?\s*"
    r"(?:co ban thong nhat|thong nhat (?:voi|ve|noi dung)|ghi nhan|danh gia cao|bieu duong|hoan nghenh|nhat tri)\b"
    r"|^(?:kinh phi|viec|day la|hien nay|nam 20\d\d la|trong boi canh)\b(?!.*\b(?:phai|can|yeu cau|giao|de nghi)\b)"
)
BEGINS = re.compile(r"\b(?:bat dau|ke tu|khoi cong|ap dung)(?:\s+\w+){0,3}\s+(?:tu|trong|vao)?\s*$")
_ADVERBIAL_WEAK = re.compile(r"^\W*(?:tren co so|can cu|tu ket qua|theo|sau khi|nhu)\b")
_ONLY_DEADLINE = re.compile(r"^(?:thoi (?:han|gian)|han|hoan thanh|thuc hien|bao cao|gui|xong|tien do|trinh|nop|ket qua)\b")


@dataclass(slots=True)
class Unit:
    """Words that make one assignment, while they are gathered."""

    start: int
    end: int
    subject: Subject | None
    runs: list[Run]
    deadlines: list[Deadline] = field(default_factory=list)
    repeats: list[Repeat] = field(default_factory=list)
    carried: Run = ()  # the doer of the sentence before, where this one names none


def find_units(text: str, *, year: int | None) -> list[Unit]:
    """A paragraph's words, one unit an assignment; statements and closing formulas are left out."""
    units: list[Unit] = []
    label = body_start(text)
    for number, sentence in enumerate(sentences(text)):
        printed = text[slice(*sentence)]
        folded = fold(printed)
        if _CHAIRED.match(folded) and not find_deadlines(printed, year=year) and not find_repeats(printed):
            continue
        if _CLOSING.match(folded) or _STATES.match(folded) or _POINTS.match(folded):
            continue
        for position, span in enumerate(clauses(text, sentence)):
            start = label if number == 0 and position == 0 and label else span[0]
            words = text[start : span[1]]
            mentions = find_agencies(words)
            runs = find_runs(words, mentions)
            subject = find_subject(words, runs)
            deadlines = _limits(words, year)
            repeats = find_repeats(words)
            unit = units[-1] if units else None
            opens = unit is None or subject is not None or (position == 0 and bool(deadlines or repeats) and not _belongs(words, unit))
            if opens or unit is None or unit.end != span[0]:
                carried = (unit.subject.lead if unit.subject else unit.carried) if unit else ()
                unit = Unit(span[0], span[1], shift_subject(subject, start), [], carried=carried)
                units.append(unit)
            unit.end = span[1]
            unit.runs.extend(shift_run(run, start) for run in runs)
            unit.deadlines.extend(replace(one, start=one.start + start, end=one.end + start) for one in deadlines)
            unit.repeats.extend(replace(one, start=one.start + start, end=one.end + start) for one in repeats)
    return [part for unit in units for part in _split_at_deadlines(text, unit)]


def _belongs(words: str, unit: Unit) -> bool:
    """Whether a sentence only adds the day to the one before: «Hoàn thành trước ngày 15/6/2026.»"""
    return not unit.deadlines and len(words.split()) <= 14 and _ONLY_DEADLINE.match(fold(words)) is not None


def shift_run(run: Run, by: int) -> Run:
    return tuple(replace(one, start=one.start + by, end=one.end + by) for one in run)


def shift_subject(subject: Subject | None, by: int) -> Subject | None:
    return subject and Subject(shift_run(subject.lead, by), subject.end + by)


def _limits(words: str, year: int | None) -> list[Deadline]:
    """The deadlines of a clause: the firm ones; else the last of the others that limits what is said."""
    found = find_deadlines(words, year=year)
    firm = [one for one in found if one.firm]
    return firm or [one for one in found if _limits_here(words, one)][-1:]


def _limits_here(words: str, deadline: Deadline) -> bool:
    """Whether «trong năm 2026» limits the sentence: at its beginning or end, not inside «nhiệm vụ … trong năm 2026, …»."""
    folded = fold(words)
    before, after = folded[: deadline.start], folded[deadline.end :]
    if BEGINS.search(before):
        return False
    if not before.strip():
        return True
    ends = re.match(r"\s*(?:\([^)]*\))?\s*(?:[.;/)]|$)", after) is not None
    return ends and not _ADVERBIAL_WEAK.match(before) and before.count("(") <= before.count(")")


def _split_at_deadlines(text: str, unit: Unit) -> Iterator[Unit]:
    """One unit a deadline: «A gửi về B trước ngày … để tổng hợp, gửi C thẩm định chậm nhất …» are two, A's and B's."""
    firm = [one for one in unit.deadlines if one.firm]
    if len(firm) < 2:
        yield unit
        return
    start, doer, carried = unit.start, unit.subject, unit.carried
    for number, deadline in enumerate(firm):
        last = number + 1 == len(firm)
        end = unit.end if last else _end_of_part(text, deadline, firm[number + 1])
        part = Unit(start, end, doer, [run for run in unit.runs if start <= run[0].start < end], [deadline], carried=carried)
        part.repeats = [one for one in unit.repeats if start <= one.start < end]
        yield part
        carried = doer.lead if doer else carried
        doer = None if last else _next_doer(text, part, unit, end)
        start = end


def _end_of_part(text: str, deadline: Deadline, following: Deadline) -> int:
    """Where one deadline's words end: at the next semicolon; else after it, or, where deadlines open clauses, before the next."""
    between = text[deadline.end : following.start]
    clause = re.search(r";\s+", between)
    if clause:
        return deadline.end + clause.end()
    opens = re.search(r"[;,.]\s*(?:và\s+)?$", between)
    return deadline.end + (opens.end() if opens else 0)


def _next_doer(text: str, part: Unit, unit: Unit, end: int) -> Subject | None:
    """Who does what follows, if others do: those it was sent to («gửi B trước ngày … để tổng hợp») with those it goes on to
    («gửi C thẩm định»)."""
    if not re.match(r"\s*,?\s*(?:để|nhằm)\b", text[end : unit.end]):
        return None
    words = text[part.start : part.end]
    runs = [shift_run(run, -part.start) for run in part.runs]
    recipients = shift_run(find_recipients(words, runs), part.start)
    if not recipients:
        return None
    rest = text[end : unit.end]
    later = find_runs(rest)
    onward = [one for run in later for one in run if one in find_recipients(rest, later) and _acts(rest[run[-1].end :])]
    lead = (*recipients, *shift_run(tuple(onward), end))
    return Subject(lead, end)


def _acts(after: str) -> bool:
    """Whether a verb follows a recipient: «gửi Sở Tài chính thẩm định, tham mưu …»."""
    return re.match(r"\s+(?:để\s+)?(?:thẩm định|tổng hợp|rà soát|tham mưu|xem xét|xây dựng|hoàn thiện|cho ý kiến)", after) is not None
