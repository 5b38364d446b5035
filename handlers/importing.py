"""Lists of agencies and of the people in them come in from Excel or CSV: checked row by row, stored all or none."""

from __future__ import annotations

import asyncio
import datetime as dt
import re
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from rapidfuzz import fuzz, process

from db.audit import AuditEntry, add_entry
from db.engine import Database
from db.people import Agency, Contact, Role, ensure_agencies, list_agencies, list_as_own, list_contacts, put_contacts, upsert_agencies
from handlers import wording
from handlers.demo import unlist_sample_agencies, withdraw_sample_people
from handlers.duties.proposing import default_agencies, registry_of
from handlers.phones import normalise_phone
from handlers.spreadsheets import Column, ListRow, ReadList, UnreadableList, read_list
from handlers.wording import lists
from knowledge.agencies import GROUP, AgencyEntry
from knowledge.agencies_registry import tokens_of
from knowledge.text import fold

__all__ = ["BadRow", "Imported", "UnreadableList", "import_agencies", "import_contacts"]

LONGEST = 100  # characters of a code or a name
_ALIKE = 75  # of 100: less alike is no suggestion
_MOST_SUGGESTED = 200  # a list of another province's agencies would be compared for a minute
_CUT = 60  # of a cell's words, where a reason quotes them
_FORMULA_ERROR = re.compile(r"#[A-Z0-9/_]+[!?]?")  # «#N/A», «#DIV/0!», «#NAME?»
_LETTER_LOST = re.compile(r"\?|\ufffd")  # what saving in a code page without the letter leaves of «ễ»

_AGENCY_COLUMNS = {
    "code": Column(lists.AGENCY_COLUMNS["code"], ("ma co quan", "ma don vi", "code"), is_required=True),
    "name": Column(lists.AGENCY_COLUMNS["name"], ("ten", "ten don vi", "co quan", "don vi", "name"), is_required=True),
    "short_names": Column(
        lists.AGENCY_COLUMNS["short_names"], ("ten viet tat", "viet tat", "ten ngan", "short names", "short name"), is_many=True
    ),
    "kind": Column(lists.AGENCY_COLUMNS["kind"], ("loai co quan", "loai don vi", "kind")),
    "groups": Column(lists.AGENCY_COLUMNS["groups"], ("groups", "group"), is_many=True),
    "parent": Column(lists.AGENCY_COLUMNS["parent"], ("co quan cap tren", "don vi cap tren", "co quan chu quan", "parent")),
}
_CONTACT_COLUMNS = {
    "name": Column(lists.CONTACT_COLUMNS["name"], ("ho ten", "ten can bo", "name", "full name"), is_required=True),
    "phone": Column(
        lists.CONTACT_COLUMNS["phone"],
        ("dien thoai", "sdt", "so dt", "so di dong", "dien thoai di dong", "phone", "phone number", "mobile"),
        is_required=True,
    ),
    # A code says more than the name in the column beside it.
    "agency": Column(
        lists.CONTACT_COLUMNS["agency"], ("ma co quan", "ma don vi", "ten co quan", "don vi", "ten don vi", "agency"), is_required=True
    ),
    "role": Column(lists.CONTACT_COLUMNS["role"], ("role",)),
}


def _key(text: str) -> str:
    """What a name is compared by: «Sở KH & CN» and «so kh&cn» are one, and «và» is «&»."""
    return " ".join(tokens_of(fold(text)).words) or fold(text)


