"""Who does a task, with whom, and to whom it goes, read from one sentence of a directive.

«Công an tỉnh chủ trì, phối hợp với Sở Tài chính … báo cáo UBND tỉnh»: leads, coordinates, receives.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from knowledge.agencies import Mention, find_agencies
from knowledge.text import fold

Run = tuple[Mention, ...]

_BETWEEN = re.compile(
    r"\s*(?:,|;|&|/|\(|\bva\b|\bcung\b)*\s*(?:(?:va|cung|qua|voi|cac|dong gui)\s+)*(?:so\s+)?\(?\s*(?:qua\s+|va\s+)?"
    r"(?:(?:thu truong|giam doc|chu tich|bi thu|truong ban|lanh dao|chanh)\s+(?:cac\s+)?)?"
)
_PERSON = re.compile(
    r"\b(?:nguoi dung dau|thu truong|lanh dao|(?:pho )?giam doc|(?:pho )?chu tich|(?:pho )?bi thu|(?:pho )?truong ban"
    r"|tap the lanh dao|ban lanh dao)"
    r"(?:\s+(?:cua|cap uy|cac))?\s*$"
)
_ORDER = re.compile(
    r"(?:^|[,;.:(]\s*|\b(?:thong nhat|dong y|truoc mat|rieng|tinh|dong thoi)\s+)"
    r"(?:giao(?: cho)?|yeu cau|de nghi|phan cong|uy quyen|thong nhat giao|giao trach nhiem cho)\s+(?:cho\s+)?$"
)
_DONE_BY = re.compile(r"\b(?:do|giao|giao cho)\s+$")
_LEAD_LABEL = re.compile(r"\b(?:(?:co quan|don vi)\s+(?:chu tri|thuc hien|dau moi)|chu tri)(?:\s+thuc hien|\s+tham muu)?\s*:\s*$")
_COORDINATING_LABEL = re.compile(r"\b(?:(?:co quan|don vi)\s+)?phoi hop(?:\s+thuc hien)?\s*:\s*$")
_WITH = re.compile(r"\bphoi hop\b(?:[^.;:]{0,25}\b(?:voi|cung)\b)?\s*$")
_RECEIVES = re.compile(
    r"\b(?:gui|bao cao|trinh|nop)(?:\s*,?\s*(?:va\s+)?(?:tham muu(?: cho)?|de xuat|xin y kien(?: cua)?|trinh|gui"
    r"|bao cao))?(?:\s+(?:ve|cho|toi|den|len|voi|lanh dao))*\s*$"
    r"|\b(?:gui|bao cao|trinh|nop)\b[^.;:]{1,70}\b(?:ve|cho|toi|den|len)\s+$"
)
_NOUN_REPORT = re.compile(r"\b(?:tai|theo|nhu|nghe|cua|trong|cac|qua)\s+bao cao\b[^.;:,]{0,12}$")
_ADVERBIAL = re.compile(
    r"^(?:tren co so|can cu|trong|tu|sau khi|dinh ky|hang|truoc|thoi gian toi|dong thoi|de|khi|qua|theo|rieng|ngoai ra|giua"
    r"|cuoi|den|cham nhat|nham|doi voi|ngay"
    r"|tai|voi|bam sat|thuc hien|tiep tuc|qua do|tu do|ben canh do|quy|thang|nam|hai tuan|vao)\b"
)
# What follows a name that is no subject: a genitive, a place, a passive.
_NOT_A_VERB = re.compile(
    r"\s*(?:cua|va|ve|tai|thuoc|voi|cho|de(?! (?:xuat|nghi))|theo(?! doi)|tren|tu|duoc|bi|hoac|nay|do|neu|noi|nhu"
    r"|trong(?! (?:thang|quy|nam|ngay|thoi))|khong qua|toi da|toi thieu|it nhat"
    r"|(?:lam|la|giu chuc(?: vu)?)\s+(?:pho\s+)?(?:truong ban|to truong|truong doan|chu tich|chu nhiem|uy vien|thanh vien))\b"
)
# A time before the doer needs no comma: «Hằng năm Ban Chỉ đạo …», «Trước ngày 15/5/2026 Sở Y tế …».
_TIME = re.compile(
    r"(?:(?:dinh ky|truoc|trong|vao|den|tu|cham nhat|trong vong|thoi gian toi|giai doan|ngay|quy|thang|nam|tuan|hang|hai|ba|sau|mot|lan"
    r"|moi|tung|dau|cuoi|het|[ivx]+)\b|[\d/.\s-])+"
)
_ENTERPRISES = "N_DN"
_LABEL = re.compile(r"^[^:.;]{3,90}:\s+(?=\S)")
_CHAIRS = re.compile(
    r"\s*,?\s*(?:tiep tuc\s+|chu dong\s+)?(?:(?:co trach nhiem|chiu trach nhiem)\s+)?chu tri\s*[,;]?\s*(?:va\s+)?(?=phoi hop)"
)


@dataclass(frozen=True, slots=True)
class Subject:
    """A sentence's explicit doer: the agencies, and where the words about the work begin."""

    lead: Run
    end: int


