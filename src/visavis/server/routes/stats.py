"""What the dashboard shows."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request

from visavis.server.house import House
from visavis.server.job_answer import DashboardAnswer

router = APIRouter(prefix="/api/v1/stats", tags=["studio"])


@router.get("/dashboard", response_model=DashboardAnswer)
async def dashboard(request: Request) -> dict[str, Any]:
    """Jobs by outcome, their speed and quality; what was not measured yet is null."""
    house: House = request.app.state.house
    return await house.workshop.statistics()
