"""The tick of the planner: who is due for a look, one change each. A poisoned row cannot stop the others."""

from datetime import timedelta

import structlog

from bot import agenda
from bot.clock import Clock
from bot.office import Office
from lessons.enrolment import EnrolmentId
from storage import enrolments
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
        """Plan until nobody is due; returns how many were looked at."""
        looked = 0
        while True:
            now = self._clock.people_now()
            due = await self._store.read(lambda tx, n=now: enrolments.due_now(tx, n, limit=BATCH))  # type: ignore[misc]  # the default binds the instant
            if not due:
                return looked
            for enrolment_id in due:
                await self._look(enrolment_id)
            looked += len(due)

    async def _look(self, enrolment_id: EnrolmentId) -> None:
        now = self._clock.people_now()
        try:
            await self._store.change(lambda tx: agenda.replan(tx, self._office.courses, enrolment_id, now=now))
        except Exception:
            log.exception("plan.failed", enrolment=enrolment_id, again_at=(now + POISONED_FOR).isoformat())

            async def push(tx: Tx) -> None:
                await enrolments.look(tx, enrolment_id, now + POISONED_FOR)

            await self._store.change(push)
