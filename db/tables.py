"""Every table, in one import: for migrations, and wherever all of them must be known."""

from sqlalchemy import Index, text

from db.accounts import Account, Invitation
from db.approved import ApprovedAnswer
from db.audit import AuditEntry
from db.conversations import Conversation, Inquiry
from db.demo import DemoClock
from db.documents import Document, Passage, Rendition, Version
from db.duties import Duty
from db.facts import Abbreviation, Assignment, Relation, Result, Target
from db.files import StoredFile
from db.inbox import InboxRow
from db.leases import Lease
from db.nudges import Escalation, Nudge
from db.outbox import Gate, MessageFile, OutboxRow
from db.people import Agency, Contact
from db.periodic import PeriodicNotice
from db.prompts import Prompt
from db.reports import DutyChange, Evidence, Extension, StatusReport
from db.schema import Row, table_of

TABLES: tuple[type[Row], ...] = (
    StoredFile,
    Document,
    Version,
    Rendition,
    Passage,
    Target,
    Result,
    Assignment,
    Relation,
    Abbreviation,
    Agency,
    Contact,
    Account,
    Invitation,
    Duty,
    Conversation,
    Inquiry,
    AuditEntry,
    InboxRow,
    OutboxRow,
    MessageFile,
    Gate,
    ApprovedAnswer,
    DemoClock,
    StatusReport,
    Evidence,
    Extension,
    DutyChange,
    Nudge,
    Escalation,
    PeriodicNotice,
    Lease,
    Prompt,
)
METADATA = Row.metadata

# Partial indexes stand here, where only migrations look: naming one for both databases loads both dialects, which
# beside its table would cost every start 60 ms.
Index(
    "ix_version_current",
    table_of(Version).c.document_id,
    unique=True,
    sqlite_where=text("is_current"),
    postgresql_where=text("is_current"),
)
Index(
    "ix_outbox_in_flight",
    table_of(OutboxRow).c.channel,
    table_of(OutboxRow).c.bot_id,
    table_of(OutboxRow).c.recipient,
    unique=True,
    sqlite_where=text("state = 'sending'"),
    postgresql_where=text("state = 'sending'"),
)
