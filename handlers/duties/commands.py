"""What can be said here, as it is typed."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from handlers.command import Command
from handlers.duties import card, correcting, deciding, listing, making, putting_off
from handlers.permissions import Right

_CODE, _PAGE, _COUNT = r"(pv ?\d{1,9})", r"(\d{1,4})", r"(\d{1,6})"
_PUT_OFF = r"(?:doi|lui|gia|keo dai)(?: han| ngay| thoi han)?"
# With a day, and not as a question: «giao việc STC báo cáo hạn 20/1», but «giao việc cho ai», «… hạn khi nào».
_DAY = r"(?:\d|mai\b|cuoi|het|thu |chu nhat)"
_ASKS = r"(?:gi|nao|ai|may|khong|chua|bao gio|bao nhieu)"
_NO_COLON = rf"/?giao ?viec (?!gi\b|cho ai\b|.*\bnao\b|.*\b{_ASKS}$)[^:?]*\b(?:han|truoc|cham nhat)\b[^:?]*{_DAY}[^:?]*"
_OPEN = r"(?:\s*[:,]\s*|\s+)(.+)"


def _command(name: str, pattern: str, run: Callable[..., Awaitable[None]]) -> Command:
    return Command(name, pattern, Right.MANAGE_DUTIES, run, is_private=True)


COMMANDS: tuple[Command, ...] = (
    _command("proposals", rf"(?:/?giao ?viec|viec de xuat)(?: trang {_PAGE})?", listing.show_list),
    Command("duty_card", rf"xem {_CODE}", Right.SEE_DUTIES, card.open_card, is_private=True),
    _command("duty_members", rf"co quan {_CODE}(?: trang {_PAGE})?", card.show_members),
    _command("duty_confirm", rf"xac nhan {_CODE}", deciding.confirm_one),
    _command("duty_preview", r"xac nhan (?:ca )?van ban #?(\d{1,9})", deciding.preview_document),
    _command("duty_preview", r"xac nhan tat ca", deciding.preview_all),
    _command("duty_confirm", rf"xac nhan {_COUNT} phan viec van ban #?(\d{{1,9}})", deciding.confirm_document),
    _command("duty_confirm", rf"xac nhan {_COUNT} phan viec tat ca", deciding.confirm_all),
    _command("duty_members_added", rf"bo sung co quan {_CODE}", deciding.add_members),
    _command("duty_move", rf"(?:doi|doi lai|sua) han {_CODE}(?:{_OPEN})?", correcting.move),
    # Not theirs alone: a focal point asks for a later day in these words.
    Command("duty_put_off", rf"{_PUT_OFF} {_CODE} ((?:den|sang|toi|qua|thanh) .+)", Right.ASK, putting_off.put_off),
    _command("duty_drop", rf"bo {_CODE}(?:{_OPEN})?", correcting.drop),
    _command("duty_close", rf"dong {_CODE}(?:{_OPEN})?", correcting.close),
    _command("duty_reopen", rf"mo lai {_CODE}(?:{_OPEN})?", correcting.reopen),
    _command("duty_give", rf"giao {_CODE}(?: cho (.+))?", correcting.give),
    _command("duty_task", rf"sua {_CODE}(?:\s*[:,]\s*(.*))?", correcting.correct),
    _command("duty_ladder", rf"nhac {_CODE} (?:nhu thuong|nhu thuong le|nhu cu|theo lich chung)", correcting.usual_ladder),
    _command("duty_ladder", rf"nhac {_CODE}(?: (.+))?", correcting.set_ladder),
    _command("duty_stop", rf"(?:ngung|ngung viec|thoi|dung) lap {_CODE}", correcting.stop),
    _command("duty_close_all", r"dong (?:cac|tat ca) (?:phan )?viec (?:cua )?van ban #?(\d{1,9})", correcting.close_document),
    _command("duty_close_all", rf"dong {_COUNT} viec (?:cua )?van ban #?(\d{{1,9}})", correcting.close_document_surely),
    _command("duty_draft", r"/?giao ?viec(?: (?:cho )?([^:]{1,400}?))?\s*:\s*(.*)", making.read_draft),
    _command("duty_draft", _NO_COLON, making.explain),
    _command("duty_draft", r"co quan viec (\S.{0,50})", making.choose_agency),
    _command("duty_draft_day", r"han viec\s*:?\s+(.+)", making.set_day),
    _command("duty_make", r"tao viec ([0-9a-f]{8})", making.make),
)
