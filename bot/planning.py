"""The tick of the planner: who is due for a look, one change each. A poisoned row cannot stop the others.

Every process on a database ticks, one at a time: looks of two at once would undo each other, for each reads and
writes among the same few pages. Whoever finds another at it leaves the rest to that one until the next tick.
"""

from datetime import timedelta

import structlog

from bot import agenda
from bot.clock import Clock
from bot.office import Office
from lessons.enrolment import EnrolmentId
from storage import enrolments
from storage.errors import StorageError
from storage.store import Store, Tx

log = structlog.get_logger()

BATCH = 200
POISONED_FOR = timedelta(hours=1)


class Planning:
    """Looks at every enrolment whose time has come."""

    def __init__(self, store: Store, office: Office, clock: Clock) -> None:
        self._store = store
        self._office = office
        self._clock = clock

    async def tick(self) -> int:
        """Plan until nobody is due, or another process is at it; returns how many looks were made here."""
        looked = 0
        while True:
            now = self._clock.people_now()
            due = await self._store.read(lambda tx, n=now: enrolments.due_now(tx, n, limit=BATCH))  # type: ignore[misc]  # the default binds the instant
            if not due:
                return looked
            for enrolment_id in due:
                made = await self._look(enrolment_id)
                if made is None:
                    return looked
                looked += made

    async def _look(self, enrolment_id: EnrolmentId) -> bool | None:
        """Whether the look was still to be made; None while another process plans."""
        now = self._clock.people_now()

        async def make(tx: Tx) -> bool | None:
            if not await enrolments.our_turn(tx):
                return None
            due = await enrolments.is_due(tx, enrolment_id, now)
            if due:
                await agenda.replan(tx, self._office.courses, enrolment_id, now=now)
            return due

        try:
            return await self._store.change(make)
        except StorageError:  # no fault of this enrolment: the next tick finds it due
            raise
        except Exception:
            log.exception("plan.failed", enrolment=enrolment_id, again_at=(now + POISONED_FOR).isoformat())

            async def push(tx: Tx) -> None:
                await enrolments.look(tx, enrolment_id, now + POISONED_FOR)

            await self._store.change(push)
            return True
