"""Devices of the ground: the contests they type, what they typed beside the result, and who has seen the result

Revision: 0030
After: 0027
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0027"
branch_labels = None
depends_on = None

WHOLE_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.TIMESTAMP(timezone=True).with_variant(sa.Text(), "sqlite")
YES_NO = sa.Boolean().with_variant(sa.Integer(), "sqlite")
STATES = "state IN ('valid', 'dns', 'dnf', 'dsq')"


def _key(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}_{target}"))


def upgrade() -> None:
    op.add_column("contest", sa.Column("counters", WHOLE_NUMBER, server_default="1", nullable=False))
    op.add_column("contest", sa.Column("counters_apart", WHOLE_NUMBER, server_default="0", nullable=False))
    op.add_column("contest", sa.Column("counters_take", sa.Text(), server_default="later", nullable=False))
    op.create_table(
        "ground_contest",
        sa.Column("device_id", WHOLE_NUMBER, nullable=False),
        sa.Column("contest_id", WHOLE_NUMBER, nullable=False),
        sa.Column("given_by", WHOLE_NUMBER, nullable=True),
        sa.Column("given_at", MOMENT, nullable=False),
        _key("ground_contest", "device_id", "device"),
        _key("ground_contest", "contest_id", "contest"),
        _key("ground_contest", "given_by", "user_account"),
        sa.PrimaryKeyConstraint("device_id", "contest_id", name=op.f("pk_ground_contest")),
        sqlite_strict=True,
    )
    op.create_table(
        "ground_reading",
        sa.Column("id", WHOLE_NUMBER, nullable=False),
        sa.Column("mid", sa.Text(), nullable=False),
        sa.Column("entry_id", WHOLE_NUMBER, nullable=False),
        sa.Column("round", WHOLE_NUMBER, nullable=False),
        sa.Column("device_id", WHOLE_NUMBER, nullable=False),
        sa.Column("met_version", WHOLE_NUMBER, nullable=False),
        sa.Column("state", sa.Text(), nullable=True),
        sa.Column("value", WHOLE_NUMBER, nullable=True),
        sa.Column("became", sa.Text(), nullable=False),
        sa.Column("received_at", MOMENT, nullable=False),
        sa.CheckConstraint(
            "(state IS NOT NULL AND state = 'valid') = (value IS NOT NULL)",
            name=op.f("ck_ground_reading_value_when_valid"),
        ),
        sa.CheckConstraint("value IS NULL OR value >= 0", name=op.f("ck_ground_reading_not_negative")),
        sa.CheckConstraint("round >= 1 AND met_version >= 0", name=op.f("ck_ground_reading_counted")),
        sa.CheckConstraint(STATES, name=op.f("ck_ground_reading_state_known")),
        sa.CheckConstraint(
            "became IN ('counted', 'offered', 'settled', 'refused')", name=op.f("ck_ground_reading_became_known")
        ),
        _key("ground_reading", "entry_id", "entry"),
        _key("ground_reading", "device_id", "device"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ground_reading")),
        sa.UniqueConstraint("mid", name=op.f("uq_ground_reading_mid")),
        sqlite_strict=True,
    )
    op.create_index("ix_ground_reading_entry", "ground_reading", ["entry_id", "round"])
    op.create_table(
        "measure_seen",
        sa.Column("id", WHOLE_NUMBER, nullable=False),
        sa.Column("entry_id", WHOLE_NUMBER, nullable=False),
        sa.Column("round", WHOLE_NUMBER, nullable=False),
        sa.Column("version", WHOLE_NUMBER, nullable=False),
        sa.Column("how", sa.Text(), nullable=False),
        sa.Column("agrees", YES_NO, nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("device_id", WHOLE_NUMBER, nullable=True),
        sa.Column("noted_by", WHOLE_NUMBER, nullable=True),
        sa.Column("seen_at", MOMENT, nullable=False),
        sa.CheckConstraint("version >= 1 AND round >= 1", name=op.f("ck_measure_seen_counted_from_one")),
        sa.CheckConstraint("agrees OR note <> ''", name=op.f("ck_measure_seen_dispute_in_words")),
        sa.CheckConstraint("how IN ('tap', 'paper')", name=op.f("ck_measure_seen_how_known")),
        sa.CheckConstraint("agrees IN (FALSE, TRUE)", name=op.f("ck_measure_seen_agrees_flag")),
        _key("measure_seen", "entry_id", "entry"),
        _key("measure_seen", "device_id", "device"),
        _key("measure_seen", "noted_by", "user_account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_measure_seen")),
        sa.UniqueConstraint("entry_id", "round", "version", name=op.f("uq_measure_seen_entry_id_round_version")),
        sqlite_strict=True,
    )


def downgrade() -> None:
    op.drop_table("measure_seen")
    op.drop_table("ground_reading")
    op.drop_table("ground_contest")
    for column in ("counters_take", "counters_apart", "counters"):
        op.drop_column("contest", column)
