"""Any message becomes calls that Telegram takes, and says in them all it had to say."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import wording
from bot.telegram.rendering import Part, render, text_length
from db.messages import Action, Attachment, Message, Paragraph, Span, Style, bold, code, italic, line, lines, plain

TAGS = {"b", "i", "code", "blockquote"}
MB = 1_000_000


class StrictHtml(HTMLParser):
    """What Telegram's parser refuses is an AssertionError; what it reads is in `text`."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.open: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in TAGS and tag not in self.open and "code" not in self.open, tag
        assert attrs in ([], [("expandable", None)]) and (tag == "blockquote" or not attrs), attrs
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        assert not set("<>&") & set(data), data
        self.text += data

    def handle_entityref(self, name: str) -> None:
        self.text += {"amp": "&", "lt": "<", "gt": ">"}[name]

    def _refuse(self, *found: object, **named: object) -> None:
        raise AssertionError(f"neither tag nor text: {found} {named}")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._refuse(tag)

    handle_charref = handle_comment = handle_decl = handle_pi = unknown_decl = _refuse


def read_html(html: str) -> str:
    parser = StrictHtml()
    parser.feed(html)
    parser.close()
    assert not parser.open, f"left open: {parser.open}"
    return parser.text


def quote(*parts: str | Span) -> Paragraph:
    return line(*parts).model_copy(update={"is_quote": True})


def message(*paragraphs: Paragraph, **rest: object) -> Message:
    return Message.model_validate({"paragraphs": paragraphs, **rest})


def htmls(*paragraphs: Paragraph) -> list[str]:
    return [part.html for part in render(message(*paragraphs))]


def plains(text: str) -> list[str]:
    return [part.plain for part in render(plain(text))]


def row(*labels: str) -> tuple[Action, ...]:
    return tuple(Action(label=label, command=f"/{label}") for label in labels)


def file(size: int = 1000, *, name: str = "kế hoạch.pdf", is_picture: bool = False) -> Attachment:
    return Attachment(sha256="0" * 64, file_name=name, size=size, is_picture=is_picture)


def words(count: int, word: str = "chữ") -> str:
    return " ".join([word] * count)


def show(parts: list[Part], value: Callable[[Part], object]) -> list[object]:
    return [value(part) for part in parts]


# Markup.


def test_styles_become_tags_and_special_characters_are_escaped() -> None:
    first = line("Hạn ", bold("<5 ngày>"), " & ", italic("gấp"), ": ", code("a && b"), ' "PV12"')
    assert htmls(first) == ['Hạn <b>&lt;5 ngày&gt;</b> &amp; <i>gấp</i>: <code>a &amp;&amp; b</code> "PV12"']


def test_neighbouring_quotes_are_one_blockquote() -> None:
    said = htmls(line("Trích:"), quote("Một ", bold("hai")), quote("ba"), line(), quote("bốn"), line("Hết."))
    assert said == ["Trích:\n<blockquote>Một <b>hai</b>\nba</blockquote>\n\n<blockquote>bốn</blockquote>\nHết."]


def test_a_very_long_quote_is_folded() -> None:
    assert htmls(quote(words(300))) == [f"<blockquote expandable>{words(300)}</blockquote>"]


def test_blank_paragraphs_stay_between_others_and_go_at_the_edges() -> None:
    assert htmls(line(), line(" "), line("một"), line(), line(), line("hai"), line(), line("\n")) == ["một\n\n\nhai"]


def test_blanks_get_no_tags() -> None:
    assert htmls(line("một", bold(" "), "hai"), quote(), quote(" "), line("ba")) == ["một hai\n\n \nba"]


def test_what_telegram_cannot_read_is_dropped_and_the_rest_is_composed() -> None:
    written = unicodedata.normalize("NFD", "Kế hoạch") + "\x00 một\x0b\r\n\thai\ud800\udfff\ufffe 😀"
    assert htmls(line(written)) == ["Kế hoạch một\n\thai 😀"]


