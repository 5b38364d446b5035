"""Lists of agencies and people, invitations, and messages as somebody, at the command line."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import pytest

from tests.command_line import CommandLine, with_corpus

TEMPLATES = Path(__file__).parent.parent / "docs" / "templates"
KEY = "k" * 40


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> CommandLine:
    """An installation with documents and the people of the templates."""
    bot = with_corpus(tmp_path_factory.mktemp("office"))
    assert bot("agencies", "import", TEMPLATES / "agencies.xlsx").status == 0
    assert bot("contacts", "import", TEMPLATES / "contacts.csv").status == 0
    return bot


def phone_of(bot: CommandLine, role: str) -> str:
    return str(next(row["phone"] for row in bot("contacts", "list", "--json").rows if row["role"] == role))


def test_list_is_imported_and_imported_again_without_change(office: CommandLine) -> None:
    again = office("contacts", "import", TEMPLATES / "contacts.csv", "--json")
    assert (again.status, again.row["added"], again.row["changed"]) == (0, 0, 0)
    assert again.row["unchanged"] == len(office("contacts", "list", "--json").rows)


def test_bad_rows_are_named_and_nothing_is_stored_unless_asked(tmp_path: Path) -> None:
    bot, file = CommandLine(tmp_path), tmp_path / "co-quan.csv"
    file.write_text("Mã,Tên\nSYT,Sở Y tế\n,Thiếu mã\n", "utf-8")
    refused = bot("agencies", "import", file)
    assert refused.status == 1 and "Dòng 3" in refused.out and "Chưa nhập gì" in refused.out
    taken = bot("agencies", "import", file, "--skip-bad", "--json")
    assert (taken.status, taken.row["added"], [one["line"] for one in taken.row["bad"]]) == (1, 1, [3])


def test_what_is_no_list_is_refused_in_a_sentence(tmp_path: Path) -> None:
    file = tmp_path / "anh.png"
    file.write_bytes(b"\x89PNG")
    refused = CommandLine(tmp_path)("contacts", "import", file)
    assert refused.status == 2 and refused.err.strip()


def test_invitation_gives_a_code_once_for_a_time(office: CommandLine) -> None:
    phone = phone_of(office, "focal_point")
    row = office("contacts", "invite", phone, "--hours", "24", "--json", SECRET_KEY=KEY, DEMO="false").row
    assert re.fullmatch(r"[A-Z]{10}", row["code"]) and row["phone"] == phone and row["link"] is None
    left = dt.datetime.fromisoformat(row["expires_at"]) - dt.datetime.now(dt.UTC)
    assert dt.timedelta(hours=23) < left <= dt.timedelta(hours=24)
    everyone = office("contacts", "invite", "--all", "--json", SECRET_KEY=KEY).rows
    assert len({one["code"] for one in everyone}) == len(everyone) > 1


@pytest.mark.parametrize(
    ("arguments", "settings", "said"),
    [
        (["0999999999"], {"SECRET_KEY": KEY}, "0999999999"),
        (["--all", "--hours", "200"], {"SECRET_KEY": KEY}, "168"),
        (["--all", "--hours", "0.1"], {"SECRET_KEY": KEY}, "10 phút"),
        (["--all"], {}, "SECRET_KEY"),
    ],
)
def test_invitation_that_cannot_be_is_explained(office: CommandLine, arguments: list[str], settings: dict[str, str], said: str) -> None:
    refused = office("contacts", "invite", *arguments, **settings)
    assert refused.status != 0 and said in refused.err


def test_somebody_speaks_through_the_same_door_as_on_any_channel(office: CommandLine) -> None:
    phone = phone_of(office, "focal_point")
    (first,) = office("say", "--as", phone, "chi tieu phu song 5g nam 2027", "--json").row["replies"]
    assert "65%" in first["text"] and [one["label"] for one in first["actions"]][-2:] == ["👍 Đúng", "👎 Chưa đúng"]
    judged = office("say", "--as", f"+84 {phone[1:]}", first["actions"][-2]["command"])
    assert "Cảm ơn" in judged.out
    (listed,) = office("say", "--as", phone, "/vanban", "--json").row["replies"]
    (sent,) = office("say", "--as", phone, listed["actions"][0]["command"], "--json").row["replies"]
    assert sent["files"]


def test_lines_of_many_people_are_said_in_order(office: CommandLine, tmp_path: Path) -> None:
    phone, file = phone_of(office, "leader"), tmp_path / "lines.jsonl"
    asked = f'{{"as": "{phone}", "text": "phủ sóng 5G năm 2027?", "at": "2026-09-01T08:00"}}'
    later = f'{{"as": "{phone}", "text": "còn 2030?", "at": "2026-09-01T09:00"}}'
    file.write_text(f"{asked}\n{later}\n", "utf-8")
    first, second = office("say", "--jsonl", file).rows
    assert "65%" in first["replies"][0]["text"]
    # The talk of an hour ago is over.
    assert "Không tìm thấy" in second["replies"][0]["text"]


@pytest.mark.parametrize(
    "line", ["không phải JSON", '{"as": "0912"}', '{"as": 1, "text": "a"}', '{"as": "0912", "text": "a", "at": "x"}', "[]"]
)
def test_line_that_is_no_message_is_named(office: CommandLine, line: str) -> None:
    refused = office("say", "--jsonl", "-", stdin=line + "\n")
    assert refused.status == 2 and "Dòng 1" in refused.err


def test_unknown_speaker_is_refused(office: CommandLine) -> None:
    refused = office("say", "--as", "0999999999", "xin chào")
    assert refused.status == 2 and "0999999999" in refused.err


def test_removed_person_is_gone_from_the_list(tmp_path: Path) -> None:
    bot, file = CommandLine(tmp_path), tmp_path / "can-bo.csv"
    file.write_text("Họ tên,Điện thoại,Cơ quan\nTrần Bình,0912000001,Sở Y tế\n", "utf-8")
    assert bot("contacts", "import", file).status == 0
    assert bot("contacts", "remove", "0912 000 001").status == 0
    assert bot("contacts", "list", "--json").rows == []
    assert bot("contacts", "remove", "0912000001").status == 2


def test_post_goes_from_one_person_to_another(tmp_path: Path) -> None:
    bot, file = CommandLine(tmp_path), tmp_path / "can-bo.csv"
    rows = "Trần Bình,0912000001,Sở Y tế,đầu mối\nNgô Phó,0912000002,Sở Y tế,đầu mối dự phòng\n"
    file.write_text(f"Họ tên,Điện thoại,Cơ quan,Vai trò\n{rows}", "utf-8")
    assert bot("contacts", "import", file).status == 0
    assert "đầu mối dự phòng" in bot("contacts", "list").out
    refused = bot("contacts", "replace", "0912000001", "0912000009")
    assert refused.status == 2 and "họ tên" in refused.err
    row = bot("contacts", "replace", "0912000001", "+84 912 000 009", "--name", "Nguyễn Văn Mới", "--json").row
    assert row == {
        "leaver": "Trần Bình",
        "successor": "Nguyễn Văn Mới",
        "phone": "0912000009",
        "agency": "Sở Y tế",
        "assigned": 0,
        "is_new": True,
        "is_linked": False,
    }
    listed = {one["phone"]: (one["role"], one["is_substitute"]) for one in bot("contacts", "list", "--json").rows}
    assert listed == {"0912000009": ("focal_point", False), "0912000002": ("focal_point", True)}
    assert "contacts invite" in bot("contacts", "replace", "0912000002", "0912000001").out
    assert bot("contacts", "replace", "0999999999", "0912000001").status == 2
    assert bot("contacts", "replace", "0912000001", "12").status == 2
    # Who has left is removed with their data on their wish all the same.
    assert bot("contacts", "remove", "0912000002").status == 0


def test_agencies_without_a_focal_point_are_named_with_numbers_to_call(tmp_path: Path) -> None:
    bot, file = CommandLine(tmp_path), tmp_path / "can-bo.csv"
    file.write_text("Họ tên,Điện thoại,Cơ quan,Vai trò\nTrần Bình,0912000001,Sở Y tế,đầu mối\n", "utf-8")
    assert "Cơ quan nào" in bot("contacts", "unreachable").out
    assert bot("contacts", "import", file).status == 0
    assert "Trần Bình 0912000001" in bot("contacts", "unreachable").out
    row = bot("contacts", "unreachable", "--json").row
    assert (row["agency"], row["open_duties"]) == ("Sở Y tế", 0)
    assert row["focal_points"] == [{"name": "Trần Bình", "phone": "0912000001", "reason": "no_account"}]
    check = next(one for one in bot("doctor", "--json").rows if one["name"] == "focal_points")
    assert check["ok"] is None and check["detail"].startswith("1 cơ quan") and "contacts unreachable" in check["advice"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [(["say", "xin chào"], "--as"), (["contacts", "invite"], "--all"), (["send"], "TELEGRAM_BOT_TOKEN")],
)
def test_command_that_lacks_something_says_what(tmp_path: Path, arguments: list[str], said: str) -> None:
    refused = CommandLine(tmp_path)(*arguments)
    assert refused.status == 2 and said in refused.err
