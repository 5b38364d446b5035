"""What is taken in as evidence and under which name; what is turned away, whatever it is called."""

from __future__ import annotations

import struct
import unicodedata
from pathlib import Path
from typing import Any

import pytest

from handlers.files.names import LONGEST, bare_name, clean_name, suffix_of
from handlers.files.receiving import FileDoor
from handlers.files.refusals import Refusal, RefusedFile
from handlers.wording.files import refusal
from tests import sent_files as made

MEGABYTE = 1024 * 1024
HEIC = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + b"\1" * 64
WEBP = b"RIFF\x20\0\0\0WEBPVP8 " + b"\1" * 32


@pytest.fixture
def door(tmp_path: Path) -> FileDoor:
    no_database: Any = None
    return FileDoor(no_database, folder=tmp_path / "files", max_bytes=MEGABYTE)


async def refused(door: FileDoor, name: str, data: bytes) -> Refusal:
    with pytest.raises(RefusedFile) as caught:
        await door.take(name, data)
    assert not door.folder.exists() or not list(door.folder.iterdir())
    said = refusal(name, caught.value, limit_mb=1)
    assert "xin" in said.lower() and "{" not in said
    return caught.value.reason


@pytest.mark.parametrize(
    ("name", "data", "kept"),
    [
        ("Báo cáo quý I.pdf", made.pdf(), "Báo cáo quý I.pdf"),
        ("bao cao.docx", made.word(), "bao cao.docx"),
        ("thiet bi.XLSX", made.sheet(), "thiet bi.xlsx"),
        ("trinh bay.pptx", made.office("ppt"), "trinh bay.pptx"),
        ("a.odt", made.open_document(), "a.odt"),
        ("a.ods", made.open_document("spreadsheet"), "a.ods"),
        ("cu.doc", made.compound({"WordDocument": b"\xec\xa5\xc1\0" + b"\0" * 20, "1Table": b"1"}), "cu.doc"),
        ("cu.xls", made.compound({"Workbook": made.workbook(made.bound_sheet(0))}), "cu.xls"),
        ("IMG_1.HEIC", HEIC, "IMG_1.heic"),
        ("anh.webp", WEBP, "anh.webp"),
        ("anh.jpeg", made.picture("JPEG"), "anh.jpg"),
        ("ghi chú.txt", "Đã nộp báo cáo".encode(), "ghi chú.txt"),
        ("so lieu.csv", "mã,tên\n1,máy chủ".encode("utf-16"), "so lieu.csv"),
        # A wrong name that does no harm is put right.
        ("ảnh chụp.jpg", made.picture("PNG"), "ảnh chụp.png"),
        ("bao cao.pdf", made.word(), "bao cao.docx"),
        ("", made.pdf(), "tep.pdf"),
        ("Kế hoạch số 5.KH", made.pdf(), "Kế hoạch số 5.KH.pdf"),
    ],
)
async def test_office_files_pictures_and_texts_are_kept(door: FileDoor, name: str, data: bytes, kept: str) -> None:
    file = await door.take(name, data)
    assert (file.name, file.size) == (kept, len(data))
    assert (door.folder / file.sha256).read_bytes() == data


