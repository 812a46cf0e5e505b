"""Posts with their texts and pictures; the help lines of an edition.

Revision: 0082
After: 0081
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0082"
down_revision = "0081"
branch_labels = None
depends_on = None

WHOLE_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
FLAG = sa.Boolean(create_constraint=False).with_variant(sa.Integer(), "sqlite")
MOMENT = sa.TIMESTAMP(timezone=True).with_variant(sa.Text(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "help_table",
        sa.Column("festival_id", WHOLE_NUMBER, nullable=False),
        sa.Column("version", WHOLE_NUMBER, nullable=False),
        sa.Column("lines", sa.Text(), nullable=True),
        sa.Column("earlier", sa.Text(), nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.Column("changed_by", WHOLE_NUMBER, nullable=True),
        sa.CheckConstraint("version > 0", name=op.f("ck_help_table_version_counted")),
        sa.ForeignKeyConstraint(["festival_id"], ["festival.id"], name=op.f("fk_help_table_festival_id_festival")),
        sa.ForeignKeyConstraint(["changed_by"], ["user_account.id"], name=op.f("fk_help_table_changed_by_user_account")),
        sa.PrimaryKeyConstraint("festival_id", name=op.f("pk_help_table")),
        sqlite_strict=True,
    )
    op.create_table(
        "post",
        sa.Column("id", WHOLE_NUMBER, nullable=False),
        sa.Column("festival_id", WHOLE_NUMBER, nullable=False),
        sa.Column("typed_key", sa.Text(), nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("version", WHOLE_NUMBER, nullable=False),
        sa.Column("shown", WHOLE_NUMBER, nullable=True),
        sa.Column("step", WHOLE_NUMBER, nullable=False),
        sa.Column("first_shown_at", MOMENT, nullable=True),
        sa.Column("shown_at", MOMENT, nullable=True),
        sa.Column("down_why", sa.Text(), nullable=False),
        sa.CheckConstraint("version > 0 AND step > 0", name=op.f("ck_post_counted")),
        sa.CheckConstraint("shown IS NULL OR (shown > 0 AND shown <= version)", name=op.f("ck_post_shown_is_written")),
        sa.CheckConstraint("shown IS NULL OR (shown_at IS NOT NULL AND down_why = '')", name=op.f("ck_post_shown_since")),
        sa.ForeignKeyConstraint(["festival_id"], ["festival.id"], name=op.f("fk_post_festival_id_festival")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_post")),
        sa.UniqueConstraint("slug", name=op.f("uq_post_slug")),
        sa.UniqueConstraint("typed_key", name=op.f("uq_post_typed_key")),
        sqlite_strict=True,
    )
    op.create_index("ix_post_festival", "post", ["festival_id"])
    op.create_table(
        "post_version",
        sa.Column("id", WHOLE_NUMBER, nullable=False),
        sa.Column("post_id", WHOLE_NUMBER, nullable=False),
        sa.Column("version", WHOLE_NUMBER, nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("pictures", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("by_user", WHOLE_NUMBER, nullable=True),
        sa.CheckConstraint("title <> ''", name=op.f("ck_post_version_title_given")),
        sa.CheckConstraint("version > 0", name=op.f("ck_post_version_version_counted")),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], name=op.f("fk_post_version_post_id_post")),
        sa.ForeignKeyConstraint(["by_user"], ["user_account.id"], name=op.f("fk_post_version_by_user_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_post_version")),
        sa.UniqueConstraint("post_id", "version", name=op.f("uq_post_version_post_id_version")),
        sqlite_strict=True,
    )
    op.create_table(
        "post_picture",
        sa.Column("id", WHOLE_NUMBER, nullable=False),
        sa.Column("post_id", WHOLE_NUMBER, nullable=False),
        sa.Column("children", FLAG, nullable=False),
        sa.Column("agreed", sa.Text(), nullable=False),
        sa.Column("put_at", MOMENT, nullable=False),
        sa.Column("put_by", WHOLE_NUMBER, nullable=True),
        sa.CheckConstraint("children IN (FALSE, TRUE)", name=op.f("ck_post_picture_children_flag")),
        sa.CheckConstraint("NOT children OR agreed <> ''", name=op.f("ck_post_picture_children_agreed")),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], name=op.f("fk_post_picture_post_id_post")),
        sa.ForeignKeyConstraint(["put_by"], ["user_account.id"], name=op.f("fk_post_picture_put_by_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_post_picture")),
        sqlite_strict=True,
    )
    op.create_index("ix_post_picture_post", "post_picture", ["post_id"])
    op.create_table(
        "post_picture_file",
        sa.Column("id", WHOLE_NUMBER, nullable=False),
        sa.Column("picture_id", WHOLE_NUMBER, nullable=False),
        sa.Column("size", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.CheckConstraint("size IN ('small', 'middle', 'large')", name=op.f("ck_post_picture_file_size_known")),
        sa.ForeignKeyConstraint(
            ["picture_id"], ["post_picture.id"], name=op.f("fk_post_picture_file_picture_id_post_picture"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_post_picture_file")),
        sa.UniqueConstraint("picture_id", "size", name=op.f("uq_post_picture_file_picture_id_size")),
        sqlite_strict=True,
    )


def downgrade() -> None:
    for name in ("post_picture_file", "post_picture", "post_version", "post", "help_table"):
        op.drop_table(name)
