"""People who agreed to be remembered, and their conversations."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from visavis.store.tables import UtcTime

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Makes the tables and their indexes."""
    op.create_table(
        "memory_people",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("agreed_at", UtcTime(), nullable=False),
        sa.Column("seen_at", UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_memory_people"),
    )
    op.create_table(
        "memory_conversations",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("person_id", sa.String(64), nullable=False),
        sa.Column("persona", sa.String(64), nullable=False),
        sa.Column("language", sa.String(8), nullable=False),
        sa.Column("began_at", UtcTime(), nullable=False),
        sa.Column("updated_at", UtcTime(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("messages", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_memory_conversations"),
        sa.ForeignKeyConstraint(
            ["person_id"], ["memory_people.id"], name="fk_memory_conversations_person_id", ondelete="CASCADE"
        ),
    )
    op.create_index("ix_memory_people_seen_at", "memory_people", ["seen_at"])
    op.create_index("ix_memory_conversations_updated_at", "memory_conversations", ["updated_at"])
    op.create_index("ix_memory_conversations_person_id_persona", "memory_conversations", ["person_id", "persona"])


def downgrade() -> None:
    """Removes the tables."""
    for table in ("memory_conversations", "memory_people"):
        op.drop_table(table)
