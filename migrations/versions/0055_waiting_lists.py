"""Where do families wait for a place in turn, which places are offered to them, and how many does a delegation hold for that?

Revision: 0055
After: 0054
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0055"
down_revision = "0054"
branch_labels = None
depends_on = None

WHOLE_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.TIMESTAMP(timezone=True).with_variant(sa.Text(), "sqlite")
FLAG = sa.Boolean(create_constraint=False).with_variant(sa.Integer(), "sqlite")
STANDING = sa.text("state = 'offered'")


def _key(table: str, column: str, target: str, *, cascade: bool = False) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}_{target}")
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=name, ondelete="CASCADE" if cascade else None)


def upgrade() -> None:
    # with its rule in one statement: SQLite adds none to a table that stands
    number = WHOLE_NUMBER.compile(dialect=op.get_bind().dialect)
    op.execute(
        f"ALTER TABLE delegation ADD COLUMN held_count {number} DEFAULT 0 NOT NULL"
        " CONSTRAINT ck_delegation_held_within_quota"
        " CHECK (held_count >= 0 AND approved_count + held_count <= families_max)"
    )
    op.create_table(
        "waiting_list",
        sa.Column("delegation_id", WHOLE_NUMBER, nullable=False),
        sa.Column("open", FLAG, nullable=False),
        sa.Column("answer_hours", WHOLE_NUMBER, nullable=False),
        sa.Column("people_max", WHOLE_NUMBER, nullable=True),
        sa.Column("version", WHOLE_NUMBER, nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.Column("changed_by", WHOLE_NUMBER, nullable=True),
        sa.CheckConstraint("open IN (FALSE, TRUE)", name=op.f("ck_waiting_list_open_flag")),
        sa.CheckConstraint(
            "answer_hours >= 1 AND answer_hours <= 336", name=op.f("ck_waiting_list_answer_hours_known")
        ),
        sa.CheckConstraint("people_max IS NULL OR people_max >= 1", name=op.f("ck_waiting_list_people_max_positive")),
        _key("waiting_list", "delegation_id", "delegation"),
        _key("waiting_list", "changed_by", "user_account"),
        sa.PrimaryKeyConstraint("delegation_id", name=op.f("pk_waiting_list")),
        sqlite_strict=True,
    )
    op.create_table(
        "place_offer",
        sa.Column("id", WHOLE_NUMBER, nullable=False),
        sa.Column("family_id", WHOLE_NUMBER, nullable=False),
        sa.Column("number", WHOLE_NUMBER, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("people", WHOLE_NUMBER, nullable=False),
        sa.Column("contests", sa.Text(), nullable=False),
        sa.Column("offered_at", MOMENT, nullable=False),
        sa.Column("until", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.CheckConstraint(
            "state IN ('offered', 'accepted', 'declined', 'expired', 'taken_back', 'lapsed')",
            name=op.f("ck_place_offer_state_known"),
        ),
        sa.CheckConstraint("people >= 1", name=op.f("ck_place_offer_people_positive")),
        sa.CheckConstraint("(state = 'offered') = (ended_at IS NULL)", name=op.f("ck_place_offer_ended_then")),
        _key("place_offer", "family_id", "family", cascade=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_place_offer")),
        sa.UniqueConstraint("family_id", "number", name=op.f("uq_place_offer_family_id_number")),
        sqlite_strict=True,
    )
    op.create_index(
        "uq_place_offer_standing",
        "place_offer",
        ["family_id"],
        unique=True,
        sqlite_where=STANDING,
        postgresql_where=STANDING,
    )
    op.create_table(
        "line_spot",
        sa.Column("family_id", WHOLE_NUMBER, nullable=False),
        sa.Column("stands_at", MOMENT, nullable=True),
        sa.Column("out_by", sa.Text(), nullable=True),
        sa.CheckConstraint("out_by IN ('family', 'office', 'place')", name=op.f("ck_line_spot_out_by_known")),
        _key("line_spot", "family_id", "family", cascade=True),
        sa.PrimaryKeyConstraint("family_id", name=op.f("pk_line_spot")),
        sqlite_strict=True,
    )


def downgrade() -> None:
    op.drop_table("line_spot")
    op.drop_index("uq_place_offer_standing", table_name="place_offer")
    op.drop_table("place_offer")
    op.drop_table("waiting_list")
    op.drop_column("delegation", "held_count")