MZ = b"MZ\x90\0" + b"\0" * 60
PLAIN_VBA = made.office("word", "word/vbaProject.bin")
DRESSED_VBA = made.office("word", "word/du-lieu.bin", types="application/vnd.ms-office.vbaProject")
OLD_VBA = made.compound({"WordDocument": b"1", "_VBA_PROJECT": b"1"})
LOCKED_WORD = made.compound({"EncryptedPackage": b"1", "EncryptionInfo": b"1"})
LOCKED_OLD = made.compound({"WordDocument": b"\xec\xa5" + b"\0" * 8 + struct.pack("<H", 0x100)})
LINK = b"L\0\0\0\x01\x14\x02\0" + b"\0" * 60
ISO = b"\0" * 0x8001 + b"CD001" + b"\1" * 100


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("bao cao.exe", MZ, Refusal.PROGRAM),
        ("bao cao.pdf", MZ, Refusal.PROGRAM),
        ("bao cao.exe", made.pdf(), Refusal.PROGRAM),
        ("bao cao\u202efdp.exe", made.pdf(), Refusal.PROGRAM),
        ("bao cao.docx", b"\x7fELF\2\1\1" + b"\0" * 60, Refusal.PROGRAM),
        ("a.jpg", b"\xcf\xfa\xed\xfe" + b"\0" * 60, Refusal.PROGRAM),
        ("a.txt", b"#!/bin/sh\nrm -rf ~", Refusal.PROGRAM),
        ("a.txt", b"@echo off\r\ndel *.*", Refusal.PROGRAM),
        ("a.txt", b"\xef\xbb\xbf<html><script>1</script>", Refusal.PROGRAM),
        *((f"a.{suffix}", b"dong lenh", Refusal.PROGRAM) for suffix in ("bat", "ps1", "vbs", "js", "hta", "lnk")),
        ("a.pdf.lnk", LINK, Refusal.PROGRAM),
        ("a.txt", LINK, Refusal.PROGRAM),
        ("a.pdf", ISO, Refusal.PROGRAM),
        ("ung dung.docx", made.zipped({"AndroidManifest.xml": b"1", "classes.dex": b"1"}), Refusal.PROGRAM),
        ("a.docx", made.zipped({"META-INF/MANIFEST.MF": b"1", "a/B.class": b"1"}), Refusal.PROGRAM),
        ("a.docm", made.word(), Refusal.MACRO),
        ("a.docm", PLAIN_VBA, Refusal.MACRO),
        ("a.docx", PLAIN_VBA, Refusal.MACRO),
        ("a.docx", DRESSED_VBA, Refusal.MACRO),
        ("a.xlsx", made.office("xl", "xl/macrosheets/sheet1.xml"), Refusal.MACRO),
        ("a.doc", OLD_VBA, Refusal.MACRO),
        ("a.xls", made.compound({"Workbook": made.workbook(made.bound_sheet(1))}), Refusal.MACRO),
        ("a.odt", made.open_document(parts={"Basic/Standard/Module1.xml": "1"}), Refusal.MACRO),
        ("a.docx", LOCKED_WORD, Refusal.LOCKED),
        ("a.doc", LOCKED_OLD, Refusal.LOCKED),
        ("a.xls", made.compound({"Workbook": made.workbook((0x2F, b"\1\0"))}), Refusal.LOCKED),
        ("a.pdf", made.pdf(password="bi mat"), Refusal.LOCKED),
        ("a.odt", made.open_document(manifest="<encryption-data/>"), Refusal.LOCKED),
        ("a.zip", made.zipped({"a.pdf": b"1"}), Refusal.ARCHIVE),
        ("a.docx", made.zipped({"a.pdf": b"1"}), Refusal.ARCHIVE),
        ("a.rar", b"Rar!\x1a\7\0" + b"1" * 40, Refusal.ARCHIVE),
        ("a.pdf", b"", Refusal.EMPTY),
        ("a.txt", b"\0\0 \n", Refusal.EMPTY),
        ("a.pdf", made.pdf() + b"\0" * MEGABYTE, Refusal.TOO_LARGE),
        ("a.mp4", b"\0\0\0\x18ftypisom" + b"\0" * 64, Refusal.OTHER_KIND),
        ("a.py2", b"chu thuong", Refusal.OTHER_KIND),
        ("a.pdf", b"%PDF-1.7 gay", Refusal.DAMAGED),
        ("a.docx", made.word()[:2000], Refusal.DAMAGED),
        ("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0\0", Refusal.DAMAGED),
    ],
)
async def test_what_may_do_harm_is_turned_away_whatever_it_is_called(door: FileDoor, name: str, data: bytes, reason: Refusal) -> None:
    assert await refused(door, name, data) is reason


async def test_packages_that_unpack_to_too_much_are_turned_away(door: FileDoor) -> None:
    big = dict.fromkeys((f"word/{at}.xml" for at in range(30)), b"0" * 8_000_000)
    assert await refused(door, "a.docx", made.zipped({"[Content_Types].xml": b"<a/>"} | big)) is Refusal.BOMB
    many = dict.fromkeys((f"word/{at}.xml" for at in range(6_000)), b"")
    wide = FileDoor(door.database, folder=door.folder, max_bytes=20 * MEGABYTE)
    assert await refused(wide, "a.docx", made.zipped({"[Content_Types].xml": b"<a/>"} | many)) is Refusal.BOMB


async def test_chain_that_bites_its_tail_ends(door: FileDoor) -> None:
    file = bytearray(made.compound({"WordDocument": b"1" * 5000}))
    table = struct.unpack_from("<I", file, 76)[0]
    struct.pack_into("<128I", file, 512 + table * 512, *[0] * 128)
    await refused(door, "a.doc", bytes(file))


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.docx", made.word("UBND TỈNH HÒA GIANG", "MẬT", "Về việc bố trí lực lượng")),
        ("a.txt", "TỐI MẬT\nBáo cáo".encode()),
        ("a.pdf", made.pdf("UBND TINH", "MAT", "Bao cao")),
        ("a.xlsx", made.sheet("UBND tỉnh", "Độ mật: Tối mật", "Danh mục")),
        ("a.odt", made.open_document(parts={"styles.xml": "<s xmlns:text='t'><text:p>TUYỆT MẬT</text:p></s>"})),
    ],
)
async def test_state_secrets_are_not_kept(door: FileDoor, name: str, data: bytes) -> None:
    assert await refused(door, name, data) is Refusal.SECRET


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\Users\\a\\Báo cáo.pdf", "Báo cáo.pdf"),
        ("...an.pdf", "an.pdf"),
        ("Bao\u202ecao\u200b\r\n\0.pdf", "Baocao.pdf"),
        (unicodedata.normalize("NFD", "Kế hoạch.pdf"), "Kế hoạch.pdf"),
        ("CON.pdf", "_CON.pdf"),
        ("nul.txt.pdf", "_nul.txt.pdf"),
        ('a<b>:"c|?*.pdf', "a_b___c___.pdf"),
        ("   .pdf", "pdf.pdf"),
        ("??.pdf", "__.pdf"),
        ("…", "….pdf"),
        ("\u202e", "tep.pdf"),
        ("a\u2003 b. .pdf", "a b.pdf"),
    ],
)
def test_names_are_cleaned(given: str, kept: str) -> None:
    assert clean_name(bare_name(given), ".pdf") == kept


def test_long_names_keep_their_ending_and_whole_letters() -> None:
    kept = clean_name(bare_name("ệ" * 300 + ".pdf"), ".pdf")
    assert len(kept) == LONGEST and kept.endswith("ệ.pdf")
    assert suffix_of(bare_name("Báo cáo.DOCX ")) == "docx"