def test_a_mark_follows_its_letter_into_its_style() -> None:
    assert htmls(line(bold("e"), "\u0302\u0323", italic("\u0301t"))) == ["<b>ệ\u0301</b><i>t</i>"]


# Splitting.


def test_length_is_counted_in_utf_16_units() -> None:
    assert [text_length(text) for text in ("", "ệ", "e\u0323", "😀", "a😀b")] == [0, 1, 2, 2, 4]


def test_a_text_of_exactly_the_limit_is_one_part_and_escapes_cost_nothing() -> None:
    assert plains("<" * 4096) == ["<" * 4096]
    assert plains("a\n" + "😀" * 2047 + " \n ") == ["a\n" + "😀" * 2047]
    assert plains("😀" * 2048 + "a") == ["😀" * 2048, "a"]


def test_a_long_text_is_cut_after_a_paragraph_before_all_else() -> None:
    first, second = "Một câu ngắn. " + words(100), words(950) + ". " + words(60)
    assert plains(f"{first}\n\n{second}") == [first, second]


def test_a_long_paragraph_is_cut_after_a_sentence() -> None:
    first, second = words(700) + " (xem «Kế hoạch 12.5.»)", words(500)
    assert plains(f"{first} {second}") == [first, second]


def test_a_sentence_that_leaves_a_part_mostly_empty_is_no_place_to_cut() -> None:
    assert plains("1. " + words(1100))[0] == "1. " + words(1023)


def test_a_sentence_without_end_is_cut_between_words() -> None:
    assert plains(words(1100)) == [words(1024), words(76)]
    assert plains("một " + "a" * 4092 + " hai") == ["một " + "a" * 4092, "hai"]


def test_a_word_without_end_is_cut_between_whole_characters() -> None:
    assert plains("a" * 4095 + "😀b") == ["a" * 4095, "😀b"]
    # «x̣» has no composed form: letter and mark stay together.
    assert plains("a" * 4095 + "x\u0323b") == ["a" * 4095, "x\u0323b"]
    assert plains("a" * 4094 + "👨\u200d👩") == ["a" * 4094, "👨\u200d👩"]


def test_marks_without_end_are_cut_all_the_same() -> None:
    assert [text_length(part) for part in plains("x" + "\u0323" * 5000)] == [4096, 905]


def test_tags_are_closed_at_the_end_of_a_part_and_opened_in_the_next() -> None:
    first, second = render(message(quote("Nguyên văn: ", bold(words(1100)))))
    assert first.html == f"<blockquote expandable>Nguyên văn: <b>{words(1021)}</b></blockquote>"
    assert second.html == f"<blockquote><b>{words(79)}</b></blockquote>"


def test_no_part_is_blank() -> None:
    assert plains("một" + "\n" * 9000 + "hai" + "\u200b" * 5000) == ["một", "hai" + "\u200b" * 4093]


@pytest.mark.parametrize("text", ["", "\n \n", "\x00", "\u200b\ufeff"])
def test_a_message_with_nothing_to_see_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="neither text nor a file"):
        render(Message(paragraphs=lines(text), actions=(row("a"),), asks_phone=True))


# Buttons and the phone keyboard.


def test_buttons_stand_on_the_last_part_as_given() -> None:
    rows = (row("Đã nhận", "Đã xong"), row("Hỏi thêm"))
    parts = render(plain(words(2500), *rows))
    assert show(parts, lambda part: part.buttons) == [(), (), rows]


def test_rows_and_buttons_keep_to_what_a_keyboard_holds() -> None:
    [part] = render(plain("Chọn:", row(*"abcdefghi"), (), row(*(str(number) for number in range(120)))))
    assert [len(buttons) for buttons in part.buttons] == [8, 1, *[8] * 11, 3]
    assert part.buttons[0] == row(*"abcdefgh") and part.buttons[-1] == row("88", "89", "90")


