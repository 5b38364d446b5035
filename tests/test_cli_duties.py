"""`duties` and `remind`: what assignments make to be done, and whom a moment would remind."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.command_line import CommandLine, with_corpus

DUTY = {"code", "agency", "document", "clause", "task", "rule", "last_day", "due_at", "state"}
DUTY |= {"agency_code", "outcome", "parent", "repeats", "ladder", "confirmed_at", "closed_at", "next_reminder_at"}
REMINDER = {"at", "contact", "agency", "codes", "rung", "channel", "will_send", "reason", "text"}
MAPPED = "2026-06-19"  # «trước ngày 20/6/2026», clause II.2.1


@pytest.fixture
def bot(tmp_path: Path) -> CommandLine:
    return with_corpus(tmp_path)


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> CommandLine:
    return with_corpus(tmp_path_factory.mktemp("duties"))


def test_duties_are_proposed_with_the_promised_keys(stored: CommandLine) -> None:
    ran = stored("duties", "list", "--json")
    assert (ran.status, ran.err) == (0, "")
    assert all(set(row) == DUTY for row in ran.rows)
    assert {row["state"] for row in ran.rows} == {"proposed"}
    assert len({row["code"] for row in ran.rows}) == len(ran.rows)
    duty = next(row for row in ran.rows if row["clause"] == "II.2.1")
    assert duty["agency"] == "Sở Khoa học và Công nghệ"
    assert duty["document"] == "Kế hoạch số 128/KH-UBND"
    assert (duty["last_day"], duty["due_at"]) == (MAPPED, "2026-06-20T00:00:00+07:00")
    assert (duty["rule"]["printed"], duty["rule"]["inclusive"]) == ("trước ngày 20/6/2026", False)


def test_duties_come_soonest_first_and_the_undated_last(stored: CommandLine) -> None:
    days = [row["last_day"] for row in stored("duties", "list", "--json").rows]
    dated = [day for day in days if day]
    assert days == [*sorted(dated), *[None] * (len(days) - len(dated))]


def test_person_reads_one_line_a_duty(stored: CommandLine) -> None:
    lines = stored("duties", "list").out.splitlines()
    assert len(lines) == len(stored("duties", "list", "--json").rows)
    assert any(line.startswith("PV") and "[đề xuất] Sở Khoa học và Công nghệ: " in line and "hạn 19/06/2026" in line for line in lines)


def test_confirmed_duty_opens_once(bot: CommandLine) -> None:
    code = next(row["code"] for row in bot("duties", "list", "--json").rows if row["clause"] == "II.2.1")
    confirmed = bot("duties", "confirm", code.lower())
    assert (confirmed.status, confirmed.out, confirmed.err) == (0, f"Đã xác nhận 1 phần việc: {code}\n", "")
    assert {row["code"]: row["state"] for row in bot("duties", "list", "--json").rows}[code] == "open"
    again = bot("duties", "confirm", code)
    assert (again.status, again.out) == (1, "")
    assert again.err == f"Không có phần việc đang đề xuất mang mã: {code}\n"


def test_confirming_what_is_not_there_names_it_and_confirms_the_rest(bot: CommandLine) -> None:
    code = next(row["code"] for row in bot("duties", "list", "--json").rows if row["clause"] == "II.2.1")
    ran = bot("duties", "confirm", code, "PV999", "nhầm")
    assert ran.status == 1
    assert ran.out == f"Đã xác nhận 1 phần việc: {code}\n"
    assert ran.err == "Không có phần việc đang đề xuất mang mã: PV999, nhầm\n"


def test_all_proposals_are_confirmed_together(bot: CommandLine) -> None:
    count = len(bot("duties", "list", "--json").rows)
    preview = bot("duties", "confirm", "--all", "--preview")
    assert preview.out.startswith("Nếu xác nhận bây giờ, sẽ nhắc 0 người của 0/")
    assert {row["state"] for row in bot("duties", "list", "--json").rows} == {"proposed"}
    confirmed = bot("duties", "confirm", "--all", "--at", "2026-02-01T08:00")
    rows = bot("duties", "list", "--json").rows
    owed = [row for row in rows if row["outcome"] != "split"]
    assert confirmed.out.startswith(f"Đã xác nhận {len(owed)} phần việc: PV1–PV")
    assert {row["state"] for row in owed} == {"open"}
    assert {row["confirmed_at"] for row in owed} == {"2026-02-01T08:00:00+07:00"}
    # A group's duty stands for those of its agencies.
    divided = [row for row in rows if row["outcome"] == "split"]
    assert len(owed) > count > len(divided) > 0
    assert {row["parent"] for row in owed if row["parent"]} == {row["code"] for row in divided if row["agency_code"] == "N_SBN"}
    assert any("[đã chia cho từng cơ quan]" in line for line in bot("duties", "list").out.splitlines())
    nothing = bot("duties", "confirm", "--all")
    assert (nothing.status, nothing.out) == (0, "Không còn phần việc nào đang đề xuất.\n")


def test_duty_is_made_and_changed_at_the_command_line(bot: CommandLine) -> None:
    made = bot("duties", "add", "--agency", "stc, Sở Nội vụ", "--task", "Báo cáo kinh phí", "--due", "trước ngày 15/4/2027")
    assert (made.status, made.err) == (0, "")
    first, second = made.out.removeprefix("Đã tạo 2 phần việc: ").strip().split(", ")
    again = bot("duties", "add", "--agency", "stc, Sở Nội vụ", "--task", "Báo cáo kinh phí", "--due", "trước ngày 15/4/2027")
    assert (again.status, again.out, again.err) == (1, "", "Phần việc này hôm nay đã được tạo; không có gì thay đổi.\n")
    assert bot("duties", "move", first, "20/5/2027", "--reason", "chờ dự toán").out == f"Đã đổi hạn {first}: hết ngày 20/05/2027\n"
    assert bot("duties", "give", first, "Sở Xây dựng").out == f"Đã giao {first} cho Sở Xây dựng\n"
    assert bot("duties", "ladder", first, "-7,-1").status == 0
    assert bot("duties", "close", second, "--reason", "trùng").out == f"Đã đóng {second}\n"
    rows = {row["code"]: row for row in bot("duties", "list", "--json").rows}
    changed = {key: rows[first][key] for key in ("agency", "last_day", "ladder", "state", "next_reminder_at")}
    assert changed == {
        "agency": "Sở Xây dựng",
        "last_day": "2027-05-20",
        "ladder": [-7, -1],
        "state": "open",
        "next_reminder_at": "2027-05-13T08:00:00+07:00",
    }
    assert (rows[second]["state"], rows[second]["outcome"]) == ("closed", "dropped")
    assert bot("duties", "reopen", second, "--reason", "vẫn cần").out == f"Đã mở lại {second}\n"
    assert bot("duties", "ladder", first, "như", "thường").status == 0


@pytest.mark.parametrize(
    ("arguments", "status", "problem"),
    [
        (("move", "PV1", "hôm nào"), 2, "Chưa đọc được ngày"),
        (("move", "PV999", "20/5/2027"), 2, "Không có phần việc mã PV999"),
        (("give", "PV1", "khoa học"), 2, "Không có cơ quan «khoa học» (gần nhất: Liên hiệp"),
        (("close", "PV1"), 2, "Còn thiếu: --reason"),
        (("reopen", "PV1", "--reason", "x"), 1, "PV1 chưa đóng"),
        (("ladder", "PV1", "mai"), 2, "Lịch nhắc ghi số ngày"),
        (("add", "--agency", "STC", "--task", " ", "--due", "20/5/2027"), 2, "Chưa có nội dung việc."),
    ],
)
def test_what_cannot_be_done_is_said_and_changes_nothing(
    stored: CommandLine, arguments: tuple[str, ...], status: int, problem: str
) -> None:
    before = stored("duties", "list", "--json").out
    ran = stored("duties", *arguments)
    assert (ran.status, ran.out) == (status, "")
    assert ran.err.startswith(problem)
    assert stored("duties", "list", "--json").out == before


def test_template_is_imported_as_proposals_and_adds_nothing_twice(bot: CommandLine) -> None:
    template = bot.folder / "mau.xlsx"
    assert bot("duties", "template", template).status == 0
    known = len(bot("duties", "list", "--json").rows)
    assert bot("duties", "import", template, "--json").row == {"added": 4, "changed": 0, "unchanged": 0, "is_stored": True, "bad": []}
    assert bot("duties", "import", template, "--json").row["unchanged"] == 4
    rows = bot("duties", "list", "--json").rows
    assert len(rows) == known + 4
    new = {row["agency_code"]: row for row in rows if row["document"] in ("Thông báo số 12/TB-UBND", "")}
    assert {row["state"] for row in new.values()} == {"proposed"}
    assert (new["STC"]["last_day"], new["STC"]["rule"]["inclusive"], new["STC"]["clause"]) == ("2026-04-14", False, "3.a")
    assert new["SNV"]["rule"]["recurrence"] == "P3M"


def test_bad_row_of_a_list_says_what_is_wrong_and_keeps_the_others_out(bot: CommandLine) -> None:
    listed = bot.folder / "viec.csv"
    rows = ["Cơ quan,Nội dung,Hạn,Chu kỳ", "STC,Báo cáo,20/3/2027,", "Sở Lạ Hoắc Qwz,Báo cáo,20/3/2027,", "STC,,20/3/2027,"]
    rows += ["STC,Việc khác,hôm nào,", "STC,Việc khác nữa,,", "STC,Báo cáo,20/3/2027,", "STC,Họp,,thỉnh thoảng"]
    listed.write_text("\n".join(rows), "utf-8")
    known = bot("duties", "list", "--json").out
    ran = bot("duties", "import", listed, "--json")
    assert (ran.status, ran.row["is_stored"]) == (1, False)
    assert [one["line"] for one in ran.row["bad"]] == [3, 4, 5, 6, 7, 8]
    assert bot("duties", "list", "--json").out == known
    kept = bot("duties", "import", listed, "--skip-bad", "--open", "--json")
    assert (kept.status, kept.row["added"]) == (1, 1)
    assert [row["task"] for row in bot("duties", "list", "--json").rows if row["state"] == "open"] == ["Báo cáo"]


def test_reminder_has_the_promised_keys_and_says_who_what_and_until_when(stored: CommandLine) -> None:
    ran = stored("remind", "--at", "2026-06-18T08:00+07:00", "--dry-run", "--json")
    assert (ran.status, ran.err) == (0, "")
    assert all(set(row) == REMINDER for row in ran.rows)
    row = next(row for row in ran.rows if "lập bản đồ vùng lõm sóng" in row["text"].lower())
    assert (row["at"], row["agency"], row["rung"]) == ("2026-06-18T08:00:00+07:00", "Sở Khoa học và Công nghệ", -1)
    assert (row["contact"], row["channel"], row["will_send"]) == (None, None, False)
    assert row["reason"] == "Phần việc mới được đề xuất, chưa được xác nhận."
    assert row["codes"][0] in row["text"]
    assert "còn 1 ngày (hết ngày 19/06/2026) – văn bản ghi «trước ngày 20/6/2026»" in row["text"]
    assert "Theo Kế hoạch số 128/KH-UBND, mục II.2.1" in row["text"]


def test_confirmed_duty_still_says_that_nobody_is_linked(bot: CommandLine) -> None:
    bot("duties", "confirm", "--all")
    rows = bot("remind", "--at", "2026-06-18T08:00+07:00", "--dry-run", "--json").rows
    assert {row["reason"] for row in rows} == {"Chưa có cán bộ đầu mối nào của cơ quan được liên kết."}


@pytest.mark.parametrize(
    ("at", "rung"),
    [("2026-06-05", -14), ("2026-06-12", -7), ("2026-06-16", -3), ("2026-06-18", -1), ("2026-06-19", 0), ("2026-06-17", None)],
)
def test_agency_is_reminded_on_the_days_of_the_ladder_from_eight_o_clock(stored: CommandLine, at: str, rung: int | None) -> None:
    def rungs(time: str) -> set[int]:
        rows = stored("remind", "--at", f"{at}T{time}", "--dry-run", "--json").rows
        return {row["rung"] for row in rows if "trước ngày 20/6/2026" in row["text"]}

    assert rungs("07:59+07:00") == set()
    assert rungs("08:00+07:00") == rungs("01:00Z") == rungs("08:00") == ({rung} if rung is not None else set())


def test_ladder_is_as_the_setting_says(stored: CommandLine) -> None:
    rows = stored("remind", "--at", "2026-06-17T08:00", "--dry-run", "--json", LADDER="-2").rows
    assert [row["rung"] for row in rows if "trước ngày 20/6/2026" in row["text"]] == [-2]


def test_preview_sends_and_changes_nothing(stored: CommandLine) -> None:
    before = stored("duties", "list", "--json").out
    first = stored("remind", "--at", "2026-06-18T08:00", "--dry-run", "--json").out
    assert stored("remind", "--at", "2026-06-18T08:00", "--dry-run", "--json").out == first
    assert stored("duties", "list", "--json").out == before


def test_person_reads_the_reminder_and_that_it_is_not_sent(stored: CommandLine) -> None:
    ran = stored("remind", "--at", "2026-06-18T08:00", "--dry-run")
    assert ran.out.startswith("2026-06-18T08:00:00+07:00 → ")
    assert "chưa gửi: Phần việc mới được đề xuất" in ran.out
    # Nobody is known there yet, so no comrade is addressed.
    assert "Kính gửi Sở Khoa học và Công nghệ\n" in ran.out and "đồng chí Sở" not in ran.out


def test_moment_without_reminders_says_so_and_is_empty_for_scripts(stored: CommandLine) -> None:
    quiet = stored("remind", "--at", "2020-01-01T08:00", "--dry-run")
    assert (quiet.status, quiet.out) == (0, "Không có lời nhắc nào vào thời điểm này.\n")
    assert stored("remind", "--at", "2020-01-01T08:00", "--dry-run", "--json").out == ""
