"""Who came in for whom: a performer in an entry, a whole family from the reserves?

Revision: 0057
After: 0056
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0057"
down_revision = "0056"
branch_labels = None
depends_on = None

WHOLE_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.TIMESTAMP(timezone=True).with_variant(sa.Text(), "sqlite")
OF_PERSON = sa.text("state = 'waiting' AND kind = 'person'")
OF_FAMILY = sa.text("state = 'waiting' AND kind = 'family'")


def _key(column: str, target: str, **how: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_substitution_{column}_{target}"), **how)


def _rule(name: str, condition: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(condition, name=op.f(f"ck_substitution_{name}"))


def upgrade() -> None:
    op.create_table(
        "substitution",
        sa.Column("id", WHOLE_NUMBER, nullable=False),
        sa.Column("delegation_id", WHOLE_NUMBER, nullable=False),
        sa.Column("number", WHOLE_NUMBER, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("entry_id", WHOLE_NUMBER, nullable=True),
        sa.Column("out_family_id", WHOLE_NUMBER, nullable=False),
        sa.Column("in_family_id", WHOLE_NUMBER, nullable=False),
        sa.Column("out_code", sa.Text(), nullable=False),
        sa.Column("in_code", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("road", sa.Text(), nullable=False),
        sa.Column("asked_by", WHOLE_NUMBER, nullable=True),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("decided_by", WHOLE_NUMBER, nullable=True),
        sa.Column("decided_at", MOMENT, nullable=True),
        sa.Column("kept", sa.Text(), nullable=False),
        _rule("kind_known", "kind IN ('person', 'family')"),
        _rule("state_known", "state IN ('waiting', 'done', 'refused', 'taken_back', 'undone')"),
        _rule("road_known", "road IN ('officer', 'office')"),
        _rule("decided_then", "(state = 'waiting') = (decided_at IS NULL)"),
        _rule(
            "performers_of_an_entry",
            "(kind = 'person') = (entry_id IS NOT NULL) AND (kind = 'person') = (out_code <> '')"
            " AND (kind = 'person') = (in_code <> '')",
        ),
        _rule("another_family", "kind = 'person' OR out_family_id <> in_family_id"),
        _key("delegation_id", "delegation"),
        _key("entry_id", "entry", ondelete="CASCADE"),
        _key("out_family_id", "family", ondelete="CASCADE"),
        _key("in_family_id", "family", ondelete="CASCADE"),
        _key("asked_by", "user_account"),
        _key("decided_by", "user_account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_substitution")),
        sa.UniqueConstraint("delegation_id", "number", name=op.f("uq_substitution_delegation_id_number")),
        sqlite_strict=True,
    )
    person, family = ["out_family_id", "entry_id", "out_code"], ["out_family_id"]
    named = {"uq_substitution_waiting": (person, OF_PERSON), "uq_substitution_family_waiting": (family, OF_FAMILY)}
    for name, (columns, where) in named.items():
        op.create_index(name, "substitution", columns, unique=True, sqlite_where=where, postgresql_where=where)
    op.create_index("ix_substitution_families", "substitution", ["out_family_id", "in_family_id"])


def downgrade() -> None:
    op.drop_table("substitution")