def find_runs(text: str, mentions: Sequence[Mention] | None = None) -> list[Run]:
    """Agencies that stand in one enumeration, together: «Sở Nội vụ, Sở Tài chính và các cơ quan liên quan»."""
    runs: list[list[Mention]] = []
    mentions = find_agencies(text) if mentions is None else mentions
    folded = fold(text) if len(mentions) > 1 else ""
    for mention in mentions:
        if runs and _BETWEEN.fullmatch(folded[runs[-1][-1].end : mention.start]):
            runs[-1].append(mention)
        else:
            runs.append([mention])
    return [tuple(run) for run in runs]


def body_start(text: str) -> int:
    """Where a labelled item's own words begin: «Kiểm tra, giám sát: Hằng năm, …» → at «Hằng năm»; 0 without a label.

    An agency before the colon is no label but the doer.
    """
    label = _LABEL.match(text)
    if label and ("(" in label[0] or _LEAD_LABEL.search(fold(label[0])) or _COORDINATING_LABEL.search(fold(label[0]))):
        return 0
    if label and any(one.start < label.end() <= one.end for one in find_agencies(text)):
        return 0  # «giao các Sở: Y tế, Nội vụ»
    if not label or (find_agencies(label[0]) and not re.search(r"\w{3}", _without(label[0]))):
        return 0
    return label.end()


def _without(text: str) -> str:
    for mention in reversed(find_agencies(text)):
        text = text[: mention.start] + text[mention.end :]
    return text


def is_only_agencies(text: str) -> Run:
    """The agencies of a heading that names nothing else: «Sở Nội vụ:», «Trách nhiệm của Đảng ủy UBND tỉnh», «Đối với các sở»."""
    runs = find_runs(text)
    if not runs:
        return ()
    rest = fold(text[: runs[0][0].start] + " " + text[runs[-1][-1].end :])
    rest = re.sub(
        r"\b(?:trach nhiem|nhiem vu|cua|doi voi|giao|de nghi|yeu cau|tinh|dia phuong|chu tri|co quan|thuc hien|phan cong|cho"
        r"|thu truong|giam doc|nguoi dung dau|lanh dao)\b",
        " ",
        rest,
    )
    plain = re.sub(r"[\W_]+", "", rest)
    tail = text[runs[-1][-1].end :].strip(" .:")
    is_place = bool(tail) and all(word[:1].isupper() or word == "tỉnh" for word in tail.split())
    joined = len(runs) == 1 or all(len(text[a[-1].end : b[0].start]) < 12 for a, b in pairwise(runs))
    return tuple(one for run in runs for one in run) if joined and (not plain or is_place) else ()


