"""What can be said here, as it is typed. How a duty stands may be said in any words: `listening` understands those."""

from __future__ import annotations

from handlers.command import Command, numbered
from handlers.permissions import Right
from handlers.replies import evidence
from handlers.replies.card import show_history
from handlers.replies.explaining import explain_reminders
from handlers.replies.extending import ask_other_day, grant, refuse
from handlers.replies.listening import choose, open_duty
from handlers.replies.listing import show_duties
from handlers.replies.owning import confirm_not_ours, give_back, leave
from handlers.replies.undoing import undo, undo_request

_CODE, _REQUEST = r"pv ?(\d{1,9})", r"gh ?(\d{1,9})"
_REST = r"(?:[\s:,.\-]+(.+))?"
COMMANDS: tuple[Command, ...] = (
    Command(
        "evidence",
        r"(?:/?tep|minh chung)(?: cua)? (pv ?\d{1,9})(?: trang (\d{1,4}))?",
        Right.SEE_DUTIES,
        evidence.files_of_duty,
        is_private=True,
    ),
    Command("duties", r"/viec(?: trang (\d{1,4}))?", Right.SEE_DUTIES, show_duties, is_private=True),
    Command(
        "duties", r"(?:xem )?(?:cac )?(?:phan )?viec(?: cua)? (?:toi|co quan|so|don vi)", Right.SEE_DUTIES, show_duties, is_private=True
    ),
    Command("duty", rf"/?(?:tra loi )?{_CODE}", Right.SEE_DUTIES, open_duty, is_private=True),
    Command("history", rf"lich su {_CODE}(?: trang (\d{{1,4}}))?", Right.SEE_DUTIES, show_history, is_private=True),
    Command(
        "why",
        rf"(?:vi|tai) sao (?:khong |chua |co |duoc |lai |toi )*(?:nhac )(?:toi )?{_CODE}",
        Right.SEE_DUTIES,
        explain_reminders,
        is_private=True,
    ),
    Command(
        "why", rf"(?:vi|tai) sao {_CODE} (?:khong |chua |co |duoc |lai |bi )*nhac\??", Right.SEE_DUTIES, explain_reminders, is_private=True
    ),
    Command("choose", rf"ve {_CODE}", Right.REPORT, numbered(choose), is_private=True),
    Command("leave", rf"thoi {_CODE}", Right.REPORT, leave, is_private=True),
    Command("undo", r"hoan tac(?: #?(\d{1,9}))?", Right.REPORT, undo, is_private=True),
    Command("undo", rf"hoan tac {_REQUEST}", Right.REPORT, undo_request, is_private=True),
    Command("not_ours", rf"xac nhan khong phai viec {_CODE}", Right.REPORT, confirm_not_ours, is_private=True),
    Command("give_back", rf"tra lai {_CODE}{_REST}", Right.MANAGE_DUTIES, give_back, is_private=True),
    Command("grant", rf"dong y {_REQUEST}(?: (?:den|toi) (.+))?", Right.MANAGE_DUTIES, grant, is_private=True),
    Command("grant", rf"(?:gia han )?{_REQUEST} (?:den|toi|sang) (.+)", Right.MANAGE_DUTIES, grant, is_private=True),
    Command("refuse", rf"(?:tu choi|khong dong y) {_REQUEST}{_REST}", Right.MANAGE_DUTIES, refuse, is_private=True),
    Command("other_day", rf"ngay khac {_REQUEST}", Right.MANAGE_DUTIES, ask_other_day, is_private=True),
)
