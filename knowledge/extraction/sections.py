"""Which parts of a document look forward (tasks, organisation, requirements) and which report or set targets."""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import StrEnum

from knowledge.text import fold


class Section(StrEnum):
    """What the headings above a paragraph make of it; `UNKNOWN` where none of them says."""

    FORWARD = "forward"
    REPORT = "report"
    ASIDE = "aside"
    UNKNOWN = "unknown"


_OPENING = r"^(?:ve |nhung |mot so |cac |phan |viec )?"
_REPORT = re.compile(
    _OPENING + r"(?:ket qua|tinh hinh|danh gia (?:chung|ket qua|tinh hinh|thuc trang)|uu diem|han che|ton tai|kho khan|vuong mac"
    r"|nguyen nhan|thuc trang"
    r"|boi canh|khuyet diem|bai hoc|thuan loi|mat duoc|viec thuc hien|nhung viec da|kien nghi|de xuat, kien nghi|thanh tich)\b"
)
_REPORT_ONLY = re.compile(r"^viec (?:thuc hien|trien khai)\b|\bket qua (?:thuc hien|trien khai|dat duoc)\b")
_ASIDE = re.compile(
    _OPENING + r"(?:muc dich|muc tieu|quan diem|chi tieu|can cu|pham vi|doi tuong|su can thiet|dinh huong|tam nhin|noi nhan)\b"
)
_FORWARD = re.compile(
    _OPENING + r"(?:(?:noi dung|phuong huong)[, ]+)?(?:nhiem vu|giai phap|to chuc thuc hien|to chuc trien khai|yeu cau|trach nhiem"
    r"|phan cong|phuong huong"
    r"|trien khai|bien phap|noi dung (?:thuc hien|trien khai|chi dao|cong viec)|co che|che do|y kien chi dao|ket luan"
    r"|thuc hien|kinh phi|lo trinh|giao nhiem vu)\b"
    r"|\bnhiem vu(?:,? va|,)? (?:giai phap|trong tam|cu the|chu yeu|nam 20)|\btrong thoi gian (?:toi|den)\b|\bto chuc thuc hien\b"
)
# In a report a heading must say more plainly that it looks forward.
_FORWARD_IN_REPORT = re.compile(
    _OPENING + r"(?:phuong huong|nhiem vu|giai phap|ke hoach (?:thoi gian toi|nam 20))\b|\b(?:thoi gian toi|nam sau)\b"
)
_LONGEST = 30  # words; a longer heading is a sentence and says nothing about its section


def section_of(headings: Sequence[str], *, in_report: bool = False) -> Section:
    """The section of a paragraph below these headings (outermost first): the innermost one that says so decides.

    «Yêu cầu» under «Mục đích, yêu cầu» states principles and is an aside. `in_report`: the document is a «Báo cáo».
    """
    folded = [fold(heading).strip(" .:") for heading in headings if len(heading.split()) <= _LONGEST]
    if any("muc dich" in heading for heading in folded):
        return Section.ASIDE
    for heading in reversed(folded):
        if _REPORT.search(heading) or (in_report and _REPORT_ONLY.search(heading)):
            return Section.REPORT
        if (_FORWARD_IN_REPORT if in_report else _FORWARD).search(heading):
            return Section.FORWARD
        if _ASIDE.search(heading):
            return Section.ASIDE
    return Section.REPORT if in_report else Section.UNKNOWN
