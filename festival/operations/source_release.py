"""Of which release is a copy? Read in the copy itself, before anything is replaced by it."""

from __future__ import annotations

from pathlib import Path

from festival.operations.copies import dumped, open_readonly


def of_sqlite(path: Path) -> str | None:
    """The last migration that ran in a SQLite copy; none in one that has no tables of ours."""
    with open_readonly(f"file:{path.resolve()}?immutable=1") as connection:
        if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'").fetchone():
            return None
        found = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    return str(found[0]) if found else None


def of_dump(path: Path) -> str | None:
    """The same of PostgreSQL's dump."""
    return next((row["version_num"] for row in dumped(path, "alembic_version")), None)
