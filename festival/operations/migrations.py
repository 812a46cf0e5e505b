"""Is the database of this release, and how is it brought there? `flask db …` is Flask-Migrate's.

Alembic costs as much to import as a room, so only this module knows it, loaded for `flask db` and `flask serve`.
"""

from __future__ import annotations

import click
from alembic.script import ScriptDirectory
from alembic.util.exc import CommandError
from flask import Flask, current_app, g
from flask.cli import with_appcontext
from flask_migrate import Migrate
from flask_migrate import cli as migrate_cli
from sqlalchemy import inspect, text

from config import ROOT
from festival.core.database import db
from festival.core.pass_key import guard

MIGRATIONS = str(ROOT / "migrations")


def init_migrations(app: Flask) -> None:
    """Tell Flask-Migrate where the migrations are."""
    Migrate(app, db, directory=MIGRATIONS, render_as_batch=True, compare_type=True)


def known(revision: str) -> bool:
    """Whether this release has that migration; one of a later release is not known."""
    try:
        ScriptDirectory(MIGRATIONS).get_revision(revision)
    except CommandError:
        return False
    return True


def last_revision() -> str | None:
    """The last migration of this release."""
    return ScriptDirectory(MIGRATIONS).get_current_head()


def up_to_date() -> bool:
    """Whether the last migration has run; a database of a later release is refused, whatever was to be done with it."""
    with db.engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return False
        found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    if found is None:
        return False
    if not known(str(found)):
        raise click.ClickException(
            f"Cơ sở dữ liệu này do phiên bản mới hơn của chương trình ghi (bước {found}); bản đang chạy không hiểu. "
            "Chưa đổi gì: cài bản mới rồi chạy lại, hoặc khôi phục bản sao cũ vào cơ sở dữ liệu khác."
        )
    return str(found) == last_revision()


@click.group("db", commands=migrate_cli.db.commands)
@with_appcontext
def db_cli() -> None:
    """Bảng của cơ sở dữ liệu: nâng cấp, hạ cấp, xem phiên bản."""
    init_migrations(current_app)
    g.directory, g.x_arg = None, ()  # what Flask-Migrate's own group leaves for its commands
    up_to_date()
    guard.assure()
