"""How delegations come, eat and sleep; allergies and needs of support have an agreement of their own

Nothing is filled in: what a person needs stays where it was written. Going down forgets all of it, and the agreements
that only it asked for.

Revision: 0022
After: 0021
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

WHOLE_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.TIMESTAMP(timezone=True).with_variant(sa.Text(), "sqlite")
DAY = sa.Date().with_variant(sa.Text(), "sqlite")
STANDING = sa.text("withdrawn_at IS NULL")
BEFORE = ("taking_part", "child_own", "publish")
OWN = ("allergy", "support")
ROLES_BEFORE = ("organiser", "officer", "gate_lead", "secretary", "chair", "judge", "stage_manager", "mc")
ROLES = (*ROLES_BEFORE[:-1], "care", "mc")


def known(purposes: tuple[str, ...]) -> str:
    return f"purpose IN ({', '.join(repr(each) for each in purposes)})"


def consent_text(purposes: tuple[str, ...]) -> sa.Table:
    """The table before and after: SQLite copies it, and would lose its checks and STRICT if it had to guess them."""
    return sa.Table(
        "consent_text",
        sa.MetaData(),
        sa.Column("id", WHOLE_NUMBER, nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("version", WHOLE_NUMBER, nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.CheckConstraint(known(purposes), name=op.f("ck_consent_text_purpose_known")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent_text")),
        sa.UniqueConstraint("purpose", "version", name=op.f("uq_consent_text_purpose_version")),
        sqlite_strict=True,
    )


def consent(purposes: tuple[str, ...]) -> sa.Table:
    table = sa.Table(
        "consent",
        sa.MetaData(),
        sa.Column("id", WHOLE_NUMBER, nullable=False),
        sa.Column("person_id", WHOLE_NUMBER, nullable=False),
        sa.Column("text_id", WHOLE_NUMBER, nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("given_by", sa.Text(), nullable=False),
        sa.Column("given_as", sa.Text(), nullable=False),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("given_at", MOMENT, nullable=False),
        sa.Column("withdrawn_at", MOMENT, nullable=True),
        sa.Column("withdrawn_how", sa.Text(), nullable=True),
        sa.CheckConstraint(known(purposes), name=op.f("ck_consent_purpose_known")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_consent_person_id_person"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["text_id"], ["consent_text.id"], name=op.f("fk_consent_text_id_consent_text")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent")),
        sqlite_strict=True,
    )
    sa.Index("uq_consent_standing", table.c.person_id, table.c.purpose, unique=True, sqlite_where=STANDING, postgresql_where=STANDING)
    return table


def listed(roles: tuple[str, ...]) -> str:
    return f"role IN ({', '.join(repr(each) for each in roles)})"


def user_role(roles: tuple[str, ...]) -> sa.Table:
    return sa.Table(
        "user_role",
        sa.MetaData(),
        sa.Column("user_id", WHOLE_NUMBER, nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.CheckConstraint(listed(roles), name=op.f("ck_user_role_role_known")),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_user_role_user_id_user_account"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", "role", name=op.f("pk_user_role")),
        sqlite_strict=True,
    )


def roles_from(before: tuple[str, ...], after: tuple[str, ...]) -> None:
    with op.batch_alter_table("user_role", copy_from=user_role(before)) as batch_op:
        batch_op.drop_constraint(op.f("ck_user_role_role_known"), type_="check")
        batch_op.create_check_constraint(op.f("ck_user_role_role_known"), listed(after))


def purposes_from(before: tuple[str, ...], after: tuple[str, ...]) -> None:
    for made in (consent_text, consent):
        name = f"ck_{made.__name__}_purpose_known"
        with op.batch_alter_table(made.__name__, copy_from=made(before)) as batch_op:
            batch_op.drop_constraint(op.f(name), type_="check")
            batch_op.create_check_constraint(op.f(name), known(after))


def upgrade() -> None:
    purposes_from(BEFORE, BEFORE + OWN)
    roles_from(ROLES_BEFORE, ROLES)
    op.create_table(
        "edition_stay",
        sa.Column("festival_id", WHOLE_NUMBER, nullable=False),
        sa.Column("bring", sa.Text(), nullable=False),
        sa.Column("bus_home", sa.Text(), nullable=False),
        sa.Column("version", WHOLE_NUMBER, nullable=False),
        sa.ForeignKeyConstraint(["festival_id"], ["festival.id"], name=op.f("fk_edition_stay_festival_id_festival")),
        sa.PrimaryKeyConstraint("festival_id", name=op.f("pk_edition_stay")),
        sqlite_strict=True,
    )
    op.create_table(
        "delegation_stay",
        sa.Column("delegation_id", WHOLE_NUMBER, nullable=False),
        sa.Column("arrives_at", MOMENT, nullable=True),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("vehicle", sa.Text(), nullable=True),
        sa.Column("plate", sa.Text(), nullable=False),
        sa.Column("driver_phone", sa.Text(), nullable=False),
        sa.Column("nights_from", DAY, nullable=True),
        sa.Column("nights_until", DAY, nullable=True),
        sa.Column("bring", sa.Text(), nullable=False),
        sa.Column("bus_home", sa.Text(), nullable=False),
        sa.Column("version", WHOLE_NUMBER, nullable=False),
        sa.CheckConstraint("(nights_from IS NULL) = (nights_until IS NULL)", name=op.f("ck_delegation_stay_nights_whole")),
        sa.CheckConstraint("nights_until > nights_from", name=op.f("ck_delegation_stay_nights_in_order")),
        sa.CheckConstraint(
            "vehicle IN ('coach', 'car', 'boat', 'motorbike', 'other')", name=op.f("ck_delegation_stay_vehicle_known")
        ),
        sa.ForeignKeyConstraint(
            ["delegation_id"], ["delegation.id"], name=op.f("fk_delegation_stay_delegation_id_delegation")
        ),
        sa.PrimaryKeyConstraint("delegation_id", name=op.f("pk_delegation_stay")),
        sqlite_strict=True,
    )
    op.create_table(
        "meal",
        sa.Column("id", WHOLE_NUMBER, nullable=False),
        sa.Column("festival_id", WHOLE_NUMBER, nullable=False),
        sa.Column("day", DAY, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("closes_at", MOMENT, nullable=False),
        sa.Column("removed_at", MOMENT, nullable=True),
        sa.CheckConstraint("kind IN ('breakfast', 'lunch', 'dinner')", name=op.f("ck_meal_kind_known")),
        sa.ForeignKeyConstraint(["festival_id"], ["festival.id"], name=op.f("fk_meal_festival_id_festival")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meal")),
        sa.UniqueConstraint("festival_id", "day", "kind", name=op.f("uq_meal_festival_id_day_kind")),
        sqlite_strict=True,
    )
    op.create_table(
        "meal_portions",
        sa.Column("meal_id", WHOLE_NUMBER, nullable=False),
        sa.Column("delegation_id", WHOLE_NUMBER, nullable=False),
        sa.Column("portions", WHOLE_NUMBER, nullable=False),
        sa.Column("vegetarian", WHOLE_NUMBER, nullable=False),
        sa.Column("no_pork", WHOLE_NUMBER, nullable=False),
        sa.CheckConstraint("vegetarian >= 0 AND no_pork >= 0", name=op.f("ck_meal_portions_diets_not_negative")),
        sa.CheckConstraint("vegetarian + no_pork <= portions", name=op.f("ck_meal_portions_diets_within_portions")),
        sa.ForeignKeyConstraint(
            ["delegation_id"], ["delegation.id"], name=op.f("fk_meal_portions_delegation_id_delegation")
        ),
        sa.ForeignKeyConstraint(["meal_id"], ["meal.id"], name=op.f("fk_meal_portions_meal_id_meal")),
        sa.PrimaryKeyConstraint("meal_id", "delegation_id", name=op.f("pk_meal_portions")),
        sqlite_strict=True,
    )
    op.create_index("ix_meal_portions_delegation", "meal_portions", ["delegation_id"])
    op.create_table(
        "lodging_room",
        sa.Column("id", WHOLE_NUMBER, nullable=False),
        sa.Column("festival_id", WHOLE_NUMBER, nullable=False),
        sa.Column("house", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.CheckConstraint("house <> '' AND name <> ''", name=op.f("ck_lodging_room_named")),
        sa.ForeignKeyConstraint(["festival_id"], ["festival.id"], name=op.f("fk_lodging_room_festival_id_festival")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lodging_room")),
        sa.UniqueConstraint("festival_id", "house", "name", name=op.f("uq_lodging_room_festival_id_house_name")),
        sqlite_strict=True,
    )
    op.create_table(
        "lodging_bed",
        sa.Column("room_id", WHOLE_NUMBER, nullable=False),
        sa.Column("number", WHOLE_NUMBER, autoincrement=False, nullable=False),
        sa.Column("person_id", WHOLE_NUMBER, nullable=True),
        sa.Column("batch", sa.Text(), nullable=False),
        sa.CheckConstraint("number BETWEEN 1 AND 200", name=op.f("ck_lodging_bed_number_in_room")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_lodging_bed_person_id_person"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["room_id"], ["lodging_room.id"], name=op.f("fk_lodging_bed_room_id_lodging_room")),
        sa.PrimaryKeyConstraint("room_id", "number", name=op.f("pk_lodging_bed")),
        sa.UniqueConstraint("person_id", name=op.f("uq_lodging_bed_person_id")),
        sqlite_strict=True,
    )
    op.create_table(
        "allergy",
        sa.Column("person_id", WHOLE_NUMBER, nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.CheckConstraint("words <> ''", name=op.f("ck_allergy_words_given")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_allergy_person_id_person"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_allergy")),
        sqlite_strict=True,
    )


def downgrade() -> None:
    op.drop_table("allergy")
    op.drop_table("lodging_bed")
    op.drop_table("lodging_room")
    op.drop_index("ix_meal_portions_delegation", table_name="meal_portions")
    op.drop_table("meal_portions")
    op.drop_table("meal")
    op.drop_table("delegation_stay")
    op.drop_table("edition_stay")
    op.execute("DELETE FROM consent WHERE purpose IN ('allergy', 'support')")
    op.execute("DELETE FROM consent_text WHERE purpose IN ('allergy', 'support')")
    purposes_from(BEFORE + OWN, BEFORE)
    op.execute("DELETE FROM user_role WHERE role = 'care'")
    roles_from(ROLES, ROLES_BEFORE)
