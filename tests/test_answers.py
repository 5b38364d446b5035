"""What every answer promises: figures with their source, gaps said plainly, nothing invented, talks understood."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from handlers.documents import SAMPLES
from knowledge.agencies import agency_names
from knowledge.answer import Answer, AnswerKind, Library
from knowledge.answering import answer
from knowledge.talk import Talk
from knowledge.wording import spoken_date
from tests.grading import read_questions
from tests.libraries import CORPUS, library_of

LIBRARIES = [CORPUS, SAMPLES]


@pytest.fixture
def library() -> Library:
    """The plan, the report and the notice of the invented province Hòa Giang."""
    return library_of(CORPUS)


def ask(library: Library, *questions: str) -> Answer:
    """The answer to the last question of a talk."""
    talk: Talk | None = None
    for question in questions:
        found, talk = answer(library, question, talk)
    return found


# Targets.


def test_the_figure_stands_first_with_comparator_year_document_clause_and_words(library: Library) -> None:
    text = ask(library, "hộ gia đình có cáp quang năm 2030").text
    assert "≥ 92%" in text[:120] and "2030" in text[:120]
    assert "Kế hoạch 128/KH-UBND ngày 14/3/2026, mục I.2.a" in text
    assert "«Hộ gia đình có đường cáp quang: ≥ 92%.»" in text


def test_each_year_is_said_where_the_target_is_yearly(library: Library) -> None:
    assert "mỗi năm" in ask(library, "đào tạo bao nhiêu người về an toàn thông tin, mốc 2030?").text.lower()


def test_a_year_without_a_target_is_said_with_the_nearest_ones(library: Library) -> None:
    found = ask(library, "Chỉ tiêu phủ sóng 5G năm 2028?")
    assert (found.answered, found.kind) == (False, AnswerKind.NONE)
    assert "Không có chỉ tiêu" in found.text and "2028" in found.text
    assert "65%" in found.text and "99%" in found.text


def test_figures_of_one_year_that_differ_stand_together_and_are_said_to_differ(library: Library) -> None:
    text = ask(library, "Chỉ tiêu số doanh nghiệp công nghệ số năm 2027?").text
    assert "25" in text and "40" in text and "khác nhau" in text


def test_the_targets_of_a_year_are_counted_and_listed_and_the_rest_follows(library: Library) -> None:
    first = ask(library, "các chỉ tiêu năm 2030")
    held = [one for one in library.catalogue.targets if one.fact.horizon_year == 2030]
    assert f"({len(held)} chỉ tiêu" in first.text and "- Hộ gia đình có đường cáp quang: ≥ 92% (mục I.2.a)" in first.text
    assert len(first.citations) + len(first.rest) == len(held)
    assert "Camera giao thông" in ask(library, "các chỉ tiêu năm 2030", "xem thêm").text


def test_the_targets_of_a_group_are_those_under_its_heading(library: Library) -> None:
    found = ask(library, "các chỉ tiêu về nhân lực năm 2027")
    assert {one.clause for one in found.citations} == {"I.1.c"} and "Kỹ sư phần mềm" in found.text


def test_targets_without_a_year_are_counted_by_year(library: Library) -> None:
    text = ask(library, "kế hoạch có những chỉ tiêu gì?").text
    for year in (2027, 2030):
        assert f"đến hết năm {year}: {sum(one.fact.horizon_year == year for one in library.catalogue.targets)}" in text


def test_a_year_named_in_a_talk_about_one_target_lists_no_others(library: Library) -> None:
    assert len(ask(library, "hộ gia đình có cáp quang năm 2030", "chỉ tiêu 2027?").citations) == 1


def test_a_series_has_every_horizon(library: Library) -> None:
    text = ask(library, "Lộ trình phủ sóng 5G qua các mốc?").text
    assert re.search(r"2027: ≥ 65%.*\n.*2030: 99%", text)


@pytest.mark.parametrize(
    "question",
    [
        "Tỷ lệ đô thị hóa năm 2030?",
        "Tỷ lệ hồ sơ đúng hạn năm 2030 là mấy %?",
        "chỉ tiêu 6G năm 2030",
        "tỷ lệ hộ nghèo 2027 mục tiêu bao nhiêu",
    ],
)
def test_the_figure_of_another_thing_is_no_answer(library: Library, question: str) -> None:
    assert not ask(library, question).answered


def test_a_plan_that_is_being_revised_is_said_to_be(library: Library) -> None:
    assert "đang được rà soát" in ask(library, "Chỉ tiêu phủ sóng 5G năm 2027?").text


# Results.


def test_a_result_stands_beside_the_target_it_belongs_to(library: Library) -> None:
    text = ask(library, "Hồ sơ nộp trực tuyến đã đạt bao nhiêu so với chỉ tiêu 2027?").text
    assert "75%" in text and re.search(r"66,9%|68,4%", text)


def test_the_result_of_a_month_comes_first_when_that_month_is_asked(library: Library) -> None:
    text = ask(library, "tỷ lệ hồ sơ nộp trực tuyến tính đến cuối tháng 7/2026?").text
    assert text.startswith("68,4%")


def test_where_only_the_target_is_known_no_result_is_made_of_it(library: Library) -> None:
    found = ask(library, "Hiện tỉnh có bao nhiêu doanh nghiệp công nghệ số?")
    assert not found.answered
    assert "chưa có số liệu kết quả" in found.text


# False premises.


@pytest.mark.parametrize(
    ("question", "denied", "right"),
    [
        ("5G năm 2027 là 90% dân số phải không?", "Không phải 90%", "65%"),
        ("Hộ gia đình có cáp quang năm 2030 là 70% đúng không", "Không phải 70%", "92%"),
    ],
)
def test_a_wrong_figure_is_corrected_first(library: Library, question: str, denied: str, right: str) -> None:
    text = ask(library, question).text
    assert text.startswith(denied) and right in text


def test_a_wrong_share_is_corrected_by_the_share_of_the_same_whole(library: Library) -> None:
    text = ask(library, "Mạng truyền số liệu đã nối đủ 70/74 xã rồi phải không?").text
    assert text.startswith("Không phải 70/74.") and "74/74" in text


def test_a_share_of_a_whole_that_no_document_has_is_refused(library: Library) -> None:
    assert not ask(library, "tỉnh đã đạt 12/13 nhiệm vụ đúng không?").answered


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("Quyết định 310 thay thế Quyết định 702 phải không?", "Không phải"),
        ("Quyết định 702 bị thay thế bởi Quyết định 310 đúng không", "Không phải"),
        ("Quyết định 702 thay Quyết định 310 đúng không?", "Đúng."),
    ],
)
def test_what_replaced_what_is_not_confirmed_the_wrong_way_round(library: Library, question: str, said: str) -> None:
    text = ask(library, question).text
    assert text.startswith(said) and "thay thế" in text


def test_a_result_is_not_what_the_same_sentence_says_was_wanted() -> None:
    text = ask(library_of(SAMPLES), "hồ sơ phi địa giới đạt 70% rồi phải không?").text
    assert text.startswith("Không phải 70%.") and "77%" in text


def test_a_supposed_figure_that_a_newer_document_changed_stands_beside_the_newer_one() -> None:
    text = ask(library_of(SAMPLES), "5G hiện có 58 trạm phải không?").text
    assert text.index("115 ") < text.index("58 ")


def test_an_agency_rightly_supposed_to_lead_is_not_denied() -> None:
    text = ask(library_of(SAMPLES), "Công an tỉnh chủ trì Trung tâm SOC đúng không?").text
    assert "Không phải" not in text and "Công an tỉnh" in text


def test_what_is_set_once_is_not_confirmed_for_each_year() -> None:
    assert ask(library_of(SAMPLES), "có đúng là năm 2025 mỗi năm phải có 300 cán bộ nghiên cứu?").text.startswith("Không phải mỗi năm.")


@pytest.mark.parametrize("question", ["kế hoạch 128 ký ngày 25/02/2026 đúng không?", "Kế hoạch 128 do Sở Nội vụ ban hành phải không?"])
def test_a_wrong_day_or_issuer_of_a_document_is_denied(library: Library, question: str) -> None:
    assert ask(library, question).text.startswith("Không phải")


# Who does what.


def test_an_agency_has_the_tasks_of_the_groups_it_belongs_to(library: Library) -> None:
    found = ask(library, "Sở Giáo dục và Đào tạo được giao việc gì?")
    assert found.text.startswith("Không thấy việc giao riêng cho Sở Giáo dục và Đào tạo") and "30/4/2026" in found.text
    own_first = ask(library, "Sở Y tế được giao gì?")
    assert "sổ sức khỏe điện tử" in own_first.citations[0].quote and "III.4.a" in {one.clause for one in own_first.citations}


def test_a_group_is_understood_without_a_list_of_its_members(library: Library) -> None:
    assert {"3.e", "II.3"} <= {one.clause for one in ask(library, "UBND xã phải làm gì?").citations}


def test_a_department_that_was_merged_is_another_than_those_of_today(library: Library) -> None:
    assert not ask(library, "Sở TTTT làm gì?").answered
    assert not ask(library, "Sở Kế hoạch và Đầu tư được giao việc gì?").answered


def test_a_document_that_gives_an_agency_no_task_is_said_to_give_none(library: Library) -> None:
    found = ask(library, "Công an tỉnh có nhiệm vụ gì theo Kế hoạch 128?")
    assert not found.answered and "không nêu việc giao cho Công an tỉnh" in found.text and found.citations[0].clause == "3.d"


def test_a_task_whose_lead_no_document_names_is_shown_but_not_answered() -> None:
    found = ask(library_of(SAMPLES), "Đề án cơ chế thí điểm thử nghiệm công nghệ mới do sở nào chủ trì?")
    assert not found.answered and found.text.startswith("Văn bản không nêu cơ quan chủ trì.") and found.citations[0].clause == "III.3.4"


def test_a_task_without_a_deadline_is_said_to_have_none(library: Library) -> None:
    found = ask(library, "ai chủ trì bố trí máy in, máy quét tại bộ phận một cửa?", "hạn khi nào?")
    assert not found.answered and found.text.startswith("Văn bản không nêu thời hạn của việc này.")


def test_what_is_lacking_is_no_deadline(library: Library) -> None:
    found = ask(library, "hạn chế là gì?")
    assert found.kind is not AnswerKind.DEADLINE and "Khe Lá chưa có cáp quang" in found.text


def test_another_agency_of_the_title_does_not_lend_its_deadline() -> None:
    found = ask(library_of(SAMPLES), "Sở Công Thương báo cáo ai, khi nào?")
    assert "15/4/2026" not in found.text


def test_who_leads_is_told_by_the_task_and_not_by_the_word(library: Library) -> None:
    assert "Trường Cao đẳng" in ask(library, "ai chủ trì xây dựng học liệu số cho 03 nghề?").text


# Talks.


@pytest.mark.parametrize(
    ("turns", "wanted"),
    [
        (["chỉ tiêu 5G năm 2030?", "còn 2027?"], "65%"),
        (["Chỉ tiêu phủ sóng 5G năm 2027?", "cáp quang thì sao?"], "70%"),
        (["chỉ tiêu 5G năm 2030?", "lùi về 2027"], "65%"),
        (["chỉ tiêu 5G năm 2030?", "văn bản nào?"], "128/KH-UBND"),
        (["Chỉ tiêu số doanh nghiệp công nghệ số năm 2027?", "cái thứ hai ở văn bản nào?"], "ít nhất 40"),
        (["Kế hoạch 128 thay kế hoạch nào?", "nó ban hành ngày nào?"], "14/3/2026"),
    ],
)
def test_a_follow_up_takes_what_it_does_not_say_from_the_talk(library: Library, turns: list[str], wanted: str) -> None:
    assert wanted in ask(library, *turns).text


@pytest.mark.parametrize("courtesy", ["alo", "dạ cảm ơn em nhiều ạ", "ok bot"])
def test_a_courtesy_is_answered_and_leaves_the_talk_as_it_was(library: Library, courtesy: str) -> None:
    assert "xin cứ hỏi" in ask(library, "hộ gia đình có cáp quang năm 2030", courtesy).text
    assert "≥ 70%" in ask(library, "hộ gia đình có cáp quang năm 2030", courtesy, "rồi 2027?").text


def test_what_falls_due_in_a_time_is_listed(library: Library) -> None:
    assert "31/8/2026" in ask(library, "các việc đến hạn trong tháng 8/2026").text


def test_a_change_of_subject_drops_the_talk(library: Library) -> None:
    assert "99%" not in ask(library, "chỉ tiêu 5G năm 2030?", "Sở Công Thương phải làm gì?").text


def test_a_long_list_is_cut_with_a_count_and_goes_on_when_asked() -> None:
    digest = library_of(SAMPLES)
    first = ask(digest, "Sở Khoa học và Công nghệ có nhiệm vụ gì?")
    assert first.rest and f"{len(first.rest)} mục nữa" in first.text
    more = ask(digest, "Sở Khoa học và Công nghệ có nhiệm vụ gì?", "xem thêm")
    assert more.answered and not set(more.citations) & set(first.citations)


def test_a_talk_survives_being_stored(library: Library) -> None:
    _, talk = answer(library, "Sở Khoa học và Công nghệ có nhiệm vụ gì?")
    assert Talk.model_validate(talk.model_dump(mode="json")) == talk


# Messages.


def test_several_questions_of_one_message_are_all_answered(library: Library) -> None:
    text = ask(library, "Cho hỏi 5G năm 2030 bao nhiêu? Còn hộ gia đình có cáp quang năm 2027 mấy phần trăm?").text
    assert "99%" in text and "70%" in text


def test_a_second_thing_of_one_message_keeps_the_year(library: Library) -> None:
    text = ask(library, "5G năm 2030 bao nhiêu ạ, với cả hộ có cáp quang nữa").text
    assert "99%" in text and "92%" in text and "70%" not in text


def test_a_question_behind_a_pasted_text_is_found(library: Library) -> None:
    pasted = "Kính gửi các đồng chí, chiều nay họp giao ban lúc 14 giờ tại phòng số 2, đề nghị các phòng gửi báo cáo trước 11 giờ. " * 2
    assert "99%" in ask(library, f"{pasted}\nEm hỏi: chỉ tiêu 5G năm 2030?").text


@pytest.mark.parametrize("message", ["", "?", "chào em", "cảm ơn nhé", "2030", "...", "👍"])
def test_a_message_that_asks_nothing_is_told_how_to_ask(library: Library, message: str) -> None:
    found = ask(library, message)
    assert not found.answered and found.text


# Whatever is asked.

_FIGURE = re.compile(r"\d+(?:[.,]\d+)*")
_OF_A_SOURCE = re.compile(r"Nguồn: [^\n]*|Lưu ý: [^\n]*|\([^()]*mục [^()]*(?:\([^()]*\)[^()]*)?\)|– [^\n]*Nguồn[^\n]*")
_THINGS = [
    "5G",
    "6G",
    "hồ sơ nộp trực tuyến",
    "hộ gia đình có cáp quang",
    "doanh nghiệp công nghệ số",
    "kinh tế số",
    "chữ ký số",
    "kỹ sư phần mềm",
]
_SHAPES = ["{thing} năm {year}", "chỉ tiêu {thing} {year}?", "{agency} {thing} đến {year} bao nhiêu %", "{thing} hiện nay bao nhiêu?",
           "{agency} phải làm gì năm {year}?", "{thing} {year} là 37% đúng không?", "hạn của {agency}?", "{thing}",
           "các chỉ tiêu năm {year}"]  # fmt: skip
_AGENCIES = sorted(agency_names())


@pytest.mark.parametrize("folder", LIBRARIES, ids=lambda folder: folder.name)
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(shape=st.sampled_from(_SHAPES), thing=st.sampled_from(_THINGS), agency=st.sampled_from(_AGENCIES), year=st.integers(2019, 2052))
def test_no_figure_leaves_an_answer_that_no_source_has(folder: Path, shape: str, thing: str, agency: str, year: int) -> None:
    library = library_of(folder)
    question = shape.format(thing=thing, agency=agency, year=year)
    found = ask(library, question)
    check_figures(library, question, found)
    if f"{year}" in question and found.kind is AnswerKind.TARGET and not re.search(r"\d: ", found.text):
        assert year in {held.fact.horizon_year for held in library.catalogue.targets}


@pytest.mark.parametrize("folder", LIBRARIES, ids=lambda folder: folder.name)
def test_no_figure_leaves_an_answer_to_the_kept_questions_that_no_source_has(folder: Path) -> None:
    library = library_of(folder)
    for row in read_questions((CORPUS if folder == CORPUS else CORPUS.parent / "digest") / "questions.jsonl"):
        for turn in row.get("turns", [row]):
            check_figures(library, turn["question"], ask(library, turn["question"]))


def check_figures(library: Library, question: str, found: Answer) -> None:
    """Every quote is an unbroken run of its document, and every other figure stands in a quote, a cited fact or the question."""
    for citation in found.citations:
        assert 0 < len(citation.quote) <= 400
        texts = (one.text for one in library.catalogue.paragraphs.values() if one.document == citation.document.id)
        assert any(citation.quote in text for text in texts), (question, citation.quote)
    said = _OF_A_SOURCE.sub("", found.text)
    for quoted in re.findall(r"«([^»]*)»", said):
        said = said.replace(f"«{quoted}»", "")
    known = " ".join((question, *(one.quote for one in found.citations), *names_of(library)))
    years = {str(held.fact.horizon_year) for held in library.catalogue.targets}
    dues = " ".join(held.fact.due_text for held in library.catalogue.assignments)
    allowed = {*_FIGURE.findall(known), *years, *_FIGURE.findall(dues), *counts(found)}
    assert set(_FIGURE.findall(said)) <= allowed, (question, set(_FIGURE.findall(said)) - allowed, found.text)


def names_of(library: Library) -> list[str]:
    """Numbers and dates of the documents, as they are written in an answer."""
    documents = library.catalogue.documents.values()
    dates = [date for one in documents for date in (one.issued_on, one.held_on) if date]
    return [one.number for one in documents] + [spoken_date(date) for date in dates]


def counts(found: Answer) -> set[str]:
    return {
        str(len(found.rest)),
        str(len(found.citations) + len(found.rest)),
        *(str(number) for number in range(1, len(found.citations) + 1)),
    }


@pytest.mark.parametrize("text", ["1." * 2500, "a1" * 2500, "1 hay " * 800, "quý I " * 800, "«" * 5000, "5G năm 2030, " * 380])
def test_hostile_text_is_answered_in_no_time(text: str) -> None:
    library = library_of(CORPUS)
    started = time.perf_counter()
    answer(library, text[:5000])
    assert time.perf_counter() - started < 3
