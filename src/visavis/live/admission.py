"""How many turns of all sessions are made at once; the others wait, first come, first served, and are told."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

Tell = Callable[[int, int], None]
"""Told `(position, length)` of the line whenever that changes, positions from 1; `(0, 0)` when the turn has come."""


class Admission:
    """Lets `limit` turns be made at once, any number when it is None.

    Turns of people who have finished go before those that were begun ahead of time, and only their people are told.
    """

    def __init__(self, limit: int | None = None) -> None:
        self._limit = limit
        self._line: list[Place] = []
        self.making = 0
        """Turns that are being made."""

    @property
    def waiting(self) -> int:
        """People who wait for their answer to be begun."""
        return sum(place.urgent for place in self._line)

    @property
    def free(self) -> bool:
        """Whether a turn could be begun now."""
        return not self._line and (self._limit is None or self.making < self._limit)

    def place(self, tell: Tell) -> Place:
        """A place for one turn, not yet in the line."""
        return Place(self, tell)

    async def enter(self, place: Place) -> bool:
        """Waits until the turn may be made; returns whether it had to wait."""
        if self.free:
            self.making += 1
            return False
        place.coming = asyncio.get_running_loop().create_future()
        self._line.append(place)
        self.order()
        try:
            await place.coming
        except asyncio.CancelledError:
            if place in self._line:
                self._line.remove(place)
                self.order()
            else:
                self.left()
            raise
        return True

    def left(self) -> None:
        """A turn has been made, or given up."""
        self.making -= 1
        while self._line and (self._limit is None or self.making < self._limit):
            self.making += 1
            self._line.pop(0).come()
        self.order()

    def order(self) -> None:
        """Puts who has finished first, and tells them where they stand."""
        self._line.sort(key=lambda place: not place.urgent)
        told = self.waiting
        for position, place in enumerate(self._line[:told], 1):
            place.stands(position, told)


class Place:
    """One turn's place among those that are made: taken once, left once."""

    def __init__(self, admission: Admission, tell: Tell) -> None:
        self.urgent = False
        """The person has finished and waits."""
        self.coming: asyncio.Future[None] | None = None
        self._admission = admission
        self._tell = tell
        self._told: tuple[int, int] | None = None
        self._held = self._left = False

    async def take(self) -> bool:
        """Waits until the turn may be made; returns whether it had to wait. Cancelled, it gives the place up."""
        waited = await self._admission.enter(self)
        self._held = True
        return waited

    def urge(self) -> None:
        """The person has finished."""
        self.urgent = True
        self._admission.order()

    def leave(self) -> None:
        """The turn is made, or over; a second call changes nothing."""
        if self._held and not self._left:
            self._left = True
            self._admission.left()

    def stands(self, position: int, length: int) -> None:
        """Tells the person, when it is news."""
        if self._told != (position, length):
            self._told = (position, length)
            self._tell(position, length)

    def come(self) -> None:
        """The turn may be made."""
        assert self.coming is not None
        self.coming.set_result(None)
        if self._told is not None:
            self._tell(0, 0)