# As `knowledge/agencies.yaml` has them; any other word is kept, and no group of addressees holds its agencies.
_KIND_WORDS = {
    "department": ("sở", "sở, ngành", "sở, ban, ngành", "ban, ngành"),
    "unit": ("đơn vị", "đơn vị sự nghiệp", "ban quản lý", "trung tâm"),
    "force": ("lực lượng vũ trang", "công an, quân đội"),
    "justice": ("tư pháp", "tòa án, viện kiểm sát"),
    "central": ("trung ương", "cơ quan trung ương", "ngành dọc"),
    "party": ("đảng", "cơ quan đảng"),
    "front": ("mặt trận", "đoàn thể", "mặt trận, đoàn thể"),
    "committee": ("ban chỉ đạo",),
    "leadership": ("lãnh đạo", "lãnh đạo tỉnh"),
    "commune": ("xã", "phường", "đặc khu", "cấp xã", "xã, phường", "xã, phường, đặc khu"),
    "enterprise": ("doanh nghiệp",),
}
_KINDS = {_key(word): kind for kind, words in _KIND_WORDS.items() for word in words}
_ROLE_WORDS = {
    Role.OFFICIAL: ("cán bộ", "công chức", "viên chức"),
    Role.FOCAL_POINT: ("đầu mối", "cán bộ đầu mối"),
    Role.LEADER: ("lãnh đạo", "lãnh đạo đơn vị", "lãnh đạo cơ quan"),
    # The department that watches over the plan for the province.
    Role.COORDINATOR: ("điều phối", "điều phối viên", "cơ quan điều phối", "Sở KH&CN", "Sở KHCN", "SKHCN", "Sở Khoa học và Công nghệ"),
    Role.ADMIN: ("quản trị", "quản trị viên", "quản trị hệ thống"),
}
# Who is reminded where the focal points cannot be.
_SUBSTITUTE_WORDS = (
    wording.SUBSTITUTE,
    "cán bộ đầu mối dự phòng",
    "đầu mối thay thế",
    "đầu mối phụ",
    "phó đầu mối",
    "dự phòng",
    "thay thế",
)
_ROLES = {_key(word): (role, False) for role, words in _ROLE_WORDS.items() for word in (role, wording.ROLES[role], *words)}
_ROLES |= {_key(word): (Role.FOCAL_POINT, True) for word in _SUBSTITUTE_WORDS}
_WITHOUT_AGENCY = (Role.COORDINATOR, Role.ADMIN)


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that cannot be stored: its line in the file, from 1, and in Vietnamese what is wrong with it and what to do."""

    line: int
    reason: str


@dataclass(frozen=True, slots=True)
class Imported:
    """What a list did. While `is_stored` is false nothing was stored, and the counts are 0."""

    added: int
    changed: int
    unchanged: int
    bad: tuple[BadRow, ...]
    is_stored: bool


class _Problems:
    """What is wrong with the rows of one list, by line."""

    def __init__(self) -> None:
        self._reasons: defaultdict[int, list[str]] = defaultdict(list)

    def add(self, line: int, reason: str | None) -> None:
        if reason:
            self._reasons[line].append(reason)

    def __contains__(self, line: int) -> bool:
        return line in self._reasons

    def rows(self) -> tuple[BadRow, ...]:
        return tuple(BadRow(line, " ".join(reasons)) for line, reasons in sorted(self._reasons.items()))


class _Names:
    """Agencies by what a person may call them in a cell: in each list by code, then by name, then by short name."""

    def __init__(self, *lists: Sequence[AgencyEntry]) -> None:
        self._codes = {one.code for entries in lists for one in entries}
        self._layers: list[defaultdict[str, set[str]]] = []
        self._names: dict[str, str] = {}
        self._nearest: dict[str, str] = {}
        for entries in lists:
            codes, names, short_names = (defaultdict[str, set[str]](set) for _ in range(3))
            for one in entries:
                codes[_key(one.code)].add(one.code)
                for layer, called in ((names, (one.name,)), (short_names, one.short_names)):
                    for name in called:
                        layer[_key(name)].add(one.code)
                        self._names.setdefault(_key(name), one.name)
            self._layers += [codes, names, short_names]

    def find(self, text: str, *, unknown: str) -> tuple[str | None, str | None]:
        """The code of the agency that a cell means, or why there is none, after the template `unknown`."""
        key = _key(text)
        found = {text} if text in self._codes else next((layer[key] for layer in self._layers if key in layer), set())
        if len(found) == 1:
            return next(iter(found)), None
        if found:
            return None, lists.ROW_SEVERAL_AGENCIES.format(text=_cut(text), codes=", ".join(map(_cut, sorted(found)[:5])))
        return None, unknown.format(text=_cut(text), nearest=self._suggest(key))

    def _suggest(self, key: str) -> str:
        if key not in self._nearest and len(self._nearest) < _MOST_SUGGESTED:
            best = process.extractOne(key[:LONGEST], self._names.keys(), scorer=fuzz.WRatio, score_cutoff=_ALIKE)
            self._nearest[key] = lists.ROW_NEAREST.format(name=_cut(self._names[best[0]])) if best else ""
        return self._nearest.get(key, "")


async def import_agencies(database: Database, path: Path, *, skip_bad: bool = False) -> Imported:
    """Store a list of agencies by code; a column that the file lacks leaves what is stored of known ones.

    One bad row and nothing is stored; with `skip_bad` the good rows are. A parent is named by code or by name and stands
    anywhere in the file or is known already. Raises UnreadableList, UnreachableDatabaseError.
    """
    listed = await asyncio.to_thread(read_list, path, _AGENCY_COLUMNS)
    async with database.write() as session:
        stored = {one.code: one for one in await list_agencies(session)}
        agencies, bad = await asyncio.to_thread(_check_agencies, listed, stored)
        if not agencies or (bad and not skip_bad):
            return Imported(0, 0, 0, bad, is_stored=False)
        added = [one for one in agencies if one.code not in stored]
        changed = [one for one in agencies if one.code in stored and _told(one) != _told(stored[one.code])]
        await unlist_sample_agencies(session)
        for agency in agencies:
            agency.is_listed = True
        await upsert_agencies(session, agencies)
    return Imported(len(added), len(changed), len(agencies) - len(added) - len(changed), bad, is_stored=True)


async def import_contacts(database: Database, path: Path, *, now: dt.datetime, skip_bad: bool = False) -> Imported:
    """Store a list of people by phone number; without a column of roles, known people keep theirs.

    One bad row and nothing is stored; with `skip_bad` the good rows are. An agency is named by code, name or short name;
    a usual agency of a province that is not stored yet is stored too. Raises UnreadableList, UnreachableDatabaseError.
    """
    listed = await asyncio.to_thread(read_list, path, _CONTACT_COLUMNS)
    async with database.write() as session:
        agencies = await list_agencies(session)
        known = [one for one in await list_contacts(session) if not one.is_sample]
        known_roles = {one.role for one in known}
        roles = {one.phone: (one.role, one.is_substitute) for one in known if one.phone}
        contacts, bad = await asyncio.to_thread(_check_contacts, listed, agencies, roles, now)
        if not contacts or (bad and not skip_bad):
            return Imported(0, 0, 0, bad, is_stored=False)
        missing = {one.agency_code for one in contacts} - {one.code for one in agencies}
        await ensure_agencies(session, [one for one in default_agencies() if one.code in missing])
        await unlist_sample_agencies(session)
        await list_as_own(session, {one.agency_code for one in contacts if one.agency_code})
        await withdraw_sample_people(session, now=now)
        added, changed = await put_contacts(session, contacts)
        if Role.ADMIN in known_roles and not await list_contacts(session, Role.ADMIN):
            raise UnreadableList(lists.LIST_WITHOUT_ADMIN)
        await add_entry(session, AuditEntry(at=now, action="import_contacts", subject=f"added:{added} changed:{changed}"))
    return Imported(added, changed, len(contacts) - added - changed, bad, is_stored=True)


def _told(agency: Agency) -> tuple[object, ...]:
    return agency.name, agency.short_names, agency.kind, agency.groups, agency.parent


def _check_agencies(listed: ReadList, stored: Mapping[str, Agency]) -> tuple[list[Agency], tuple[BadRow, ...]]:
    """The good rows as agencies, and the bad ones."""
    problems = _Problems()
    spelled = {code.casefold(): code for code in stored}
    agencies: dict[int, Agency] = {}
    parents: dict[int, str] = {}
    lines: defaultdict[str, list[int]] = defaultdict(list)
    for row in listed.rows:
        cells = _check_cells(row, _AGENCY_COLUMNS, problems, needed=("code", "name"))
        code = spelled.setdefault(cells["code"].casefold(), cells["code"])
        known = stored.get(code, Agency(code=code, name=""))
        agencies[row.line] = Agency(
            code=code,
            name=cells["name"],
            short_names=_split(cells["short_names"]) if "short_names" in cells else known.short_names,
            kind=_KINDS.get(_key(cells["kind"]), cells["kind"]) if "kind" in cells else known.kind,
            groups=_split(cells["groups"]) if "groups" in cells else known.groups,
            parent=None if "parent" in cells else known.parent,
        )
        parents[row.line] = cells.get("parent", "")
        if code:
            lines[code].append(row.line)
    for code, same in lines.items():
        for line in same if len(same) > 1 else ():
            problems.add(line, lists.ROW_SAME_CODE.format(code=_cut(code), lines=lists.list_lines(same)))
    names = _Names([_entry(one) for one in agencies.values() if one.code], [_entry(one) for one in stored.values() if one.kind != GROUP])
    for line, parent in parents.items():
        if parent:
            agencies[line].parent, reason = names.find(parent, unknown=lists.ROW_UNKNOWN_PARENT)
            problems.add(line, reason)
    _check_parents({line: one for line, one in agencies.items() if one.code}, stored, problems)
    return [one for line, one in agencies.items() if line not in problems], problems.rows()


def _check_parents(agencies: Mapping[int, Agency], stored: Mapping[str, Agency], problems: _Problems) -> None:
    """Refuse rings, and what is under a row that is refused and was not stored before."""
    rings = _find_rings({code: one.parent for code, one in stored.items()} | {one.code: one.parent for one in agencies.values()})
    under: defaultdict[str | None, list[int]] = defaultdict(list)
    for line, agency in agencies.items():
        under[agency.parent].append(line)
        if agency.code in rings:
            problems.add(line, lists.ROW_PARENT_RING.format(codes=" → ".join(map(_cut, rings[agency.code][:6]))))
    refused = [line for line in agencies if line in problems]
    while refused:
        upper = refused.pop()
        code = agencies[upper].code
        for line in under[code] if code not in stored else ():
            if line not in problems:
                problems.add(line, lists.ROW_BAD_PARENT.format(code=_cut(code), line=upper))
                refused.append(line)


def _find_rings(above: Mapping[str, str | None]) -> dict[str, list[str]]:
    """The codes to which a walk upwards comes back, each with its ring."""
    rings: dict[str, list[str]] = {}
    walked: set[str] = set()
    for start in above:
        path: dict[str, int] = {}
        at: str | None = start
        while at is not None and at not in walked:
            walked.add(at)
            path[at] = len(path)
            at = above.get(at)
        if at in path:
            ring = list(path)[path[at] :]
            rings |= dict.fromkeys(ring, ring)
    return rings


def _check_contacts(
    listed: ReadList, agencies: Sequence[Agency], roles: Mapping[str, tuple[Role, bool]], now: dt.datetime
) -> tuple[list[Contact], tuple[BadRow, ...]]:
    """The good rows as contacts, and the bad ones."""
    problems = _Problems()
    own = {one.code for one in agencies}
    known = registry_of(agencies).agencies
    names = _Names([one for one in known if one.code in own], [one for one in known if one.code not in own])
    contacts: dict[int, Contact] = {}
    lines: defaultdict[str, list[int]] = defaultdict(list)
    for row in listed.rows:
        cells = _check_cells(row, _CONTACT_COLUMNS, problems, needed=("name", "phone"))
        phone = normalise_phone(cells["phone"])
        if phone:
            lines[phone].append(row.line)
        elif cells["phone"]:
            problems.add(row.line, lists.ROW_WRONG_PHONE.format(text=_cut(cells["phone"])))
        word = cells.get("role", "")
        usual = (Role.OFFICIAL, False) if "role" in cells else roles.get(phone or "", (Role.OFFICIAL, False))
        role, is_substitute = _ROLES.get(_key(word), (None, False)) if word else usual
        if role is None:
            allowed = ", ".join((*wording.ROLES.values(), wording.SUBSTITUTE))
            problems.add(row.line, lists.ROW_UNKNOWN_ROLE.format(text=_cut(word), roles=allowed))
        code = None
        if cells["agency"]:
            code, reason = names.find(cells["agency"], unknown=lists.ROW_UNKNOWN_AGENCY)
            problems.add(row.line, reason)
        elif not row.cells["agency"] and role not in (*_WITHOUT_AGENCY, None):
            allowed = ", ".join(wording.ROLES[one] for one in _WITHOUT_AGENCY)
            problems.add(row.line, lists.ROW_NEEDS_AGENCY.format(roles=allowed))
        contacts[row.line] = Contact(
            name=cells["name"],
            agency_code=code,
            role=role or Role.OFFICIAL,
            is_substitute=is_substitute,
            phone=phone,
            created_at=now,
        )
    for phone, same in lines.items():
        for line in same if len(same) > 1 else ():
            problems.add(line, lists.ROW_SAME_PHONE.format(phone=phone, lines=lists.list_lines(same)))
    return [one for line, one in contacts.items() if line not in problems], problems.rows()


def _check_cells(row: ListRow, columns: Mapping[str, Column], problems: _Problems, *, needed: Collection[str]) -> dict[str, str]:
    """The row's cells; one that only holds a formula's error counts as empty from here on."""
    cells = dict(row.cells)
    for column, text in row.cells.items():
        title = columns[column].title
        if _FORMULA_ERROR.fullmatch(text):
            problems.add(row.line, lists.ROW_CELL_ERROR.format(column=title, text=text))
            cells[column] = ""
        elif not text and column in needed:
            problems.add(row.line, lists.ROW_CELL_EMPTY.format(column=title))
        elif any(len(part) > LONGEST for part in (_split(text) if columns[column].is_many else (text,))):
            problems.add(row.line, lists.ROW_CELL_TOO_LONG.format(column=title, limit=LONGEST))
        elif column in ("code", "name") and _LETTER_LOST.search(text):
            problems.add(row.line, lists.ROW_LETTERS_LOST.format(column=title, text=_cut(text)))
    return cells


def _split(text: str) -> tuple[str, ...]:
    """«Sở KH&CN; SKHCN» → two names."""
    return tuple(dict.fromkeys(filter(None, (part.strip() for part in text.split(";")))))


def _cut(text: str) -> str:
    return text if len(text) <= _CUT else text[: _CUT - 1] + "…"


def _entry(agency: Agency) -> AgencyEntry:
    return AgencyEntry(agency.code, agency.name, agency.kind, agency.short_names)
