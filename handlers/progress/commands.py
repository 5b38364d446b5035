"""What can be said here, as it is typed."""

from __future__ import annotations

from handlers.command import Command
from handlers.permissions import Right
from handlers.progress.reporting import send_report
from handlers.progress.showing import show_progress

COMMANDS: tuple[Command, ...] = (
    Command("progress", r"/tien ?do(?:\s+(.+))?", Right.SEE_PROGRESS, show_progress, is_private=True),
    # Without the slash only as it stands: with more words it is a question about the plan.
    Command("progress", r"(?:xem )?tien do(?: cong viec| nhiem vu)?", Right.SEE_PROGRESS, show_progress, is_private=True),
    Command("report", r"/bao ?cao(?:\s+(.+))?", Right.SEE_PROGRESS, send_report, is_private=True),
    # A report is asked for by its days; «báo cáo PV12 …» is an answer about a duty.
    Command("report", r"bao cao ((?:tu |ngay )*\d{1,2}[/.-]\d.*)", Right.SEE_PROGRESS, send_report, is_private=True),
)
