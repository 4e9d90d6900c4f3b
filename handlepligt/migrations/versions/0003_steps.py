"""The steps of a case, its deadlines and chronology, messages to staff, the log of every look."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "access_log",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=True),
        sa.Column("case_id", sa.String(32), nullable=True),
        sa.Column("action", sa.String(40), nullable=False),
        sa.Column("was_allowed", sa.Boolean(), nullable=False),
        sa.Column("face", sa.String(10), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name="fk_access_log_case_id"),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name="fk_access_log_staff_id"),
        sa.PrimaryKeyConstraint("id", name="pk_access_log"),
    )
    op.create_index("ix_access_log_case_id_at", "access_log", ["case_id", "at"])
    op.create_index("ix_access_log_staff_id", "access_log", ["staff_id"])
    op.create_table(
        "case_event",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("case_id", sa.String(32), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("about", sa.String(1000), nullable=False),
        sa.Column("detail_sealed", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint(
            "kind IN ('concern_raised', 'step_opened', 'step_completed', 'step_not_applicable', "
            "'acute_pressed', 'acute_ended', 'call_logged', 'handover_offered', 'handover_rejected', "
            "'handover_revoked', 'handover_expired', 'duty_transferred', 'followup_set', "
            "'close_requested', 'close_request_withdrawn', 'case_closed', 'case_reopened', "
            "'sibling_linked', 'deadline_breached', 'escalation_acknowledged', 'reminder_queued', "
            "'refused_by_rule')",
            name="ck_case_event_kind",
        ),
        sa.ForeignKeyConstraint(["by_id"], ["staff.id"], name="fk_case_event_by_id"),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name="fk_case_event_case_id"),
        sa.PrimaryKeyConstraint("id", name="pk_case_event"),
    )
    op.create_index("ix_case_event_case_id_at", "case_event", ["case_id", "at"])
    op.create_table(
        "case_step",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("case_id", sa.String(32), nullable=False),
        sa.Column("key", sa.String(60), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_by_id", sa.Integer(), nullable=True),
        sa.Column("answers_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("reason_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("mirrored_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(status IN ('open', 'waiting')) = (settled_at IS NULL)", name="ck_case_step_settled"
        ),
        sa.CheckConstraint(
            "status IN ('open', 'waiting', 'done', 'not_applicable')", name="ck_case_step_status"
        ),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name="fk_case_step_case_id"),
        sa.ForeignKeyConstraint(["settled_by_id"], ["staff.id"], name="fk_case_step_settled_by_id"),
        sa.PrimaryKeyConstraint("id", name="pk_case_step"),
        sa.UniqueConstraint("case_id", "key", "round", name="uq_case_step_case_id_key_round"),
    )
    op.create_index(
        "ix_case_step_unmirrored",
        "case_step",
        ["case_id"],
        sqlite_where=sa.text("mirrored_at IS NULL"),
        postgresql_where=sa.text("mirrored_at IS NULL"),
    )
    op.create_table(
        "contact_call",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("case_id", sa.String(32), nullable=False),
        sa.Column("contact_key", sa.String(60), nullable=False),
        sa.Column("outcome", sa.String(20), nullable=False),
        sa.Column("called_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("note_sealed", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint(
            "outcome IN ('answered', 'no_answer', 'busy', 'message_left')", name="ck_contact_call_outcome"
        ),
        sa.ForeignKeyConstraint(["by_id"], ["staff.id"], name="fk_contact_call_by_id"),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name="fk_contact_call_case_id"),
        sa.PrimaryKeyConstraint("id", name="pk_contact_call"),
    )
    op.create_index("ix_contact_call_case_id", "contact_call", ["case_id"])
    op.create_table(
        "deadline",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("case_id", sa.String(32), nullable=False),
        sa.Column("step_key", sa.String(60), nullable=False),
        sa.Column("step_round", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(60), nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("basis", sa.String(30), nullable=False),
        sa.Column("is_decided", sa.Boolean(), nullable=False),
        sa.Column("reference", sa.String(200), nullable=False),
        sa.Column("offset_text", sa.String(40), nullable=False),
        sa.Column("base_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("safe_due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_safe_working_day", sa.Date(), nullable=True),
        sa.Column("calendar_version", sa.String(40), nullable=False),
        sa.Column("explanation", sa.String(2000), nullable=False),
        sa.Column("ladder", sa.String(60), nullable=False),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("breached_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("acknowledged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("acknowledged_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "status IN ('running', 'met', 'breached', 'met_late', 'lapsed')", name="ck_deadline_status"
        ),
        sa.ForeignKeyConstraint(["acknowledged_by_id"], ["staff.id"], name="fk_deadline_acknowledged_by_id"),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name="fk_deadline_case_id"),
        sa.PrimaryKeyConstraint("id", name="pk_deadline"),
        sa.UniqueConstraint(
            "case_id", "key", "step_round", "step_key", name="uq_deadline_case_id_key_step_round_step_key"
        ),
    )
    op.create_index("ix_deadline_case_id_status", "deadline", ["case_id", "status"])
    op.create_index(
        "ix_deadline_unsettled",
        "deadline",
        ["due_at", "case_id"],
        sqlite_where=sa.text("settled_at IS NULL"),
        postgresql_where=sa.text("settled_at IS NULL"),
    )
    op.create_table(
        "notification",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.String(32), nullable=True),
        sa.Column("message", sa.String(60), nullable=False),
        sa.Column("urgency", sa.Integer(), nullable=False),
        sa.Column("variables", sa.String(16000), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("dedupe", sa.String(200), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name="fk_notification_case_id"),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name="fk_notification_staff_id"),
        sa.PrimaryKeyConstraint("id", name="pk_notification"),
        sa.UniqueConstraint("dedupe", name="uq_notification_dedupe"),
    )
    op.create_index("ix_notification_case_id", "notification", ["case_id"])
    op.create_index("ix_notification_staff_id_at", "notification", ["staff_id", "at"])
    op.create_table(
        "delivery",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("notification_id", sa.String(32), nullable=False),
        sa.Column("channel", sa.String(30), nullable=False),
        sa.Column("urgency", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(10), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_attempt_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("message_id", sa.String(120), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer", sa.String(300), nullable=False),
        sa.CheckConstraint("(status = 'sent') = (sent_at IS NOT NULL)", name="ck_delivery_sent"),
        sa.CheckConstraint("status IN ('queued', 'sent', 'failed')", name="ck_delivery_status"),
        sa.ForeignKeyConstraint(["notification_id"], ["notification.id"], name="fk_delivery_notification_id"),
        sa.PrimaryKeyConstraint("id", name="pk_delivery"),
        sa.UniqueConstraint("notification_id", "channel", name="uq_delivery_notification_id_channel"),
    )
    op.create_index(
        "ix_delivery_failed",
        "delivery",
        ["notification_id"],
        sqlite_where=sa.text("status = 'failed'"),
        postgresql_where=sa.text("status = 'failed'"),
    )
    op.create_index(
        "ix_delivery_queued",
        "delivery",
        ["urgency", "next_attempt_at"],
        sqlite_where=sa.text("status = 'queued'"),
        postgresql_where=sa.text("status = 'queued'"),
    )
    op.create_table(
        "due_row",
        sa.Column("fire_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("case_id", sa.String(32), nullable=False),
        sa.Column("deadline_id", sa.String(32), nullable=True),
        sa.Column("offer_id", sa.String(32), nullable=True),
        sa.Column("kind", sa.String(30), nullable=False),
        sa.Column("message", sa.String(60), nullable=False),
        sa.Column("roles", sa.String(500), nullable=False),
        sa.Column("rung", sa.Integer(), nullable=False),
        sa.Column("repeat_minutes", sa.Integer(), nullable=True),
        sa.Column("respects_quiet_hours", sa.Boolean(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("dedupe", sa.String(200), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name="fk_due_row_case_id"),
        sa.ForeignKeyConstraint(["deadline_id"], ["deadline.id"], name="fk_due_row_deadline_id"),
        sa.ForeignKeyConstraint(["offer_id"], ["handover_offer.id"], name="fk_due_row_offer_id"),
        sa.PrimaryKeyConstraint("fire_at", "id", name="pk_due_row"),
        sa.UniqueConstraint("dedupe", name="uq_due_row_dedupe"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_due_row_case_id", "due_row", ["case_id"])


def downgrade() -> None:
    op.drop_table("due_row")
    op.drop_table("delivery")
    op.drop_table("notification")
    op.drop_table("deadline")
    op.drop_table("contact_call")
    op.drop_table("case_step")
    op.drop_table("case_event")
    op.drop_table("access_log")
