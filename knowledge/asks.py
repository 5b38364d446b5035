"""What a question wants to know, told by its words."""

from __future__ import annotations

import re
from enum import StrEnum


class Ask(StrEnum):
    """What a question wants to know; several may hold at once."""

    FIGURE = "figure"
    TARGET = "target"
    RESULT = "result"
    SERIES = "series"
    WHEN = "when"
    WHO = "who"
    TASKS = "tasks"
    RELATION = "relation"
    CONFIRM = "confirm"
    DIFFERENCE = "difference"
    WHICH_YEAR = "which_year"
    MONEY = "money"
    CONTACT = "contact"
    DOCUMENT_NUMBER = "document_number"
    SIGNER = "signer"
    RANK = "rank"
    FOLLOWS = "follows"


_ASKS = {
    Ask.FIGURE: r"(?<!nam )(?<!ngay )(?<!thang )(?<!quy )\bmay\b|\b(?:bao nhieu|ty le|phan tram|ti le|so luong)\b|%",
    Ask.TARGET: r"\b(?:chi tieu|muc tieu|moc|phan dau|phai (?:dat|phu|co|duoc|dua|chuyen|pho cap)|lo trinh|dat ra|yeu cau|den het|"
    r"den nam|can (?:co|dat|may))\b",
    Ask.RESULT: r"^ket qua\b|\bso voi ket qua\b|\bket qua\s*\??$|\b(?:ket qua (?:thuc hien|dat|ra sao|the nao)|thuc (?:te|dat)|"
    r"hien nay|(?<!thuc )(?<!the )(?<!phat )(?<!xuat )hien(?! dai| thuc| hanh|"
    r" vat| tuong| dien)|hien tai|hien co|den nay|bay gio|"
    r"dat chua|duoc chua|(?:toi|den) dau roi|vuot|da (?:dat|co|duoc|trien khai|tich hop|"
    r"cung cap|so hoa|thanh lap|to chuc|tham gia|tiep nhan|cap|hoan thanh|trang bi|cong bo|ban hanh)|thuc hien duoc|co duoc|"
    r"dang co|dat duoc|dat dc|rut (?:ngan|con)|cat giam|"
    r"(?<!toan )(?<!cua )(?<!trong )tinh den|cu\b(?! (?:the|moi|ly))|roi(?= *(?:$|[?!.,;]|phai|dung|chua|a\b|ha\b|nhi\b|khong|"
    r"ko\b))|uoc dat|tang them|khong dat|chua dat)\b",
    Ask.SERIES: r"\b(?:lo trinh|liet ke.* (?:cac|tung) (?:nam|moc)|(?:cac|tung) nam moc|"
    r"qua cac (?:moc|nam|giai doan)|so sanh|tung (?:moc|nam|giai doan)|thay doi (?:ra sao|the nao)|"
    r"cac moc|chenh lech|tang (?:the nao|ra sao|dan)|"
    r"khac nhau|tang them|cao hon)\b",
    Ask.WHEN: r"\b(?:(?<!dung )(?<!tre )(?<!qua )(?<!som )(?<!truoc )(?<!quyen )(?<!gioi )han(?! che| muc)|thoi han|deadline|"
    r"khi nao|(?:ngay|hom) (?:nao|may)|"
    r"bao gio|truoc ngay|cham nhat|bao lau|(?:may|bao nhieu) (?:tuan|thang|nam|quy) (?:thi|lai)|(?:may|moi|"
    r"hang) (?:tuan|thang|ngay|nam|quy) (?:1|mot) lan|dinh ky|luc nao|ket thuc ngay|"
    r"thoi gian nao|giai doan nao|thoi diem|chu ky (?:may|bao|nao)|ky nao|cac giai doan|tu ngay|thang may|quy may)\b",
    Ask.WHO: r"\b(?:ai|(?:co quan|don vi|so|ben|cap|noi|nganh|ban|phong|to chuc|co quan thuong truc|dia phuong) nao|dau moi|"
    r"chu tri|phu trach|phoi hop voi (?:ai|nhung)|"
    r"thuong truc ban|nhung ban)\b",
    Ask.TASKS: r"\b(?:lam gi|lam nhung|(?:nop|gui|bao cao) (?:gi|nhung gi)|(?:viec|nhiem vu|cong viec) nao|viec gi|(?:nhung|"
    r"cac) viec|den han|"
    r"nhiem vu gi|giao gi|"
    r"giao(?: cho)? .{2,40} (?:nhung gi|viec gi|gi)|"
    r"duoc giao|duoc phan cong|phai lam|trach nhiem|"
    r"thi sao|nhiem vu cua|co nhiem vu|giao nhiem vu)\b",
    Ask.RELATION: r"\b(?:(?:bi|dang|duoc) ra soat|thay the|thay|bi thay|con hieu luc|con ap dung|het hieu luc|bai bo|huy bo|"
    r"con gia tri|ban moi|"
    r"lam lai|co hieu luc|dang ap dung|sua lai|lam moi|"
    r"dieu chinh lai|con (?:dung|xai)(?: duoc)?|theo (?:quyet dinh|van ban|ke hoach) (?:nao|so may)|(?:quyet dinh|"
    r"van ban) nao (?:dang|con|moi))\b",
    Ask.CONFIRM: r"\b(?:dung (?:khong|ko|hay sai|chua|chu|hong|hem|hok)|phai (?:hong|hem|hok|chu)|ma ta|phai khong|co phai|"
    r"co dung|dung vay)\b|\b(?:ha|a|nhi)\s*\??$",
    Ask.DIFFERENCE: r"\b(?:mau thuan|nham|da nhau|choi nhau|trai nhau|venh nhau|khac nhau|lech|thap hon|hay la|khong khop|"
    r"(?:con )?so nao (?:dung|chuan|moi|la)|tin (?:con )?so nao|tin cai nao|vi sao|tai sao)\b|\b\d+\S* hay \d+|"
    r"\b(?:quy|qui) \w+/\d+ hay\b",
    Ask.WHICH_YEAR: r"\b(?:nam (?:nao|may)|khi nao thi|moc nao|vao nam nao|bao gio thi)\b",
    Ask.MONEY: r"\b(?:ty dong|ti dong|trieu dong|(?:bao nhieu|may) (?:ty|ti|tien|trieu|dong)|so tien|tong kinh phi|gia goi thau|"
    r"muc ho tro|"
    r"(?:muc|he so|bac|bang) luong|luong (?:chuyen vien|co ban|bac|toi thieu|thang)|he so bao nhieu)\b|\bbao nhieu t[yi]\b",
    Ask.CONTACT: r"\b(?:so dien thoai|dien thoai|sdt|email|dia chi(?! tac gia)|hotline|ten (?:la )?gi|ho (?:va )?ten|zalo cua|facebook|"
    r"sinh (?:nam|ngay)|(?:bao nhieu|may) tuoi|que (?:o|quan)|nha rieng|tai khoan ngan hang)\b",
    Ask.RANK: r"\b(?:thu may|hang may|vi tri thu|hang bao nhieu|xep (?:hang|vi tri) (?:bao nhieu|nao))\b",
    Ask.SIGNER: r"\b(?:ai|nguoi nao|dong chi nao|lanh dao nao)\b.{0,24}(?<!chu )(?<!dinh )(?<!nhiem )(?<!thoi )\bky\b(?! nang|"
    r" thuat| hop| so|"
    r" luat)|\bky\b.{0,12}\b(?:la ai|boi ai)\b|\bnguoi ky\b|"
    r"(?<!chu )\bky (?:ke hoach|quyet dinh|thong bao|bao cao|van ban)\b",
    Ask.DOCUMENT_NUMBER: r"\b(?:so ky hieu|so hieu|(?:thong bao|quyet dinh|van ban|cong van|ke hoach|ket luan|"
    r"bao cao)\b.{0,40}\bso may(?! (?:tuan|thang|nam|ngay|lan|phan))|(?:bao cao|bc|thong bao|quyet dinh|van ban|cong van|"
    r"ke hoach) so may|"
    r"so van ban|van ban so|so cua (?:thong bao|ke hoach|quyet dinh|bao cao))\b",
}
_PATTERNS = {ask: re.compile(pattern) for ask, pattern in _ASKS.items()}


def read_asks(*texts: str) -> set[Ask]:
    """What is wanted, by any of the folded wordings of one question."""
    return {ask for ask, pattern in _PATTERNS.items() if any(pattern.search(text) for text in texts)}