def find_subject(text: str, runs: Sequence[Run] | None = None) -> Subject | None:
    """The doer that a sentence names: as its subject, after «giao», «yêu cầu», «đề nghị», or before a colon.

    «Trên cơ sở …, Sở X chủ động lập bảng …», «Người đứng đầu các sở … phải …», «giao Văn phòng … trực tiếp khảo sát».
    """
    runs = find_runs(text) if runs is None else runs
    folded = fold(text)
    label = body_start(text)
    for run in _possible_doers(folded, runs):
        if all(one.code == _ENTERPRISES for one in run):
            continue  # encouraged and supported, not ordered
        start, end = run[0].start, run[-1].end
        before, after = folded[label:start] if start >= label else folded[:start], folded[end:]
        person = _PERSON.search(before)
        if person:
            before = before[: person.start()]
        if _LEAD_LABEL.search(before):
            return Subject(run, 0)
        if re.match(r"\s*:\s", after) and not before.strip() and not label:
            colon = re.match(r"\s*:\s*", after)
            return Subject(run, end + (colon.end() if colon else 0))
        if _ORDER.search(before):
            return Subject(run, end)
        if text[end:].lstrip()[:1].islower() and not _NOT_A_VERB.match(after):
            opening = before.strip()
            if not opening or opening in {"dong thoi,", "trong do,", "ngoai ra,", "qua do,"}:
                return Subject(run, end)
            if _TIME.fullmatch(opening):
                return Subject(run, end)
            if opening.endswith(",") and _ADVERBIAL.match(opening) and not _WITH.search(before):
                return Subject(run, end)
        passive = re.match(r"\s+(?:chu tri|thuc hien|tham muu|dau moi)\b", after)
        if passive and _DONE_BY.search(before):
            return Subject(run, end)
    return None


def _possible_doers(folded: str, runs: Sequence[Run]) -> Iterator[Run]:
    """The runs; of «theo số liệu của các xã, Sở X khảo sát» only the last name, since the first ones end the phrase before."""
    for run in runs:
        is_genitive = re.search(r"\b(?:cua|tai|tu|trong|giua|theo)\s+$", folded[: run[0].start])
        if len(run) > 1 and is_genitive and folded[run[-2].end : run[-1].start].strip() == ",":
            yield run[-1:]
        else:
            yield run


def find_coordinating(text: str, runs: Sequence[Run]) -> Run:
    """Those worked with: «phối hợp với …», «cơ quan phối hợp: …»."""
    folded = fold(text)
    return _all(run for run in runs if _WITH.search(folded[: run[0].start]) or _COORDINATING_LABEL.search(folded[: run[0].start]))


def find_recipients(text: str, runs: Sequence[Run]) -> Run:
    """Those a result goes to: «gửi …», «báo cáo …», «trình …». «nghe … báo cáo» and «tại Báo cáo số …» name none."""
    folded, found = fold(text), []
    for number, run in enumerate(runs):
        since = runs[number - 1][-1].end if number else 0
        before = _PERSON.sub("", folded[since : run[0].start])
        if _RECEIVES.search(before) and not _NOUN_REPORT.search(before):
            found.append(run)
    return _all(found)


def work_start(text: str, subject: Subject | None, runs: Sequence[Run]) -> int:
    """Where the work itself begins, past the doer and past «chủ trì, phối hợp với …»."""
    at = subject.end if subject else 0
    folded = fold(text)
    chairs = _CHAIRS.match(folded, at)
    if chairs:
        for run in runs:
            if run[0].start >= chairs.end() and _WITH.fullmatch(folded[chairs.end() : run[0].start]):
                at = run[-1].end
                break
    lead_in = re.match(r"[\s,;:.)]*(?:(?:để|và|đồng thời|qua đó|trong đó|trên cơ sở đó|có trách nhiệm)\b[\s,]*)*", text[at:], re.IGNORECASE)
    return at + (lead_in.end() if lead_in else 0)


def work_end(text: str) -> int:
    """Where the words about the work end and «(Cơ quan chủ trì: …» begins."""
    label = re.search(r"\(?\s*\b(?:co quan|don vi)\s+(?:chu tri|thuc hien)[^:;.]{0,20}:", fold(text))
    return label.start() if label and label.start() > 15 else len(text)


def names(run: Run, *, without: Run = ()) -> tuple[str, ...]:
    """The names of a run, each once, without those of another."""
    taken = {one.code or one.name for one in without}
    return tuple(dict.fromkeys(one.name for one in run if (one.code or one.name) not in taken))


def _all(runs: Iterable[Run]) -> Run:
    return tuple(one for run in runs for one in run)
