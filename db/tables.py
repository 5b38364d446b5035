"""Every table, in one import: for migrations, and wherever all of them must be known."""

from sqlalchemy import Index, text

from db.conversations import Conversation, Inquiry
from db.documents import Document, Passage, Rendition, Version
from db.duties import Duty
from db.facts import Abbreviation, Assignment, Relation, Result, Target
from db.files import StoredFile
from db.people import Agency
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
    Duty,
    Conversation,
    Inquiry,
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
