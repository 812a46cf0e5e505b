"""What does a contest ask of its acts, what was said of each, which files came with it?

Revision: 0051
After: 0050
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0051"
down_revision = "0050"
branch_labels = None
depends_on = None

WHOLE_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.TIMESTAMP(timezone=True).with_variant(sa.Text(), "sqlite")
FLAG = sa.Boolean(create_constraint=False).with_variant(sa.Integer(), "sqlite")


def _key(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}_{target}"))


def _check(table: str, name: str, rule: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(rule, name=op.f(f"ck_{table}_{name}"))


def upgrade() -> None:
    op.create_table(
        "act_asking",
        sa.Column("contest_id", WHOLE_NUMBER, nullable=False),
        sa.Column("asked", sa.Text(), nullable=False),
        sa.Column("until", MOMENT, nullable=True),
        sa.Column("version", WHOLE_NUMBER, nullable=False),
        _key("act_asking", "contest_id", "contest"),
        sa.PrimaryKeyConstraint("contest_id", name=op.f("pk_act_asking")),
        sqlite_strict=True,
    )
    op.create_table(
        "act_version",
        sa.Column("id", WHOLE_NUMBER, nullable=False),
        sa.Column("entry_id", WHOLE_NUMBER, nullable=False),
        sa.Column("family_id", WHOLE_NUMBER, nullable=True),
        sa.Column("version", WHOLE_NUMBER, nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("genre", sa.Text(), nullable=False),
        sa.Column("minutes", WHOLE_NUMBER, nullable=True),
        sa.Column("props", sa.Text(), nullable=False),
        sa.Column("microphones", WHOLE_NUMBER, nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("said", sa.Text(), nullable=False),
        sa.Column("told_how", sa.Text(), nullable=False),
        sa.Column("told_by", WHOLE_NUMBER, nullable=True),
        sa.Column("told_at", MOMENT, nullable=False),
        _check("act_version", "version_counted", "version > 0"),
        _check("act_version", "minutes_plausible", "minutes IS NULL OR minutes BETWEEN 1 AND 240"),
        _check("act_version", "microphones_plausible", "microphones IS NULL OR microphones BETWEEN 0 AND 50"),
        _key("act_version", "entry_id", "entry"),
        _key("act_version", "family_id", "family"),
        _key("act_version", "told_by", "user_account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_act_version")),
        sa.UniqueConstraint("entry_id", "version", name=op.f("uq_act_version_entry_id_version")),
        sqlite_strict=True,
    )
    op.create_index("ix_act_version_family", "act_version", ["family_id"])
    op.create_table(
        "act_file",
        sa.Column("id", WHOLE_NUMBER, nullable=False),
        sa.Column("entry_id", WHOLE_NUMBER, nullable=False),
        sa.Column("family_id", WHOLE_NUMBER, nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("number", WHOLE_NUMBER, nullable=False),
        sa.Column("key", sa.Text(), nullable=True),
        sa.Column("format", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("size", WHOLE_NUMBER, nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("length_ms", WHOLE_NUMBER, nullable=False),
        sa.Column("standing", FLAG, nullable=False),
        sa.Column("put_how", sa.Text(), nullable=False),
        sa.Column("put_by", WHOLE_NUMBER, nullable=True),
        sa.Column("put_at", MOMENT, nullable=False),
        _check("act_file", "kind_known", "kind IN ('track', 'photo')"),
        _check("act_file", "counted", "number > 0 AND size >= 0 AND length_ms >= 0"),
        _check("act_file", "format_known", "format IN ('mp3', 'm4a', 'wav', 'mp4', 'jpeg', 'usb')"),
        _check("act_file", "standing_flag", "standing IN (FALSE, TRUE)"),
        _key("act_file", "entry_id", "entry"),
        _key("act_file", "family_id", "family"),
        _key("act_file", "put_by", "user_account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_act_file")),
        sa.UniqueConstraint("entry_id", "kind", "number", name=op.f("uq_act_file_entry_id_kind_number")),
        sa.UniqueConstraint("key", name=op.f("uq_act_file_key")),
        sqlite_strict=True,
    )
    op.create_index("ix_act_file_family", "act_file", ["family_id"])
    op.create_index(
        "uq_act_file_standing",
        "act_file",
        ["entry_id", "kind"],
        unique=True,
        sqlite_where=sa.text("standing"),
        postgresql_where=sa.text("standing"),
    )
    op.create_table(
        "act_upload",
        sa.Column("id", WHOLE_NUMBER, nullable=False),
        sa.Column("entry_id", WHOLE_NUMBER, nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("size", WHOLE_NUMBER, nullable=False),
        sa.Column("put_how", sa.Text(), nullable=False),
        sa.Column("put_by", WHOLE_NUMBER, nullable=True),
        sa.Column("begun_at", MOMENT, nullable=False),
        sa.Column("done_at", MOMENT, nullable=True),
        _check("act_upload", "size_some", "size > 0"),
        _key("act_upload", "entry_id", "entry"),
        _key("act_upload", "put_by", "user_account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_act_upload")),
        sa.UniqueConstraint("code", name=op.f("uq_act_upload_code")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_act_upload_token_hash")),
        sqlite_strict=True,
    )
    op.create_index("ix_act_upload_entry", "act_upload", ["entry_id"])


def downgrade() -> None:
    for table in ("act_upload", "act_file", "act_version", "act_asking"):
        op.drop_table(table)