def test_phone_and_hiding_stand_on_the_last_part() -> None:
    asking = render(message(line(words(1100)), asks_phone=True))
    assert show(asking, lambda part: part.asks_phone) == [False, True]
    hiding = render(message(line(words(1100)), hides_keyboard=True))
    assert show(hiding, lambda part: part.hides_keyboard) == [False, True]


def test_buttons_send_the_phone_keyboard_one_part_before() -> None:
    parts = render(message(line(words(2500)), actions=(row("a"),), asks_phone=True, hides_keyboard=True))
    assert show(parts, lambda part: part.asks_phone) == [False, True, False]
    assert show(parts, lambda part: part.buttons) == [(), (), (row("a"),)]
    assert not any(part.hides_keyboard for part in parts)


def test_buttons_on_the_only_part_give_the_phone_keyboard_a_part_of_its_own() -> None:
    invitation = Part(html=wording.TELEGRAM_PHONE_INVITATION, plain=wording.TELEGRAM_PHONE_INVITATION, asks_phone=True)
    parts = render(message(line("Xin chào"), actions=(row("a"),), asks_phone=True))
    assert parts == [invitation, Part(html="Xin chào", plain="Xin chào", buttons=(row("a"),))]


def test_hiding_goes_before_buttons_or_not_at_all() -> None:
    long = render(message(line(words(1100)), actions=(row("a"),), hides_keyboard=True))
    assert show(long, lambda part: part.hides_keyboard) == [True, False]
    assert render(message(line("một"), actions=(row("a"),), hides_keyboard=True)) == render(plain("một", row("a")))


# Files.


def test_one_file_takes_a_short_text_as_its_caption() -> None:
    sent = file()
    parts = render(message(line("Kèm ", bold("tệp")), actions=(row("a"),), attachments=(sent,)))
    assert parts == [Part(html="Kèm <b>tệp</b>", plain="Kèm tệp", buttons=(row("a"),), attachment=sent)]
    assert len(render(message(line("😀" * 512), attachments=(sent,)))) == 1


def test_a_text_too_long_for_a_caption_goes_before_the_file_with_the_buttons() -> None:
    sent, said = file(), "😀" * 512 + "a"
    parts = render(message(line(said), actions=(row("a"),), attachments=(sent,)))
    assert parts == [Part(html=said, plain=said, buttons=(row("a"),)), Part(html="", plain="", attachment=sent)]


def test_several_files_follow_the_text() -> None:
    parts = render(message(line("Kèm:"), actions=(row("a"),), asks_phone=True, attachments=(file(), file())))
    assert show(parts, lambda part: (part.asks_phone, part.buttons, part.attachment)) == [
        (True, (), None),
        (False, (row("a"),), None),
        (False, (), file()),
        (False, (), file()),
    ]


def test_files_without_text_have_the_buttons_on_the_last() -> None:
    parts = render(message(actions=(row("a"),), asks_phone=True, attachments=(file(), file())))
    assert parts == [
        Part(html="", plain="", attachment=file(), asks_phone=True),
        Part(html="", plain="", attachment=file(), buttons=(row("a"),)),
    ]


def test_a_large_picture_goes_as_a_document() -> None:
    sizes = (10 * MB, 10 * MB + 1)
    parts = render(message(attachments=(file(), *(file(size, is_picture=True) for size in sizes))))
    assert show(parts, lambda part: part.as_picture) == [False, True, False]


def test_a_file_too_large_to_send_is_named_in_the_text() -> None:
    sent = file(50 * MB)
    [part] = render(message(line("Kèm:"), attachments=(file(50 * MB + 1, name="a&b.pdf"), sent)))
    assert part.attachment == sent
    assert part.html == (
        "Kèm:\nTệp «a&amp;b.pdf» nặng 50,1 MB, Telegram chỉ cho gửi đến 50 MB; xin tải trên trang nội bộ hoặc hỏi đơn vị đầu mối."
    )
    assert [part.attachment for part in render(message(attachments=(file(60 * MB),)))] == [None]


