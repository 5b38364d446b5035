"""What can be said here, as it is typed."""

from __future__ import annotations

from handlers.command import Command
from handlers.permissions import Right
from handlers.staff import away, exporting, focal_points, replacing, silence
from handlers.staff.days import SPAN

_ME, _PHONE, _PAGE = r"(?:(?:toi|em|minh) )?(?:xin (?:phep )?)?", r"(\+?\d[\d .-]{7,15}\d)", r"(?: trang (\d{1,4}))"
# «nghỉ» alone is also asked of («nghỉ 30/4 đến 1/5»): it counts where somebody says it of themselves.
_AWAY = rf"/?({_ME}(?:vang(?: mat)?|nghi phep|nghi om|di cong tac)|(?:(?:toi|em|minh) (?:xin )?|xin )nghi)"
_BACK = r"(?:toi )?het vang(?: mat)?|toi (?:da )?(?:ve|di lam lai)(?: roi)?|huy vang(?: mat)?"
# Anybody of the list may say it of themselves.
_OWN = Right.SEE_DUTIES

COMMANDS: tuple[Command, ...] = (
    Command("away", rf"{_AWAY} ({SPAN})[.!]?", _OWN, away.note_own, is_private=True),
    # «vang» alone is as often «vâng».
    Command("away_how", rf"/vang(?: mat)?|{_ME}vang mat|(?:toi|em|minh) vang", _OWN, away.explain, is_private=True),
    Command("away", rf"/?vang(?: mat)? {_PHONE} ({SPAN})", Right.ARRANGE_STAFF, away.note_other, is_private=True),
    Command("back", _BACK, _OWN, away.end_own, is_private=True),
    Command("back", rf"(?:het|huy) vang(?: mat)? {_PHONE}", Right.ARRANGE_STAFF, away.end_other, is_private=True),
    Command("ask_silence", r"/?dung nhac(?: toi)?", _OWN, silence.ask, is_private=True),
    Command("keep_reminders", r"khong dung nhac", _OWN, silence.keep, is_private=True),
    Command("silence", r"dung nhac(?: toi)? chac chan", _OWN, silence.silence, is_private=True),
    Command("end_silence", r"/?bat nhac(?: lai)?|nhac lai toi|nhac toi", _OWN, silence.end, is_private=True),
    Command(
        "replace",
        rf"/?thay {_PHONE}\s+bang\s+{_PHONE}(?:[\s,:–-]+(\D.*))?",
        Right.ARRANGE_STAFF,
        replacing.replace_in_talk,
        is_private=True,
    ),
    Command("focal_points", rf"/dau ?moi{_PAGE}?|dau moi{_PAGE}", Right.MANAGE_PEOPLE, focal_points.show_list, is_private=True),
    Command("agency_staff", r"/dau ?moi\s+(.+)", Right.ARRANGE_STAFF, focal_points.show_agency, is_private=True),
    # Most of what begins so is a question, and anybody's.
    Command("ask", r"(dau moi (?:cua )?(.+))", Right.ASK, focal_points.show_agency_or_answer),
    Command("unreached", rf"/?khong ?lien ?he{_PAGE}?", Right.MANAGE_PEOPLE, focal_points.show_unreached, is_private=True),
    Command("export_unreached", r"xuat khong lien he", Right.MANAGE_PEOPLE, exporting.export_unreached, is_private=True),
)
