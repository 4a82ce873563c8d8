"""The studio's five tables."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from visavis.store.tables import UtcTime

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Makes the tables and their indexes."""
    op.create_table(
        "user_sessions",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("started_at", UtcTime(), nullable=False),
        sa.Column("last_seen_at", UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_user_sessions"),
    )
    op.create_table(
        "generation_jobs",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("session_id", sa.String(32), nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("request", sa.JSON(), nullable=False),
        sa.Column("image_path", sa.Text(), nullable=False),
        sa.Column("audio_path", sa.Text(), nullable=False),
        sa.Column("output_video_path", sa.Text(), nullable=False),
        sa.Column("emotion", sa.String(32), nullable=False),
        sa.Column("confidence", sa.Float(53)),
        sa.Column("avatar_control", sa.JSON(), nullable=False),
        sa.Column("control_source", sa.String(32), nullable=False),
        sa.Column("progress", sa.JSON()),
        sa.Column("files", sa.JSON(), nullable=False),
        sa.Column("provenance", sa.JSON(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.Column("started_at", UtcTime()),
        sa.Column("completed_at", UtcTime()),
        sa.Column("error_code", sa.String(64), nullable=False),
        sa.Column("error_message", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_generation_jobs"),
        sa.ForeignKeyConstraint(["session_id"], ["user_sessions.id"], name="fk_generation_jobs_session_id"),
    )
    op.create_table(
        "performance_metrics",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("job_id", sa.String(64), nullable=False),
        sa.Column("fps", sa.Float(53)),
        sa.Column("latency_ms", sa.Float(53)),
        sa.Column("gpu_usage", sa.Float(53)),
        sa.Column("ram_usage", sa.Float(53)),
        sa.Column("stage_timings", sa.JSON(), nullable=False),
        sa.Column("realtime_factor", sa.Float(53)),
        sa.Column("measured_at", UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_performance_metrics"),
        _of_job("performance_metrics", "CASCADE"),
    )
    op.create_table(
        "quality_reports",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("job_id", sa.String(64), nullable=False),
        sa.Column("ssim_score", sa.Float(53)),
        sa.Column("psnr_score", sa.Float(53)),
        sa.Column("fid_score", sa.Float(53)),
        sa.Column("lip_sync_score", sa.Float(53)),
        sa.Column("overall", sa.Float(53)),
        sa.Column("report", sa.JSON(), nullable=False),
        sa.Column("judged_at", UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_quality_reports"),
        _of_job("quality_reports", "CASCADE"),
    )
    op.create_table(
        "cost_tracking",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("job_id", sa.String(64)),
        sa.Column("session_id", sa.String(32)),
        sa.Column("service", sa.String(64), nullable=False),
        sa.Column("units", sa.Float(53), nullable=False),
        sa.Column("unit", sa.String(32), nullable=False),
        sa.Column("cost", sa.Float(53)),
        sa.Column("spent_at", UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_cost_tracking"),
        _of_job("cost_tracking", "SET NULL"),
        sa.ForeignKeyConstraint(
            ["session_id"], ["user_sessions.id"], name="fk_cost_tracking_session_id", ondelete="SET NULL"
        ),
    )
    op.create_index("ix_user_sessions_owner", "user_sessions", ["owner"])
    op.create_index("ix_generation_jobs_status_created_at", "generation_jobs", ["status", "created_at"])
    op.create_index("ix_generation_jobs_session_id", "generation_jobs", ["session_id"])
    op.create_index("ix_performance_metrics_job_id", "performance_metrics", ["job_id"])
    op.create_index("ix_quality_reports_job_id", "quality_reports", ["job_id"])
    op.create_index("ix_cost_tracking_job_id", "cost_tracking", ["job_id"])
    op.create_index("ix_cost_tracking_session_id", "cost_tracking", ["session_id"])


def downgrade() -> None:
    """Removes the tables."""
    for table in ("cost_tracking", "quality_reports", "performance_metrics", "generation_jobs", "user_sessions"):
        op.drop_table(table)


def _of_job(table: str, when_deleted: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["job_id"], ["generation_jobs.id"], name=f"fk_{table}_job_id", ondelete=when_deleted)
