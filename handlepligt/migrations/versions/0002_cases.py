"""Citizens, their cases and the duty ledger: who holds the duty, hands it over, asks to close."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "citizen",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("name_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("cpr_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("birth_date_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("notes_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("cpr_index", sa.String(64), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_citizen"),
    )
    op.create_index("ix_citizen_cpr_index", "citizen", ["cpr_index"])
    op.create_table(
        "case",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("reference", sa.String(20), nullable=False),
        sa.Column("track", sa.String(60), nullable=False),
        sa.Column("protocol_version", sa.String(40), nullable=False),
        sa.Column("status", sa.String(30), nullable=False),
        sa.Column("is_acute", sa.Boolean(), nullable=False),
        sa.Column("acute_presses", sa.Integer(), nullable=False),
        sa.Column("acute_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("raised_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("raised_by_id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("keeper_id", sa.Integer(), nullable=False),
        sa.Column("citizen_id", sa.String(32), nullable=False),
        sa.Column("summary_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("facts_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("next_followup_on", sa.Date(), nullable=True),
        sa.Column("next_due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("touched_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("open_for", sa.String(32), nullable=True),
        sa.Column("openings", sa.Integer(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("end_key", sa.String(60), nullable=True),
        sa.Column("wake", sa.Integer(), nullable=False),
        sa.Column("seen", sa.Integer(), nullable=False),
        sa.Column("flow_run_id", sa.String(36), nullable=True),
        sa.CheckConstraint(
            "(status = 'closed' AND open_for IS NULL AND closed_at IS NOT NULL) OR (status <> 'closed' AND "
            "open_for IS NOT NULL AND open_for = id AND closed_at IS NULL)",
            name="ck_case_open_for",
        ),
        sa.CheckConstraint("status = 'closed' OR next_due_at IS NOT NULL", name="ck_case_next_due"),
        sa.CheckConstraint(
            "status IN ('received', 'in_progress', 'follow_up', 'handover_pending', 'reopened', 'closed')",
            name="ck_case_status",
        ),
        sa.ForeignKeyConstraint(["citizen_id"], ["citizen.id"], name="fk_case_citizen_id"),
        sa.ForeignKeyConstraint(
            ["id", "openings", "closed_at"],
            ["duty_holding.case_id", "duty_holding.opening", "duty_holding.until"],
            name="fk_case_closed_at_duty_holding",
            initially="DEFERRED",
            deferrable=True,
            use_alter=True,
        ),
        sa.ForeignKeyConstraint(["keeper_id"], ["staff.id"], name="fk_case_keeper_id"),
        sa.ForeignKeyConstraint(
            ["open_for", "openings"],
            ["duty_holding.open_for", "duty_holding.opening"],
            name="fk_case_open_for_duty_holding",
            initially="DEFERRED",
            deferrable=True,
            use_alter=True,
        ),
        sa.ForeignKeyConstraint(["raised_by_id"], ["staff.id"], name="fk_case_raised_by_id"),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name="fk_case_team_id"),
        sa.PrimaryKeyConstraint("id", name="pk_case"),
        sa.UniqueConstraint("open_for", "openings", name="uq_case_open_for_openings"),
        sa.UniqueConstraint("reference", name="uq_case_reference"),
    )
    op.create_index("ix_case_citizen_id", "case", ["citizen_id"])
    op.create_index("ix_case_keeper_id_status", "case", ["keeper_id", "status"])
    op.create_index(
        "ix_case_open_due",
        "case",
        ["next_due_at", "id"],
        sqlite_where=sa.text("status <> 'closed'"),
        postgresql_where=sa.text("status <> 'closed'"),
    )
    op.create_index("ix_case_team_id_status", "case", ["team_id", "status"])
    op.create_index(
        "ix_case_woken",
        "case",
        ["id"],
        sqlite_where=sa.text("wake > seen"),
        postgresql_where=sa.text("wake > seen"),
    )
    op.create_table(
        "close_request",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("case_id", sa.String(32), nullable=False),
        sa.Column("end_key", sa.String(60), nullable=False),
        sa.Column("has_siblings", sa.String(3), nullable=False),
        sa.Column("reason_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("answers_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("has_siblings IN ('yes', 'no')", name="ck_close_request_has_siblings"),
        sa.CheckConstraint(
            "status <> 'approved' OR (decided_by_id IS NOT NULL AND decided_by_id <> by_id AND decided_at "
            "IS NOT NULL)",
            name="ck_close_request_four_eyes",
        ),
        sa.CheckConstraint("status IN ('waiting', 'approved', 'withdrawn')", name="ck_close_request_status"),
        sa.ForeignKeyConstraint(["by_id"], ["staff.id"], name="fk_close_request_by_id"),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name="fk_close_request_case_id"),
        sa.ForeignKeyConstraint(["decided_by_id"], ["staff.id"], name="fk_close_request_decided_by_id"),
        sa.PrimaryKeyConstraint("id", name="pk_close_request"),
    )
    op.create_index("ix_close_request_case_id", "close_request", ["case_id"])
    op.create_index(
        "uq_close_request_waiting",
        "close_request",
        ["case_id"],
        unique=True,
        sqlite_where=sa.text("status = 'waiting'"),
        postgresql_where=sa.text("status = 'waiting'"),
    )
    op.create_table(
        "duty_holding",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("case_id", sa.String(32), nullable=False),
        sa.Column("opening", sa.Integer(), nullable=False),
        sa.Column("holder_id", sa.Integer(), nullable=True),
        sa.Column("authority_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("previous_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("open_for", sa.String(32), nullable=True),
        sa.CheckConstraint(
            "(holder_id IS NOT NULL AND authority_sealed IS NULL) OR (holder_id IS NULL AND "
            "authority_sealed IS NOT NULL)",
            name="ck_duty_holding_one_holder",
        ),
        sa.CheckConstraint(
            "(until IS NULL AND open_for IS NOT NULL AND open_for = case_id) OR (until IS NOT NULL AND "
            "open_for IS NULL)",
            name="ck_duty_holding_open_for",
        ),
        sa.CheckConstraint("previous_until IS NULL OR previous_until = since", name="ck_duty_holding_no_gap"),
        sa.CheckConstraint("until IS NULL OR until > since", name="ck_duty_holding_until_after_since"),
        sa.ForeignKeyConstraint(
            ["case_id", "opening", "previous_until"],
            ["duty_holding.case_id", "duty_holding.opening", "duty_holding.until"],
            name="fk_duty_holding_previous",
        ),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name="fk_duty_holding_case_id"),
        sa.ForeignKeyConstraint(["holder_id"], ["staff.id"], name="fk_duty_holding_holder_id"),
        sa.ForeignKeyConstraint(
            ["open_for", "opening"],
            ["case.open_for", "case.openings"],
            name="fk_duty_holding_open_for_case",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name="pk_duty_holding"),
        sa.UniqueConstraint("case_id", "opening", "previous_until", name="uq_duty_holding_successor"),
        sa.UniqueConstraint("case_id", "opening", "until", name="uq_duty_holding_end"),
        sa.UniqueConstraint("open_for", "opening", name="uq_duty_holding_open_for_opening"),
        sa.UniqueConstraint("open_for", name="uq_duty_holding_open_for"),
    )
    op.create_index("ix_duty_holding_holder_id", "duty_holding", ["holder_id"])
    op.create_index(
        "uq_duty_holding_first",
        "duty_holding",
        ["case_id", "opening"],
        unique=True,
        sqlite_where=sa.text("previous_until IS NULL"),
        postgresql_where=sa.text("previous_until IS NULL"),
    )
    op.create_table(
        "handover_offer",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("case_id", sa.String(32), nullable=False),
        sa.Column("to_id", sa.Integer(), nullable=True),
        sa.Column("to_pool", sa.String(60), nullable=True),
        sa.Column("note_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("offered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("renewals", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("answered_by_id", sa.Integer(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason_sealed", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint(
            "status <> 'accepted' OR (answered_by_id IS NOT NULL AND answered_at IS NOT NULL)",
            name="ck_handover_offer_accepted_by_somebody",
        ),
        sa.CheckConstraint(
            "status <> 'rejected' OR reason_sealed IS NOT NULL", name="ck_handover_offer_rejected_with_reason"
        ),
        sa.CheckConstraint(
            "status IN ('offered', 'accepted', 'rejected', 'revoked', 'expired')",
            name="ck_handover_offer_status",
        ),
        sa.CheckConstraint("(to_id IS NULL) <> (to_pool IS NULL)", name="ck_handover_offer_one_recipient"),
        sa.ForeignKeyConstraint(["answered_by_id"], ["staff.id"], name="fk_handover_offer_answered_by_id"),
        sa.ForeignKeyConstraint(["by_id"], ["staff.id"], name="fk_handover_offer_by_id"),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name="fk_handover_offer_case_id"),
        sa.ForeignKeyConstraint(["to_id"], ["staff.id"], name="fk_handover_offer_to_id"),
        sa.PrimaryKeyConstraint("id", name="pk_handover_offer"),
    )
    op.create_index("ix_handover_offer_case_id", "handover_offer", ["case_id"])
    op.create_index("ix_handover_offer_to_id", "handover_offer", ["to_id"])
    op.create_index(
        "uq_handover_offer_waiting",
        "handover_offer",
        ["case_id"],
        unique=True,
        sqlite_where=sa.text("status = 'offered'"),
        postgresql_where=sa.text("status = 'offered'"),
    )
    op.create_table(
        "sibling_link",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("case_id", sa.String(32), nullable=False),
        sa.Column("other_case_id", sa.String(32), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("linked_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("case_id < other_case_id", name="ck_sibling_link_ordered"),
        sa.ForeignKeyConstraint(["by_id"], ["staff.id"], name="fk_sibling_link_by_id"),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name="fk_sibling_link_case_id"),
        sa.ForeignKeyConstraint(["other_case_id"], ["case.id"], name="fk_sibling_link_other_case_id"),
        sa.PrimaryKeyConstraint("id", name="pk_sibling_link"),
        sa.UniqueConstraint("case_id", "other_case_id", name="uq_sibling_link_case_id_other_case_id"),
    )
    op.create_index("ix_sibling_link_other_case_id", "sibling_link", ["other_case_id"])
    # These two tables point at each other. SQLite has the keys in the table itself and cannot add them;
    # PostgreSQL left them out, because the other table did not exist yet.
    if op.get_bind().dialect.supports_alter:
        op.create_foreign_key(
            "fk_case_closed_at_duty_holding",
            "case",
            "duty_holding",
            ["id", "openings", "closed_at"],
            ["case_id", "opening", "until"],
            deferrable=True,
            initially="DEFERRED",
        )
        op.create_foreign_key(
            "fk_case_open_for_duty_holding",
            "case",
            "duty_holding",
            ["open_for", "openings"],
            ["open_for", "opening"],
            deferrable=True,
            initially="DEFERRED",
        )


def downgrade() -> None:
    if op.get_bind().dialect.supports_alter:
        op.drop_constraint("fk_case_closed_at_duty_holding", "case", type_="foreignkey")
        op.drop_constraint("fk_case_open_for_duty_holding", "case", type_="foreignkey")
    op.drop_table("sibling_link")
    op.drop_table("handover_offer")
    op.drop_table("duty_holding")
    op.drop_table("close_request")
    op.drop_table("case")
    op.drop_table("citizen")