# Whatever is said.

SPOKEN = st.one_of(
    st.text(max_size=40),
    # Few kinds of characters, so that they meet: markup, marks, joiners, emoji, blanks, ends of sentences, what is dropped.
    st.text("aệ<>&\u0302\u0323\u200d\u200b😀👩. !»\n\t\xa0\x00\r\ud83d", max_size=60),
    # Long runs, which have to be cut.
    st.builds(lambda piece, times: piece * times, st.text("aệ<&\u0323\u200d😀. \n", min_size=1, max_size=12), st.integers(1, 900)),
)
PARAGRAPHS = st.builds(
    lambda spans, is_quote: Paragraph(spans=tuple(spans), is_quote=is_quote),
    st.lists(st.builds(lambda text, style: Span(text=text, style=style), SPOKEN, st.sampled_from(Style)), max_size=4),
    st.booleans(),
)
SIZES = st.sampled_from([1, 10 * MB + 1, 50 * MB])
MESSAGES = st.builds(
    lambda paragraphs, **rest: message(line("Kính gửi:"), *paragraphs, **rest),
    st.lists(PARAGRAPHS, max_size=5),
    actions=st.lists(st.integers(0, 20).map(lambda count: row(*map(str, range(count)))), max_size=8),
    attachments=st.lists(st.builds(file, SIZES, is_picture=st.booleans()), max_size=2),
    asks_phone=st.booleans(),
    hides_keyboard=st.booleans(),
)
DROPPED = re.compile(r"[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]")
# Besides blanks, what nobody sees may be missing where a whole part would consist of it.
UNSEEN = re.compile(r"[\s\u200b\u200d]+")


def composed(text: str) -> str:
    return unicodedata.normalize("NFC", text)


@given(MESSAGES)
def test_every_part_is_valid_html_of_its_plain_text_within_the_limits(given: Message) -> None:
    for part in render(given):
        assert read_html(part.html) == part.plain == part.plain.strip()
        assert not DROPPED.search(part.plain)
        assert UNSEEN.sub("", part.plain) or (part.attachment and not part.html)
        assert text_length(part.plain) <= (1024 if part.attachment else 4096)


@given(MESSAGES)
def test_all_words_are_said_once_and_in_order(given: Message) -> None:
    invitation = Part(html=wording.TELEGRAM_PHONE_INVITATION, plain=wording.TELEGRAM_PHONE_INVITATION, asks_phone=True)
    said = [part.plain for part in render(given) if part != invitation]
    assert composed(UNSEEN.sub("", "".join(said))) == composed(UNSEEN.sub("", DROPPED.sub("", given.text)))


@given(st.lists(st.text("aệ.&😀", min_size=1), min_size=1, max_size=20), st.integers(1, 200), st.sampled_from([" ", "\n", "\n\n"]))
def test_words_shorter_than_a_part_are_never_torn(some: list[str], times: int, between: str) -> None:
    spoken = some * times
    assert [word for part in plains(between.join(spoken)) for word in part.split()] == spoken


@given(MESSAGES)
def test_a_call_takes_one_keyboard_and_buttons_come_after_all_text(given: Message) -> None:
    parts = render(given)
    assert all(bool(part.buttons) + part.asks_phone + part.hides_keyboard <= 1 for part in parts)
    assert all(len(buttons) in range(1, 9) for part in parts for buttons in part.buttons)
    last = max(number for number, part in enumerate(parts) if part.plain)
    wanted = [action for actions in given.actions for action in actions][:100]
    assert [action for buttons in parts[last].buttons for action in buttons] == wanted
    assert not any(part.buttons for number, part in enumerate(parts) if number != last)
    assert any(part.asks_phone for part in parts) == given.asks_phone
