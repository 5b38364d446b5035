"""The steps that bring a database from each older shape to today's, oldest first."""

# Known without loading Alembic; a test compares it with the files in versions/.
REVISIONS = ("0001", "0002", "0003", "0004")
HEAD = REVISIONS[-1]
