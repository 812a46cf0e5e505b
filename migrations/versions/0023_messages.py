"""The organiser announces something; a delegation's message is ticked as sent; a letter knows its language and its family

Letters of before are in Vietnamese and of no family that is known.

Revision: 0023
After: 0022
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

WHOLE_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.TIMESTAMP(timezone=True).with_variant(sa.Text(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "announcement",
        sa.Column("id", WHOLE_NUMBER, nullable=False),
        sa.Column("festival_id", WHOLE_NUMBER, nullable=False),
        sa.Column("typed_key", sa.Text(), nullable=False),
        sa.Column("audience", sa.Text(), nullable=False),
        sa.Column("delegation_id", WHOLE_NUMBER, nullable=True),
        sa.Column("entry_code", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("until", MOMENT, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("version", WHOLE_NUMBER, nullable=False),
        sa.Column("earlier", sa.Text(), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("made_by", WHOLE_NUMBER, nullable=True),
        sa.Column("changed_at", MOMENT, nullable=True),
        sa.CheckConstraint("audience IN ('all', 'delegation', 'entry')", name=op.f("ck_announcement_audience_known")),
        sa.CheckConstraint("state IN ('standing', 'withdrawn')", name=op.f("ck_announcement_state_known")),
        sa.CheckConstraint(
            "(audience = 'delegation') = (delegation_id IS NOT NULL) AND (audience = 'entry') = (entry_code <> '')",
            name=op.f("ck_announcement_audience_named"),
        ),
        sa.CheckConstraint("words <> ''", name=op.f("ck_announcement_words_given")),
        sa.ForeignKeyConstraint(["festival_id"], ["festival.id"], name=op.f("fk_announcement_festival_id_festival")),
        sa.ForeignKeyConstraint(
            ["delegation_id"], ["delegation.id"], name=op.f("fk_announcement_delegation_id_delegation")
        ),
        sa.ForeignKeyConstraint(["made_by"], ["user_account.id"], name=op.f("fk_announcement_made_by_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_announcement")),
        sa.UniqueConstraint("typed_key", name=op.f("uq_announcement_typed_key")),
        sqlite_strict=True,
    )
    op.create_index("ix_announcement_until", "announcement", ["festival_id", "until"])
    op.create_table(
        "message_sent",
        sa.Column("delegation_id", WHOLE_NUMBER, nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("sent_at", MOMENT, nullable=False),
        sa.Column("sent_by", WHOLE_NUMBER, nullable=True),
        sa.ForeignKeyConstraint(
            ["delegation_id"],
            ["delegation.id"],
            name=op.f("fk_message_sent_delegation_id_delegation"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["sent_by"], ["user_account.id"], name=op.f("fk_message_sent_sent_by_user_account")),
        sa.PrimaryKeyConstraint("delegation_id", name=op.f("pk_message_sent")),
        sqlite_strict=True,
    )
    op.add_column("outbox_mail", sa.Column("language", sa.Text(), server_default="vi", nullable=False))
    op.add_column("outbox_mail", sa.Column("about", sa.Text(), server_default="", nullable=False))


def downgrade() -> None:
    op.drop_column("outbox_mail", "about")
    op.drop_column("outbox_mail", "language")
    op.drop_table("message_sent")
    op.drop_index("ix_announcement_until", table_name="announcement")
    op.drop_table("announcement")
