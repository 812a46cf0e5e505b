"""The tables of the first release

Revision: 0001
After:
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "consent_text",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "purpose IN ('taking_part', 'child_own', 'publish')", name=op.f("ck_consent_text_purpose_known")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent_text")),
        sa.UniqueConstraint("purpose", "version", name=op.f("uq_consent_text_purpose_version")),
        sqlite_strict=True,
    )
    op.create_table(
        "festival",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("short_name", sa.Text(), nullable=False),
        sa.Column("edition", sa.Text(), nullable=False),
        sa.Column("theme", sa.Text(), nullable=False),
        sa.Column("organiser", sa.Text(), nullable=False),
        sa.Column("host", sa.Text(), nullable=False),
        sa.Column("venue", sa.Text(), nullable=False),
        sa.Column("starts_on", sa.Date().with_variant(sa.Text(), "sqlite"), nullable=False),
        sa.Column("ends_on", sa.Date().with_variant(sa.Text(), "sqlite"), nullable=False),
        sa.Column("families_min", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("families_max", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("members_min", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("members_max", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("contests_per_family_max", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("data_kept_until", sa.Date().with_variant(sa.Text(), "sqlite"), nullable=False),
        sa.Column("help_line", sa.Text(), nullable=False),
        sa.Column("ruleset", sa.Text(), nullable=False),
        sa.Column("demo", sa.Boolean().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("created_at", sa.TIMESTAMP(timezone=True).with_variant(sa.Text(), "sqlite"), nullable=False),
        sa.CheckConstraint("demo IN (FALSE, TRUE)", name=op.f("ck_festival_demo_flag")),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_festival_days_in_order")),
        sa.CheckConstraint("families_max >= families_min AND families_min >= 0", name=op.f("ck_festival_family_quota")),
        sa.CheckConstraint("members_max >= members_min AND members_min >= 1", name=op.f("ck_festival_member_quota")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_festival")),
        sa.UniqueConstraint("code", name=op.f("uq_festival_code")),
        sqlite_strict=True,
    )
    op.create_table(
        "ledger_entry",
        sa.Column("stream", sa.Text(), nullable=False),
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("at_ms", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("payload_hash", sa.Text(), nullable=False),
        sa.Column("previous", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("stream", "seq", name=op.f("pk_ledger_entry")),
        sqlite_strict=True,
    )
    op.create_table(
        "ledger_head",
        sa.Column("stream", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.CheckConstraint("size >= 0", name=op.f("ck_ledger_head_size_not_negative")),
        sa.PrimaryKeyConstraint("stream", name=op.f("pk_ledger_head")),
        sqlite_strict=True,
    )
    op.create_table(
        "outbox_mail",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("message_id", sa.Text(), nullable=False),
        sa.Column("recipient", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("attachments", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("tries", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("due_at", sa.TIMESTAMP(timezone=True).with_variant(sa.Text(), "sqlite"), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.CheckConstraint("state IN ('waiting', 'sent', 'failed')", name=op.f("ck_outbox_mail_state_known")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox_mail")),
        sa.UniqueConstraint("message_id", name=op.f("uq_outbox_mail_message_id")),
        sqlite_strict=True,
    )
    with op.batch_alter_table("outbox_mail", schema=None) as batch_op:
        batch_op.create_index("ix_outbox_mail_due", ["state", "due_at"], unique=False)

    op.create_table(
        "unit",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("folded", sa.Text(), nullable=False),
        sa.Column("official_code", sa.Text(), nullable=False),
        sa.Column("parent_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("valid_from", sa.Date().with_variant(sa.Text(), "sqlite"), nullable=True),
        sa.Column("valid_to", sa.Date().with_variant(sa.Text(), "sqlite"), nullable=True),
        sa.CheckConstraint(
            "level IN ('province', 'district', 'commune', 'school', 'agency')", name=op.f("ck_unit_level_known")
        ),
        sa.CheckConstraint(
            "valid_to IS NULL OR valid_from IS NULL OR valid_to >= valid_from", name=op.f("ck_unit_period_in_order")
        ),
        sa.ForeignKeyConstraint(["parent_id"], ["unit.id"], name=op.f("fk_unit_parent_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit")),
        sa.UniqueConstraint("key", name=op.f("uq_unit_key")),
        sqlite_strict=True,
    )
    with op.batch_alter_table("unit", schema=None) as batch_op:
        batch_op.create_index("ix_unit_code", ["official_code"], unique=False)
        batch_op.create_index("ix_unit_parent", ["parent_id"], unique=False)

    op.create_table(
        "user_account",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("login", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("phone", sa.Text(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("active", sa.Boolean().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("demo", sa.Boolean().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("created_at", sa.TIMESTAMP(timezone=True).with_variant(sa.Text(), "sqlite"), nullable=False),
        sa.CheckConstraint("login <> ''", name=op.f("ck_user_account_login_given")),
        sa.CheckConstraint("name <> ''", name=op.f("ck_user_account_name_given")),
        sa.CheckConstraint("active IN (FALSE, TRUE)", name=op.f("ck_user_account_active_flag")),
        sa.CheckConstraint("demo IN (FALSE, TRUE)", name=op.f("ck_user_account_demo_flag")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user_account")),
        sa.UniqueConstraint("login", name=op.f("uq_user_account_login")),
        sqlite_strict=True,
    )
    op.create_table(
        "contest",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("festival_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("part_code", sa.Text(), nullable=False),
        sa.Column("part_name", sa.Text(), nullable=False),
        sa.Column("position", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("result_kind", sa.Text(), nullable=False),
        sa.Column("entrant", sa.Text(), nullable=False),
        sa.Column("secrecy", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("entries_per_delegation", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("performers_min", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("performers_max", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("duration_min", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("changeover_min", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("together_min", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("grace_s", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("overtime_penalty_milli", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("overtime_limit_milli", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("panel_size", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("aggregate", sa.Text(), nullable=False),
        sa.Column("delta_milli", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("drop_strict", sa.Boolean().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("drop_passes", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("smallest_panel", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("drop_below", sa.Text(), nullable=False),
        sa.Column("all_dropped", sa.Text(), nullable=False),
        sa.Column("round_milli", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("attempts", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("lower_wins", sa.Boolean().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("unit_label", sa.Text(), nullable=False),
        sa.Column("points_per_answer_milli", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("best_possible", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("tie_ladder", sa.Text(), nullable=False),
        sa.Column("place_points", sa.Text(), nullable=False),
        sa.Column("prizes", sa.Text(), nullable=False),
        sa.Column("special_prizes", sa.Text(), nullable=False),
        sa.Column("rules_fixed_at", sa.TIMESTAMP(timezone=True).with_variant(sa.Text(), "sqlite"), nullable=True),
        sa.CheckConstraint("aggregate IN ('mean', 'deviation_drop')", name=op.f("ck_contest_aggregate_known")),
        sa.CheckConstraint(
            "drop_below IN ('keep_all', 'not_valid') AND all_dropped IN ('keep_all', 'not_valid')",
            name=op.f("ck_contest_shortfall_known"),
        ),
        sa.CheckConstraint("entrant IN ('family', 'team')", name=op.f("ck_contest_entrant_known")),
        sa.CheckConstraint(
            "result_kind IN ('rubric', 'count', 'time', 'match', 'answers')", name=op.f("ck_contest_result_kind_known")
        ),
        sa.CheckConstraint("secrecy IN ('secret', 'at_once')", name=op.f("ck_contest_secrecy_known")),
        sa.CheckConstraint(
            "state IN ('open', 'locked', 'signed', 'decided', 'released', 'published')",
            name=op.f("ck_contest_state_known"),
        ),
        sa.CheckConstraint("attempts >= 1", name=op.f("ck_contest_attempts_some")),
        sa.CheckConstraint(
            "delta_milli >= 0 AND overtime_penalty_milli >= 0", name=op.f("ck_contest_points_not_negative")
        ),
        sa.CheckConstraint("drop_strict IN (FALSE, TRUE)", name=op.f("ck_contest_drop_strict_flag")),
        sa.CheckConstraint(
            "duration_min > 0 AND changeover_min >= 0 AND grace_s >= 0 AND together_min >= 0",
            name=op.f("ck_contest_times_not_negative"),
        ),
        sa.CheckConstraint("entries_per_delegation >= 1", name=op.f("ck_contest_entries_some")),
        sa.CheckConstraint("lower_wins IN (FALSE, TRUE)", name=op.f("ck_contest_lower_wins_flag")),
        sa.CheckConstraint(
            "smallest_panel >= 1 AND drop_passes >= 1 AND round_milli >= 1", name=op.f("ck_contest_panel_rule")
        ),
        sa.ForeignKeyConstraint(["festival_id"], ["festival.id"], name=op.f("fk_contest_festival_id_festival")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contest")),
        sa.UniqueConstraint("festival_id", "code", name=op.f("uq_contest_festival_id_code")),
        sqlite_strict=True,
    )
    op.create_table(
        "delegation",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("festival_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("unit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("position", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("head_name", sa.Text(), nullable=False),
        sa.Column("head_phone", sa.Text(), nullable=False),
        sa.Column("families_min", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("families_max", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("approved_count", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("self_registration", sa.Boolean().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint(
            "approved_count >= 0 AND approved_count <= families_max", name=op.f("ck_delegation_quota_kept")
        ),
        sa.CheckConstraint("self_registration IN (FALSE, TRUE)", name=op.f("ck_delegation_self_registration_flag")),
        sa.ForeignKeyConstraint(["festival_id"], ["festival.id"], name=op.f("fk_delegation_festival_id_festival")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_delegation_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delegation")),
        sa.UniqueConstraint("code", name=op.f("uq_delegation_code")),
        sa.UniqueConstraint("festival_id", "unit_id", name=op.f("uq_delegation_festival_id_unit_id")),
        sqlite_strict=True,
    )
    op.create_table(
        "device",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("festival_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("station", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column("public_key", sa.Text(), nullable=True),
        sa.Column("enrolled_at", sa.TIMESTAMP(timezone=True).with_variant(sa.Text(), "sqlite"), nullable=False),
        sa.Column("revoked_at", sa.TIMESTAMP(timezone=True).with_variant(sa.Text(), "sqlite"), nullable=True),
        sa.Column("last_seen_at", sa.TIMESTAMP(timezone=True).with_variant(sa.Text(), "sqlite"), nullable=True),
        sa.Column("seq_max", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("seq_count", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("offset_ms", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint(
            "role IN ('gate', 'desk', 'lead', 'stage', 'ground', 'judge')", name=op.f("ck_device_role_known")
        ),
        sa.CheckConstraint("seq_count >= 0 AND seq_count <= seq_max", name=op.f("ck_device_seq_counted")),
        sa.ForeignKeyConstraint(["festival_id"], ["festival.id"], name=op.f("fk_device_festival_id_festival")),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_device_user_id_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_device")),
        sa.UniqueConstraint("code", name=op.f("uq_device_code")),
        sa.UniqueConstraint("festival_id", "number", name=op.f("uq_device_festival_id_number")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_device_token_hash")),
        sqlite_strict=True,
    )
    op.create_table(
        "ledger_payload",
        sa.Column("stream", sa.Text(), nullable=False),
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("salt", sa.LargeBinary(), nullable=True),
        sa.Column("content", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["stream", "seq"],
            ["ledger_entry.stream", "ledger_entry.seq"],
            name=op.f("fk_ledger_payload_stream_seq_ledger_entry"),
        ),
        sa.PrimaryKeyConstraint("stream", "seq", name=op.f("pk_ledger_payload")),
        sqlite_strict=True,
    )
    op.create_table(
        "one_time_code",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("issued_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("expires_at", sa.TIMESTAMP(timezone=True).with_variant(sa.Text(), "sqlite"), nullable=False),
        sa.Column("used_at", sa.TIMESTAMP(timezone=True).with_variant(sa.Text(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(
            ["issued_by"],
            ["user_account.id"],
            name=op.f("fk_one_time_code_issued_by_user_account"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_one_time_code_user_id_user_account"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_one_time_code")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_one_time_code_token_hash")),
        sqlite_strict=True,
    )
    op.create_table(
        "phase",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("festival_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("opens_at", sa.TIMESTAMP(timezone=True).with_variant(sa.Text(), "sqlite"), nullable=False),
        sa.Column("closes_at", sa.TIMESTAMP(timezone=True).with_variant(sa.Text(), "sqlite"), nullable=True),
        sa.CheckConstraint(
            "kind IN ('registration', 'programme', 'judging', 'results')", name=op.f("ck_phase_kind_known")
        ),
        sa.CheckConstraint("closes_at IS NULL OR closes_at > opens_at", name=op.f("ck_phase_times_in_order")),
        sa.ForeignKeyConstraint(["festival_id"], ["festival.id"], name=op.f("fk_phase_festival_id_festival")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_phase")),
        sa.UniqueConstraint("festival_id", "kind", name=op.f("uq_phase_festival_id_kind")),
        sqlite_strict=True,
    )
    op.create_table(
        "plan",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("festival_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("published_at", sa.TIMESTAMP(timezone=True).with_variant(sa.Text(), "sqlite"), nullable=False),
        sa.Column("published_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(["festival_id"], ["festival.id"], name=op.f("fk_plan_festival_id_festival")),
        sa.ForeignKeyConstraint(["published_by"], ["user_account.id"], name=op.f("fk_plan_published_by_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan")),
        sa.UniqueConstraint("festival_id", "version", name=op.f("uq_plan_festival_id_version")),
        sqlite_strict=True,
    )
    op.create_table(
        "registration_draft",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("festival_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("created_at", sa.TIMESTAMP(timezone=True).with_variant(sa.Text(), "sqlite"), nullable=False),
        sa.Column("expires_at", sa.TIMESTAMP(timezone=True).with_variant(sa.Text(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["festival_id"], ["festival.id"], name=op.f("fk_registration_draft_festival_id_festival")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_registration_draft")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_registration_draft_token_hash")),
        sqlite_strict=True,
    )
    op.create_table(
        "sign_in",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("created_at", sa.TIMESTAMP(timezone=True).with_variant(sa.Text(), "sqlite"), nullable=False),
        sa.Column("expires_at", sa.TIMESTAMP(timezone=True).with_variant(sa.Text(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_sign_in_user_id_user_account"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_sign_in_token_hash")),
        sqlite_strict=True,
    )
    with op.batch_alter_table("sign_in", schema=None) as batch_op:
        batch_op.create_index("ix_sign_in_user", ["user_id"], unique=False)

    op.create_table(
        "stage",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("festival_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("position", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["festival_id"], ["festival.id"], name=op.f("fk_stage_festival_id_festival")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stage")),
        sa.UniqueConstraint("festival_id", "code", name=op.f("uq_stage_festival_id_code")),
        sqlite_strict=True,
    )
    op.create_table(
        "unit_succession",
        sa.Column("old_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("new_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("effective_on", sa.Date().with_variant(sa.Text(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["new_id"], ["unit.id"], name=op.f("fk_unit_succession_new_id_unit")),
        sa.ForeignKeyConstraint(["old_id"], ["unit.id"], name=op.f("fk_unit_succession_old_id_unit")),
        sa.PrimaryKeyConstraint("old_id", "new_id", name=op.f("pk_unit_succession")),
        sqlite_strict=True,
    )
    op.create_table(
        "user_role",
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "role IN ('organiser', 'officer', 'gate_lead', 'secretary', 'chair', 'judge', 'stage_manager', 'mc')",
            name=op.f("ck_user_role_role_known"),
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_user_role_user_id_user_account"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", "role", name=op.f("pk_user_role")),
        sqlite_strict=True,
    )
    op.create_table(
        "contest_place",
        sa.Column("delegation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("contest_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("taken", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint("taken >= 0", name=op.f("ck_contest_place_taken_not_negative")),
        sa.ForeignKeyConstraint(["contest_id"], ["contest.id"], name=op.f("fk_contest_place_contest_id_contest")),
        sa.ForeignKeyConstraint(
            ["delegation_id"], ["delegation.id"], name=op.f("fk_contest_place_delegation_id_delegation")
        ),
        sa.PrimaryKeyConstraint("delegation_id", "contest_id", name=op.f("pk_contest_place")),
        sqlite_strict=True,
    )
    op.create_table(
        "criterion",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("contest_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("position", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("descriptor", sa.Text(), nullable=False),
        sa.Column("min_milli", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("max_milli", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("step_milli", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint("(max_milli - min_milli) % step_milli = 0", name=op.f("ck_criterion_step_divides")),
        sa.CheckConstraint(
            "min_milli >= 0 AND max_milli > min_milli AND step_milli > 0", name=op.f("ck_criterion_scale")
        ),
        sa.ForeignKeyConstraint(["contest_id"], ["contest.id"], name=op.f("fk_criterion_contest_id_contest")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_criterion")),
        sa.UniqueConstraint("contest_id", "code", name=op.f("uq_criterion_contest_id_code")),
        sa.UniqueConstraint("contest_id", "position", name=op.f("uq_criterion_contest_id_position")),
        sqlite_strict=True,
    )
    op.create_table(
        "delegation_officer",
        sa.Column("delegation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["delegation_id"], ["delegation.id"], name=op.f("fk_delegation_officer_delegation_id_delegation")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_delegation_officer_user_id_user_account")
        ),
        sa.PrimaryKeyConstraint("delegation_id", "user_id", name=op.f("pk_delegation_officer")),
        sqlite_strict=True,
    )
    op.create_table(
        "device_note",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("device_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("noted_at", sa.TIMESTAMP(timezone=True).with_variant(sa.Text(), "sqlite"), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["device_id"], ["device.id"], name=op.f("fk_device_note_device_id_device")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_device_note")),
        sqlite_strict=True,
    )
    with op.batch_alter_table("device_note", schema=None) as batch_op:
        batch_op.create_index("ix_device_note_device", ["device_id", "noted_at"], unique=False)

    op.create_table(
        "draw",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("contest_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("seed", sa.Text(), nullable=False),
        sa.Column("order", sa.Text(), nullable=False),
        sa.Column("drawn_at", sa.TIMESTAMP(timezone=True).with_variant(sa.Text(), "sqlite"), nullable=False),
        sa.Column("drawn_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.CheckConstraint("method IN ('hand', 'seeded')", name=op.f("ck_draw_method_known")),
        sa.ForeignKeyConstraint(["contest_id"], ["contest.id"], name=op.f("fk_draw_contest_id_contest")),
        sa.ForeignKeyConstraint(["drawn_by"], ["user_account.id"], name=op.f("fk_draw_drawn_by_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draw")),
        sa.UniqueConstraint("contest_id", name=op.f("uq_draw_contest_id")),
        sqlite_strict=True,
    )
    op.create_table(
        "enrolment_code",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("festival_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("code_hash", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("station", sa.Text(), nullable=False),
        sa.Column("created_at", sa.TIMESTAMP(timezone=True).with_variant(sa.Text(), "sqlite"), nullable=False),
        sa.Column("expires_at", sa.TIMESTAMP(timezone=True).with_variant(sa.Text(), "sqlite"), nullable=False),
        sa.Column("used_at", sa.TIMESTAMP(timezone=True).with_variant(sa.Text(), "sqlite"), nullable=True),
        sa.Column("cancelled_at", sa.TIMESTAMP(timezone=True).with_variant(sa.Text(), "sqlite"), nullable=True),
        sa.Column("device_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.CheckConstraint(
            "role IN ('gate', 'desk', 'lead', 'stage', 'ground', 'judge')", name=op.f("ck_enrolment_code_role_known")
        ),
        sa.ForeignKeyConstraint(["device_id"], ["device.id"], name=op.f("fk_enrolment_code_device_id_device")),
        sa.ForeignKeyConstraint(["festival_id"], ["festival.id"], name=op.f("fk_enrolment_code_festival_id_festival")),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_enrolment_code_user_id_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enrolment_code")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_enrolment_code_code_hash")),
        sqlite_strict=True,
    )
    op.create_table(
        "family",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("festival_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("delegation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("folded", sa.Text(), nullable=False),
        sa.Column("phone", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("introduction", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("return_reason", sa.Text(), nullable=False),
        sa.Column("submission_key", sa.Text(), nullable=True),
        sa.Column("identity", sa.Text(), nullable=False),
        sa.Column("link_hash", sa.Text(), nullable=True),
        sa.Column("link_issue", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("created_at", sa.TIMESTAMP(timezone=True).with_variant(sa.Text(), "sqlite"), nullable=False),
        sa.Column("submitted_at", sa.TIMESTAMP(timezone=True).with_variant(sa.Text(), "sqlite"), nullable=True),
        sa.Column("decided_at", sa.TIMESTAMP(timezone=True).with_variant(sa.Text(), "sqlite"), nullable=True),
        sa.Column("decided_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.CheckConstraint("origin IN ('officer', 'excel', 'family')", name=op.f("ck_family_origin_known")),
        sa.CheckConstraint(
            "state IN ('draft', 'submitted', 'returned', 'approved', 'rejected', 'withdrawn')",
            name=op.f("ck_family_state_known"),
        ),
        sa.ForeignKeyConstraint(["decided_by"], ["user_account.id"], name=op.f("fk_family_decided_by_user_account")),
        sa.ForeignKeyConstraint(["delegation_id"], ["delegation.id"], name=op.f("fk_family_delegation_id_delegation")),
        sa.ForeignKeyConstraint(["festival_id"], ["festival.id"], name=op.f("fk_family_festival_id_festival")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_family")),
        sa.UniqueConstraint("code", name=op.f("uq_family_code")),
        sa.UniqueConstraint("link_hash", name=op.f("uq_family_link_hash")),
        sa.UniqueConstraint("submission_key", name=op.f("uq_family_submission_key")),
        sqlite_strict=True,
    )
    with op.batch_alter_table("family", schema=None) as batch_op:
        batch_op.create_index("ix_family_delegation", ["delegation_id"], unique=False)
        batch_op.create_index("ix_family_state", ["festival_id", "state"], unique=False)
        batch_op.create_index(
            "uq_family_identity",
            ["festival_id", "identity"],
            unique=True,
            sqlite_where=sa.text("identity <> '' AND state <> 'withdrawn'"),
            postgresql_where=sa.text("identity <> '' AND state <> 'withdrawn'"),
        )

    op.create_table(
        "import_batch",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("delegation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("households", sa.Text(), nullable=False),
        sa.Column("created_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("created_at", sa.TIMESTAMP(timezone=True).with_variant(sa.Text(), "sqlite"), nullable=False),
        sa.Column("applied_at", sa.TIMESTAMP(timezone=True).with_variant(sa.Text(), "sqlite"), nullable=True),
        sa.Column("new_families", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("same_families", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["created_by"], ["user_account.id"], name=op.f("fk_import_batch_created_by_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["delegation_id"], ["delegation.id"], name=op.f("fk_import_batch_delegation_id_delegation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_batch")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_import_batch_token_hash")),
        sqlite_strict=True,
    )
    with op.batch_alter_table("import_batch", schema=None) as batch_op:
        batch_op.create_index("ix_import_batch_delegation", ["delegation_id"], unique=False)

    op.create_table(
        "judge",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("contest_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("seat", sa.Text(), nullable=False),
        sa.Column("letter", sa.Text(), nullable=True),
        sa.Column("marks", sa.Boolean().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("unit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.CheckConstraint("seat IN ('chair', 'member', 'secretary')", name=op.f("ck_judge_seat_known")),
        sa.CheckConstraint("marks IN (FALSE, TRUE)", name=op.f("ck_judge_marks_flag")),
        sa.ForeignKeyConstraint(["contest_id"], ["contest.id"], name=op.f("fk_judge_contest_id_contest")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_judge_unit_id_unit")),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_judge_user_id_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_judge")),
        sa.UniqueConstraint("contest_id", "letter", name=op.f("uq_judge_contest_id_letter")),
        sa.UniqueConstraint("contest_id", "user_id", "seat", name=op.f("uq_judge_contest_id_user_id_seat")),
        sqlite_strict=True,
    )
    op.create_table(
        "jury_decision",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("contest_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("names", sa.Text(), nullable=False),
        sa.Column("decided_at", sa.TIMESTAMP(timezone=True).with_variant(sa.Text(), "sqlite"), nullable=False),
        sa.Column("noted_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.CheckConstraint("kind IN ('tie', 'prize', 'out')", name=op.f("ck_jury_decision_kind_known")),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_jury_decision_reason_given")),
        sa.ForeignKeyConstraint(["contest_id"], ["contest.id"], name=op.f("fk_jury_decision_contest_id_contest")),
        sa.ForeignKeyConstraint(["noted_by"], ["user_account.id"], name=op.f("fk_jury_decision_noted_by_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_jury_decision")),
        sqlite_strict=True,
    )
    with op.batch_alter_table("jury_decision", schema=None) as batch_op:
        batch_op.create_index("ix_jury_decision_contest", ["contest_id"], unique=False)

    op.create_table(
        "mutation",
        sa.Column("mid", sa.Text(), nullable=False),
        sa.Column("device_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("base_version", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("wall_ms", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("offset_ms", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("prev_hash", sa.Text(), nullable=True),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("sig", sa.Text(), nullable=True),
        sa.Column("received_at", sa.TIMESTAMP(timezone=True).with_variant(sa.Text(), "sqlite"), nullable=False),
        sa.Column("verdict", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("ledger_stream", sa.Text(), nullable=True),
        sa.Column("seen_at", sa.TIMESTAMP(timezone=True).with_variant(sa.Text(), "sqlite"), nullable=True),
        sa.Column("seen_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.CheckConstraint(
            "verdict IN ('applied', 'duplicate', 'conflict', 'quarantined', 'rejected')",
            name=op.f("ck_mutation_verdict_known"),
        ),
        sa.ForeignKeyConstraint(["device_id"], ["device.id"], name=op.f("fk_mutation_device_id_device")),
        sa.ForeignKeyConstraint(["seen_by"], ["user_account.id"], name=op.f("fk_mutation_seen_by_user_account")),
        sa.PrimaryKeyConstraint("mid", name=op.f("pk_mutation")),
        sa.UniqueConstraint("device_id", "seq", name=op.f("uq_mutation_device_id_seq")),
        sqlite_strict=True,
    )
    with op.batch_alter_table("mutation", schema=None) as batch_op:
        batch_op.create_index("ix_mutation_verdict", ["verdict", "received_at"], unique=False)

    op.create_table(
        "session",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("stage_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("contest_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("starts_at", sa.TIMESTAMP(timezone=True).with_variant(sa.Text(), "sqlite"), nullable=False),
        sa.Column("ends_at", sa.TIMESTAMP(timezone=True).with_variant(sa.Text(), "sqlite"), nullable=False),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_session_times_in_order")),
        sa.ForeignKeyConstraint(["contest_id"], ["contest.id"], name=op.f("fk_session_contest_id_contest")),
        sa.ForeignKeyConstraint(["stage_id"], ["stage.id"], name=op.f("fk_session_stage_id_stage")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_session")),
        sqlite_strict=True,
    )
    with op.batch_alter_table("session", schema=None) as batch_op:
        batch_op.create_index("ix_session_stage", ["stage_id", "starts_at"], unique=False)

    op.create_table(
        "state_change",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("contest_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("at", sa.TIMESTAMP(timezone=True).with_variant(sa.Text(), "sqlite"), nullable=False),
        sa.Column("by_user", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("with_user", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("ledger_size", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("ledger_hash", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "state IN ('open', 'locked', 'signed', 'decided', 'released', 'published')",
            name=op.f("ck_state_change_state_known"),
        ),
        sa.ForeignKeyConstraint(["by_user"], ["user_account.id"], name=op.f("fk_state_change_by_user_user_account")),
        sa.ForeignKeyConstraint(["contest_id"], ["contest.id"], name=op.f("fk_state_change_contest_id_contest")),
        sa.ForeignKeyConstraint(
            ["with_user"], ["user_account.id"], name=op.f("fk_state_change_with_user_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_state_change")),
        sa.UniqueConstraint("contest_id", "state", name=op.f("uq_state_change_contest_id_state")),
        sqlite_strict=True,
    )
    op.create_table(
        "entry",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("contest_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("delegation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("family_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.CheckConstraint("state IN ('proposed', 'enrolled', 'withdrawn')", name=op.f("ck_entry_state_known")),
        sa.ForeignKeyConstraint(["contest_id"], ["contest.id"], name=op.f("fk_entry_contest_id_contest")),
        sa.ForeignKeyConstraint(["delegation_id"], ["delegation.id"], name=op.f("fk_entry_delegation_id_delegation")),
        sa.ForeignKeyConstraint(["family_id"], ["family.id"], name=op.f("fk_entry_family_id_family")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entry")),
        sa.UniqueConstraint("code", name=op.f("uq_entry_code")),
        sa.UniqueConstraint("contest_id", "family_id", name=op.f("uq_entry_contest_id_family_id")),
        sa.UniqueConstraint("contest_id", "number", name=op.f("uq_entry_contest_id_number")),
        sqlite_strict=True,
    )
    with op.batch_alter_table("entry", schema=None) as batch_op:
        batch_op.create_index("ix_entry_delegation", ["delegation_id", "contest_id"], unique=False)

    op.create_table(
        "person",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("festival_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("delegation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("family_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("badge", sa.Text(), nullable=False),
        sa.Column("position", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("folded", sa.Text(), nullable=False),
        sa.Column("relation", sa.Text(), nullable=False),
        sa.Column("representative", sa.Boolean().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("sex", sa.Text(), nullable=True),
        sa.Column("birth_year", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("born_on", sa.Date().with_variant(sa.Text(), "sqlite"), nullable=True),
        sa.Column("phone", sa.Text(), nullable=False),
        sa.Column("needs", sa.Text(), nullable=False),
        sa.CheckConstraint("(badge = 'family') = (family_id IS NOT NULL)", name=op.f("ck_person_member_has_family")),
        sa.CheckConstraint(
            "badge IN ('family', 'officer', 'guest', 'press', 'jury', 'committee', 'volunteer', 'crew')",
            name=op.f("ck_person_badge_known"),
        ),
        sa.CheckConstraint("name <> ''", name=op.f("ck_person_name_given")),
        sa.CheckConstraint("sex IN ('male', 'female')", name=op.f("ck_person_sex_known")),
        sa.CheckConstraint(
            "birth_year IS NULL OR birth_year BETWEEN 1900 AND 2100", name=op.f("ck_person_birth_year_plausible")
        ),
        sa.CheckConstraint("representative IN (FALSE, TRUE)", name=op.f("ck_person_representative_flag")),
        sa.ForeignKeyConstraint(["delegation_id"], ["delegation.id"], name=op.f("fk_person_delegation_id_delegation")),
        sa.ForeignKeyConstraint(["family_id"], ["family.id"], name=op.f("fk_person_family_id_family")),
        sa.ForeignKeyConstraint(["festival_id"], ["festival.id"], name=op.f("fk_person_festival_id_festival")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("code", name=op.f("uq_person_code")),
        sqlite_strict=True,
    )
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.create_index("ix_person_delegation", ["delegation_id"], unique=False)
        batch_op.create_index("ix_person_family", ["family_id"], unique=False)
        batch_op.create_index(
            "uq_person_representative",
            ["family_id"],
            unique=True,
            sqlite_where=sa.text("representative"),
            postgresql_where=sa.text("representative"),
        )

    op.create_table(
        "unavailability",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("judge_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("unit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("noted_at", sa.TIMESTAMP(timezone=True).with_variant(sa.Text(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["judge_id"], ["judge.id"], name=op.f("fk_unavailability_judge_id_judge")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_unavailability_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unavailability")),
        sa.UniqueConstraint("judge_id", "unit_id", name=op.f("uq_unavailability_judge_id_unit_id")),
        sqlite_strict=True,
    )
    op.create_table(
        "act",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("session_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("entry_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("position", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("starts_at", sa.TIMESTAMP(timezone=True).with_variant(sa.Text(), "sqlite"), nullable=False),
        sa.Column("duration_min", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("began_at", sa.TIMESTAMP(timezone=True).with_variant(sa.Text(), "sqlite"), nullable=True),
        sa.Column("ended_at", sa.TIMESTAMP(timezone=True).with_variant(sa.Text(), "sqlite"), nullable=True),
        sa.CheckConstraint(
            "state IN ('waiting', 'ready', 'on_stage', 'done', 'absent')", name=op.f("ck_act_state_known")
        ),
        sa.CheckConstraint("duration_min > 0", name=op.f("ck_act_duration_some")),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name=op.f("fk_act_entry_id_entry")),
        sa.ForeignKeyConstraint(["session_id"], ["session.id"], name=op.f("fk_act_session_id_session")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_act")),
        sa.UniqueConstraint("entry_id", name=op.f("uq_act_entry_id")),
        sa.UniqueConstraint("session_id", "position", name=op.f("uq_act_session_id_position")),
        sqlite_strict=True,
    )
    op.create_table(
        "award",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("contest_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("festival_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("entry_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("delegation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("prize", sa.Text(), nullable=False),
        sa.Column("position", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("special", sa.Boolean().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint("(entry_id IS NULL) <> (delegation_id IS NULL)", name=op.f("ck_award_one_winner")),
        sa.CheckConstraint("special IN (FALSE, TRUE)", name=op.f("ck_award_special_flag")),
        sa.ForeignKeyConstraint(["contest_id"], ["contest.id"], name=op.f("fk_award_contest_id_contest")),
        sa.ForeignKeyConstraint(["delegation_id"], ["delegation.id"], name=op.f("fk_award_delegation_id_delegation")),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name=op.f("fk_award_entry_id_entry")),
        sa.ForeignKeyConstraint(["festival_id"], ["festival.id"], name=op.f("fk_award_festival_id_festival")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_award")),
        sa.UniqueConstraint("contest_id", "entry_id", "prize", name=op.f("uq_award_contest_id_entry_id_prize")),
        sqlite_strict=True,
    )
    op.create_table(
        "consent",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("text_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("given_by", sa.Text(), nullable=False),
        sa.Column("given_as", sa.Text(), nullable=False),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("given_at", sa.TIMESTAMP(timezone=True).with_variant(sa.Text(), "sqlite"), nullable=False),
        sa.Column("withdrawn_at", sa.TIMESTAMP(timezone=True).with_variant(sa.Text(), "sqlite"), nullable=True),
        sa.CheckConstraint("purpose IN ('taking_part', 'child_own', 'publish')", name=op.f("ck_consent_purpose_known")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_consent_person_id_person"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["text_id"], ["consent_text.id"], name=op.f("fk_consent_text_id_consent_text")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent")),
        sqlite_strict=True,
    )
    with op.batch_alter_table("consent", schema=None) as batch_op:
        batch_op.create_index(
            "uq_consent_standing",
            ["person_id", "purpose"],
            unique=True,
            sqlite_where=sa.text("withdrawn_at IS NULL"),
            postgresql_where=sa.text("withdrawn_at IS NULL"),
        )

    op.create_table(
        "entry_person",
        sa.Column("entry_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["entry.id"], name=op.f("fk_entry_person_entry_id_entry"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_entry_person_person_id_person"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("entry_id", "person_id", name=op.f("pk_entry_person")),
        sqlite_strict=True,
    )
    op.create_table(
        "measure",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("entry_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("round", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("value", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("version", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("typed_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("updated_at", sa.TIMESTAMP(timezone=True).with_variant(sa.Text(), "sqlite"), nullable=False),
        sa.CheckConstraint("(state = 'valid') = (value IS NOT NULL)", name=op.f("ck_measure_value_when_valid")),
        sa.CheckConstraint("state IN ('valid', 'dns', 'dnf', 'dsq')", name=op.f("ck_measure_state_known")),
        sa.CheckConstraint("value IS NULL OR value >= 0", name=op.f("ck_measure_not_negative")),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name=op.f("fk_measure_entry_id_entry")),
        sa.ForeignKeyConstraint(["typed_by"], ["user_account.id"], name=op.f("fk_measure_typed_by_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_measure")),
        sa.UniqueConstraint("entry_id", "round", name=op.f("uq_measure_entry_id_round")),
        sqlite_strict=True,
    )
    op.create_table(
        "overtime",
        sa.Column("entry_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("seconds", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("noted_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("noted_at", sa.TIMESTAMP(timezone=True).with_variant(sa.Text(), "sqlite"), nullable=False),
        sa.CheckConstraint("seconds >= 0", name=op.f("ck_overtime_not_negative")),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name=op.f("fk_overtime_entry_id_entry")),
        sa.ForeignKeyConstraint(["noted_by"], ["user_account.id"], name=op.f("fk_overtime_noted_by_user_account")),
        sa.PrimaryKeyConstraint("entry_id", name=op.f("pk_overtime")),
        sqlite_strict=True,
    )
    op.create_table(
        "pass",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("festival_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("family_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("delegation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("issue", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("list_id", sa.Text(), nullable=False),
        sa.Column("typed_hash", sa.Text(), nullable=False),
        sa.Column("issued_at", sa.TIMESTAMP(timezone=True).with_variant(sa.Text(), "sqlite"), nullable=False),
        sa.Column("replaced_at", sa.TIMESTAMP(timezone=True).with_variant(sa.Text(), "sqlite"), nullable=True),
        sa.CheckConstraint(
            "(CASE WHEN family_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN delegation_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN person_id IS NULL THEN 0 ELSE 1 END) = 1",
            name=op.f("ck_pass_one_owner"),
        ),
        sa.ForeignKeyConstraint(["delegation_id"], ["delegation.id"], name=op.f("fk_pass_delegation_id_delegation")),
        sa.ForeignKeyConstraint(["family_id"], ["family.id"], name=op.f("fk_pass_family_id_family")),
        sa.ForeignKeyConstraint(["festival_id"], ["festival.id"], name=op.f("fk_pass_festival_id_festival")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_pass_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pass")),
        sa.UniqueConstraint("list_id", name=op.f("uq_pass_list_id")),
        sa.UniqueConstraint("typed_hash", name=op.f("uq_pass_typed_hash")),
        sqlite_strict=True,
    )
    with op.batch_alter_table("pass", schema=None) as batch_op:
        batch_op.create_index("uq_pass_delegation", ["delegation_id", "issue"], unique=True)
        batch_op.create_index("uq_pass_family", ["family_id", "issue"], unique=True)
        batch_op.create_index("uq_pass_person", ["person_id", "issue"], unique=True)

    op.create_table(
        "refused_sheet",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("contest_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("judge_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("entry_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("mid", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("received_at", sa.TIMESTAMP(timezone=True).with_variant(sa.Text(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["contest_id"], ["contest.id"], name=op.f("fk_refused_sheet_contest_id_contest")),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name=op.f("fk_refused_sheet_entry_id_entry")),
        sa.ForeignKeyConstraint(["judge_id"], ["judge.id"], name=op.f("fk_refused_sheet_judge_id_judge")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refused_sheet")),
        sa.UniqueConstraint("mid", name=op.f("uq_refused_sheet_mid")),
        sqlite_strict=True,
    )
    with op.batch_alter_table("refused_sheet", schema=None) as batch_op:
        batch_op.create_index("ix_refused_sheet_contest", ["contest_id"], unique=False)

    op.create_table(
        "score_sheet",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("judge_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("entry_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("round", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("total_milli", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("conflict", sa.Boolean().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("on_paper", sa.Boolean().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("typed_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("updated_at", sa.TIMESTAMP(timezone=True).with_variant(sa.Text(), "sqlite"), nullable=False),
        sa.CheckConstraint(
            "(state = 'marked') = (total_milli IS NOT NULL)", name=op.f("ck_score_sheet_total_when_marked")
        ),
        sa.CheckConstraint("state IN ('marked', 'recused', 'late', 'absent')", name=op.f("ck_score_sheet_state_known")),
        sa.CheckConstraint("conflict IN (FALSE, TRUE)", name=op.f("ck_score_sheet_conflict_flag")),
        sa.CheckConstraint("on_paper IN (FALSE, TRUE)", name=op.f("ck_score_sheet_on_paper_flag")),
        sa.CheckConstraint("round >= 1 AND version >= 1", name=op.f("ck_score_sheet_counted_from_one")),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name=op.f("fk_score_sheet_entry_id_entry")),
        sa.ForeignKeyConstraint(["judge_id"], ["judge.id"], name=op.f("fk_score_sheet_judge_id_judge")),
        sa.ForeignKeyConstraint(["typed_by"], ["user_account.id"], name=op.f("fk_score_sheet_typed_by_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_score_sheet")),
        sa.UniqueConstraint("judge_id", "entry_id", "round", name=op.f("uq_score_sheet_judge_id_entry_id_round")),
        sqlite_strict=True,
    )
    with op.batch_alter_table("score_sheet", schema=None) as batch_op:
        batch_op.create_index("ix_score_sheet_entry", ["entry_id"], unique=False)

    op.create_table(
        "standing",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("contest_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("entry_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("place", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("shared", sa.Boolean().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("score_milli", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("reasons", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "state IN ('ranked', 'dns', 'dnf', 'dsq', 'waiting', 'not_valid')", name=op.f("ck_standing_state_known")
        ),
        sa.CheckConstraint("shared IN (FALSE, TRUE)", name=op.f("ck_standing_shared_flag")),
        sa.ForeignKeyConstraint(["contest_id"], ["contest.id"], name=op.f("fk_standing_contest_id_contest")),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name=op.f("fk_standing_entry_id_entry")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_standing")),
        sa.UniqueConstraint("contest_id", "entry_id", name=op.f("uq_standing_contest_id_entry_id")),
        sqlite_strict=True,
    )
    with op.batch_alter_table("standing", schema=None) as batch_op:
        batch_op.create_index("ix_standing_place", ["contest_id", "place"], unique=False)

    op.create_table(
        "mark",
        sa.Column("sheet_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("criterion_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("milli", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint("milli >= 0", name=op.f("ck_mark_not_negative")),
        sa.ForeignKeyConstraint(["criterion_id"], ["criterion.id"], name=op.f("fk_mark_criterion_id_criterion")),
        sa.ForeignKeyConstraint(
            ["sheet_id"], ["score_sheet.id"], name=op.f("fk_mark_sheet_id_score_sheet"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("sheet_id", "criterion_id", name=op.f("pk_mark")),
        sqlite_strict=True,
    )
    op.create_table(
        "scan",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("festival_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("device_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("device_number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at_ms", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("gate", sa.Text(), nullable=False),
        sa.Column("pass_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("day_window", sa.Text(), nullable=False),
        sa.Column("persons", sa.Text(), nullable=False),
        sa.Column("how", sa.Text(), nullable=False),
        sa.CheckConstraint("how IN ('camera', 'typed', 'search', 'decided')", name=op.f("ck_scan_how_known")),
        sa.ForeignKeyConstraint(["device_id"], ["device.id"], name=op.f("fk_scan_device_id_device")),
        sa.ForeignKeyConstraint(["festival_id"], ["festival.id"], name=op.f("fk_scan_festival_id_festival")),
        sa.ForeignKeyConstraint(["pass_id"], ["pass.id"], name=op.f("fk_scan_pass_id_pass")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scan")),
        sa.UniqueConstraint("device_id", "seq", name=op.f("uq_scan_device_id_seq")),
        sqlite_strict=True,
    )
    with op.batch_alter_table("scan", schema=None) as batch_op:
        batch_op.create_index("ix_scan_when", ["festival_id", "at_ms", "device_number", "seq"], unique=False)

    op.create_table(
        "sheet_revision",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("sheet_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("mid", sa.Text(), nullable=True),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("open_conflict", sa.Boolean().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("received_at", sa.TIMESTAMP(timezone=True).with_variant(sa.Text(), "sqlite"), nullable=False),
        sa.CheckConstraint("open_conflict IN (FALSE, TRUE)", name=op.f("ck_sheet_revision_open_conflict_flag")),
        sa.ForeignKeyConstraint(
            ["sheet_id"], ["score_sheet.id"], name=op.f("fk_sheet_revision_sheet_id_score_sheet"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sheet_revision")),
        sa.UniqueConstraint("mid", name=op.f("uq_sheet_revision_mid")),
        sqlite_strict=True,
    )
    with op.batch_alter_table("sheet_revision", schema=None) as batch_op:
        batch_op.create_index("ix_sheet_revision_sheet", ["sheet_id"], unique=False)

    op.create_table(
        "admission",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("festival_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("day_window", sa.Text(), nullable=False),
        sa.Column("scan_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at_ms", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("device_number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("changed_ms", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["festival_id"], ["festival.id"], name=op.f("fk_admission_festival_id_festival")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_admission_person_id_person")),
        sa.ForeignKeyConstraint(["scan_id"], ["scan.id"], name=op.f("fk_admission_scan_id_scan")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_admission")),
        sa.UniqueConstraint(
            "person_id", "purpose", "day_window", name=op.f("uq_admission_person_id_purpose_day_window")
        ),
        sqlite_strict=True,
    )
    with op.batch_alter_table("admission", schema=None) as batch_op:
        batch_op.create_index("ix_admission_changed", ["festival_id", "changed_ms"], unique=False)
        batch_op.create_index("ix_admission_scan", ["scan_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("admission", schema=None) as batch_op:
        batch_op.drop_index("ix_admission_scan")
        batch_op.drop_index("ix_admission_changed")

    op.drop_table("admission")
    with op.batch_alter_table("sheet_revision", schema=None) as batch_op:
        batch_op.drop_index("ix_sheet_revision_sheet")

    op.drop_table("sheet_revision")
    with op.batch_alter_table("scan", schema=None) as batch_op:
        batch_op.drop_index("ix_scan_when")

    op.drop_table("scan")
    op.drop_table("mark")
    with op.batch_alter_table("standing", schema=None) as batch_op:
        batch_op.drop_index("ix_standing_place")

    op.drop_table("standing")
    with op.batch_alter_table("score_sheet", schema=None) as batch_op:
        batch_op.drop_index("ix_score_sheet_entry")

    op.drop_table("score_sheet")
    with op.batch_alter_table("refused_sheet", schema=None) as batch_op:
        batch_op.drop_index("ix_refused_sheet_contest")

    op.drop_table("refused_sheet")
    with op.batch_alter_table("pass", schema=None) as batch_op:
        batch_op.drop_index("uq_pass_person")
        batch_op.drop_index("uq_pass_family")
        batch_op.drop_index("uq_pass_delegation")

    op.drop_table("pass")
    op.drop_table("overtime")
    op.drop_table("measure")
    op.drop_table("entry_person")
    with op.batch_alter_table("consent", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_consent_standing",
            sqlite_where=sa.text("withdrawn_at IS NULL"),
            postgresql_where=sa.text("withdrawn_at IS NULL"),
        )

    op.drop_table("consent")
    op.drop_table("award")
    op.drop_table("act")
    op.drop_table("unavailability")
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_person_representative",
            sqlite_where=sa.text("representative"),
            postgresql_where=sa.text("representative"),
        )
        batch_op.drop_index("ix_person_family")
        batch_op.drop_index("ix_person_delegation")

    op.drop_table("person")
    with op.batch_alter_table("entry", schema=None) as batch_op:
        batch_op.drop_index("ix_entry_delegation")

    op.drop_table("entry")
    op.drop_table("state_change")
    with op.batch_alter_table("session", schema=None) as batch_op:
        batch_op.drop_index("ix_session_stage")

    op.drop_table("session")
    with op.batch_alter_table("mutation", schema=None) as batch_op:
        batch_op.drop_index("ix_mutation_verdict")

    op.drop_table("mutation")
    with op.batch_alter_table("jury_decision", schema=None) as batch_op:
        batch_op.drop_index("ix_jury_decision_contest")

    op.drop_table("jury_decision")
    op.drop_table("judge")
    with op.batch_alter_table("import_batch", schema=None) as batch_op:
        batch_op.drop_index("ix_import_batch_delegation")

    op.drop_table("import_batch")
    with op.batch_alter_table("family", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_family_identity",
            sqlite_where=sa.text("identity <> '' AND state <> 'withdrawn'"),
            postgresql_where=sa.text("identity <> '' AND state <> 'withdrawn'"),
        )
        batch_op.drop_index("ix_family_state")
        batch_op.drop_index("ix_family_delegation")

    op.drop_table("family")
    op.drop_table("enrolment_code")
    op.drop_table("draw")
    with op.batch_alter_table("device_note", schema=None) as batch_op:
        batch_op.drop_index("ix_device_note_device")

    op.drop_table("device_note")
    op.drop_table("delegation_officer")
    op.drop_table("criterion")
    op.drop_table("contest_place")
    op.drop_table("user_role")
    op.drop_table("unit_succession")
    op.drop_table("stage")
    with op.batch_alter_table("sign_in", schema=None) as batch_op:
        batch_op.drop_index("ix_sign_in_user")

    op.drop_table("sign_in")
    op.drop_table("registration_draft")
    op.drop_table("plan")
    op.drop_table("phase")
    op.drop_table("one_time_code")
    op.drop_table("ledger_payload")
    op.drop_table("device")
    op.drop_table("delegation")
    op.drop_table("contest")
    op.drop_table("user_account")
    with op.batch_alter_table("unit", schema=None) as batch_op:
        batch_op.drop_index("ix_unit_parent")
        batch_op.drop_index("ix_unit_code")

    op.drop_table("unit")
    with op.batch_alter_table("outbox_mail", schema=None) as batch_op:
        batch_op.drop_index("ix_outbox_mail_due")

    op.drop_table("outbox_mail")
    op.drop_table("ledger_head")
    op.drop_table("ledger_entry")
    op.drop_table("festival")
    op.drop_table("consent_text")
