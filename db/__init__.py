"""The tables with their queries, migrations and files."""
