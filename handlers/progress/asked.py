"""Which part of the plan somebody asks about, as they type it: an agency, a period, a document, states, in any order."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from db.deadlines import Recurrence as Every
from db.messages import COMMAND_BYTES
from db.people import Agency
from db.progress import Scope, Standing
from handlers.wording import progress as wording
from knowledge.text import fold, normalise
from scheduler.calendar import Period, period_of

_HALF_YEAR = dt.timedelta(days=183)
_NUMBER = r"\d{1,4}"
_DAY = r"(\d{1,2})[/.-](\d{1,2})(?:[/.-](\d{4}))?"
_RANGE = re.compile(rf"\b(?:tu )?(?:ngay )?{_DAY}\s*(?:-|–|den(?: het)?(?: ngay)?)\s*{_DAY}(?![/\d])")
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4}
_QUARTER = re.compile(r"\bquy (iv|iii|ii|i|[1-4])(?:(?:\s*/\s*|\s+nam\s+|\s+)(20\d\d))?\b")
_MONTH = re.compile(r"\bthang (1[0-2]|0?[1-9])(?:(?:\s*/\s*|\s+nam\s+|\s+)(20\d\d))?\b")
_YEAR = re.compile(r"\bnam (20\d\d)\b")
_NOW = re.compile(r"\b(tuan|thang|quy|nam) nay\b")
_DOCUMENT = re.compile(rf"\b(?:van ban|vb) #?({_NUMBER})\b")
_PAGE = re.compile(rf"\btrang ({_NUMBER})\b")
# Longer wordings first: «chưa đến hạn» holds «đến hạn».
_STATES: tuple[tuple[str, tuple[Standing, ...]], ...] = (
    (r"(?:xong|hoan thanh) (?:cham|tre|muon)(?: han)?", (Standing.DONE_LATE,)),
    (r"(?:(?:xong|hoan thanh) )?dung han", (Standing.DONE_IN_TIME,)),
    (r"(?:da )?(?:xong|hoan thanh)", (Standing.DONE_IN_TIME, Standing.DONE_LATE)),
    (r"(?:qua|tre|het) han", (Standing.OVERDUE,)),
    (r"(?:co )?(?:kho khan,? )?vuong(?: mac)?|kho khan", (Standing.OBSTACLE,)),
    (r"chua (?:bao cao|tra loi|phan hoi)|khong (?:bao cao|tra loi)", (Standing.NOT_REPORTED,)),
    (r"dang (?:lam|thuc hien)", (Standing.IN_PROGRESS,)),
    (r"chua (?:den|toi) han", (Standing.NOT_DUE,)),
)
_STATE = tuple((re.compile(rf"\b(?:{pattern})\b"), states) for pattern, states in _STATES)
_BY_AGENCY, _CHART = re.compile(r"\b(?:theo |cac )?(?:co quan|don vi)\b$"), re.compile(r"\b(?:bieu do|hinh)\b")
_FILLERS = re.compile(r"\b(?:cua|trong|han|ky|cac|toan tinh|tat ca)\b|[,;·]")


class NotUnderstood(ValueError):
    """What was typed names nothing that there is; the words to answer with."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked for; without an agency the whole province. `by_agency`, `chart`: the agencies one by one, in words or as
    a picture."""

    agency: Agency | None = None
    period: Period | None = None
    document_id: int | None = None
    states: tuple[Standing, ...] = ()
    page: int = 1
    by_agency: bool = False
    chart: bool = False

    @property
    def scope(self) -> Scope:
        return Scope(
            agency_code=self.agency.code if self.agency else None,
            document_id=self.document_id,
            due_from=self.period.first if self.period else None,
            due_to=self.period.last if self.period else None,
            states=self.states,
        )

    def with_(self, **changes: object) -> Asked:
        """The same with other parts, from its first page."""
        return replace(self, **{"page": 1, **changes})  # type: ignore[arg-type]

    def command(self, stem: str = "/tiendo", page: int | None = None) -> str:
        """The text that asks for this; short, since a button stands for it."""
        parts = [stem, self.agency.code if self.agency else ""]
        if self.period:
            parts.append(_days(self.period))
        parts.append(f"van ban {self.document_id}" if self.document_id else "")
        if self.states:
            both = Standing.DONE_IN_TIME in self.states and Standing.DONE_LATE in self.states
            parts.append("da xong" if both else wording.STATE_COMMANDS[self.states[0]])
        parts += ["co quan"] * self.by_agency + ["bieu do"] * self.chart
        number = self.page if page is None else page
        return " ".join(part for part in [*parts, f"trang {number}" if number > 1 else ""] if part)

    def fits(self, stem: str = "/tiendo") -> bool:
        return len(self.command(stem).encode()) <= COMMAND_BYTES


def read_asked(words: str, agencies: Sequence[Agency], today: dt.date) -> Asked:
    """«STC quý 1 quá hạn trang 2» → what it asks for, with or without marks. Raises NotUnderstood."""
    rest, asked = fold(normalise(words)).strip(" .!?"), Asked()
    if found := _PAGE.search(rest):
        rest, asked = _without(rest, found), replace(asked, page=max(int(found[1]), 1))
    if found := _DOCUMENT.search(rest):
        rest, asked = _without(rest, found), replace(asked, document_id=int(found[1]))
    rest, period = _read_period(rest, today)
    asked = replace(asked, period=period)
    # A name may hold such words («Phòng Kế hoạch …»), so it goes first where it is all that is left.
    if agency := named_agency(rest, agencies):
        return replace(asked, agency=agency)
    for pattern, states in _STATE:
        if found := pattern.search(rest):
            rest, asked = _without(rest, found), replace(asked, states=states)
            break
    if found := _CHART.search(rest):
        rest, asked = _without(rest, found), replace(asked, chart=True)
    elif found := _BY_AGENCY.search(rest):
        rest, asked = _without(rest, found), replace(asked, by_agency=True)
    called = " ".join(_FILLERS.sub(" ", rest).split())
    if not called:
        return asked
    return replace(asked, agency=named_agency(rest, agencies) or _likely_agency(called, words, agencies))


def _likely_agency(called: str, typed: str, agencies: Sequence[Agency]) -> Agency:
    """The one agency whose name these words are, or end («xã Đăk Hà» of «UBND xã Đăk Hà»), or else are part of. Raises
    NotUnderstood."""
    if agency := named_agency(called, agencies):
        return agency
    names = [(one, f" {fold(one.name)} ") for one in agencies]
    for likely in ([one for one, name in names if name.endswith(f" {called} ")], [one for one, name in names if f" {called} " in name]):
        if len(likely) > 1:
            raise NotUnderstood(wording.several_agencies(typed.strip(), [one.name for one in likely[:5]]))
        if likely:
            return likely[0]
    raise NotUnderstood(wording.not_understood(typed.strip()[:60]))


def named_agency(words: str, agencies: Sequence[Agency]) -> Agency | None:
    """The one agency with this code, name or short name, typed with or without marks and blanks."""
    called = "".join(fold(normalise(words)).split())
    if not called:
        return None
    codes = [one for one in agencies if fold(one.code) == called]
    named = codes or [one for one in agencies if called in {"".join(fold(name).split()) for name in (one.name, *one.short_names)}]
    return named[0] if len(named) == 1 else None


def _read_period(text: str, today: dt.date) -> tuple[str, Period | None]:
    """What is left of the text, and the period that it names. Raises NotUnderstood on a day that no calendar has."""
    if found := _RANGE.search(text):
        last = _day(found[4], found[5], found[6] or str(today.year), found[0])
        first = _day(found[1], found[2], found[3] or str(last.year), found[0])
        if first > last and not found[3]:
            # «20/12 - 05/01» goes over the year's end; «18/01 - 05/01» is a slip.
            before = _day(found[1], found[2], str(last.year - 1), found[0])
            first = before if last - before < _HALF_YEAR else first
        if first > last:
            raise NotUnderstood(wording.BAD_PERIOD.format(first=f"{first:%d/%m/%Y}", last=f"{last:%d/%m/%Y}"))
        return _without(text, found), Period(first, last)
    if found := _QUARTER.search(text):
        quarter = _ROMAN.get(found[1]) or int(found[1])
        return _without(text, found), period_of(Every.QUARTER, dt.date(int(found[2] or today.year), 3 * quarter, 1))
    if found := _MONTH.search(text):
        return _without(text, found), period_of(Every.MONTH, dt.date(int(found[2] or today.year), int(found[1]), 1))
    if found := _YEAR.search(text):
        return _without(text, found), period_of(Every.YEAR, dt.date(int(found[1]), 1, 1))
    if found := _NOW.search(text):
        if found[1] == "tuan":
            monday = today - dt.timedelta(days=today.weekday())
            return _without(text, found), Period(monday, monday + dt.timedelta(days=6))
        every = {"thang": Every.MONTH, "quy": Every.QUARTER, "nam": Every.YEAR}[found[1]]
        return _without(text, found), period_of(every, today)
    return text, None


def _day(day: str, month: str, year: str, typed: str) -> dt.date:
    try:
        return dt.date(int(year), int(month), int(day))
    except ValueError as error:
        raise NotUnderstood(wording.NO_SUCH_DAY.format(text=typed)) from error


def _without(text: str, found: re.Match[str]) -> str:
    return " ".join(f"{text[: found.start()]} {text[found.end() :]}".split())


def _days(period: Period) -> str:
    """A period as a button types it: «quy 1/2026», «01/01/2026-18/01/2026»."""
    first, last = period.first, period.last
    turns = {
        Every.MONTH: f"thang {first.month}/{first.year}",
        Every.QUARTER: f"quy {(first.month + 2) // 3}/{first.year}",
        Every.YEAR: f"nam {first.year}",
    }
    known = (words for every, words in turns.items() if period_of(every, first) == period)
    return next(known, f"{first:%d/%m/%Y}-{last:%d/%m/%Y}")
