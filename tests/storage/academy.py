"""A used database: a cohort with learners, each with everything that a person leaves behind."""

from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import insert

from storage import schema
from storage.store import Store, Tx

NOW = datetime(2026, 3, 1, 6, tzinfo=UTC)
ASHA, BABU, CHITRA = 7_111_222_333_444, 7_222_333_444_555, 7_333_444_555_666


async def found(store: Store) -> int:
    """A cohort to enrol into; its id."""

    async def make(tx: Tx) -> int:
        await tx.run(
            insert(schema.question_version).values(
                version="v1", course_id="c", question_id="q1", words={"stem": "Why?"}, first_used_at=NOW
            )
        )
        return await tx.insert(
            insert(schema.cohort).values(
                course_id="c", name="Spring", start_on=date(2026, 3, 1), slot=time(8, 30), created_at=NOW
            )
        )

    return await store.change(make)


async def enrol(store: Store, cohort_id: int, telegram_id: int, name: str, number: int = 1) -> int:
    """A learner in the middle of her course; her id. `number` keeps update ids and keys apart."""

    async def make(tx: Tx) -> int:
        learner_id = await tx.insert(insert(schema.learner).values(language="en", consent="1", consented_at=NOW))
        await tx.run(insert(schema.person).values(learner_id=learner_id, telegram_id=telegram_id, name=name))
        await tx.run(
            insert(schema.posting).values(
                learner_id=learner_id,
                place="Jeddah",
                country="SA",
                zone="Asia/Riyadh",
                from_on=date(2026, 1, 1),
            )
        )
        enrolment_id = await tx.insert(
            insert(schema.enrolment).values(
                learner_id=learner_id,
                cohort_id=cohort_id,
                state="active",
                joined_at=NOW,
                first_on=date(2026, 3, 1),
                free_since_at=NOW,
                look_at=NOW,
            )
        )
        await tx.run(insert(schema.due).values(at=NOW, enrolment_id=enrolment_id))
        asking_id = await tx.insert(
            insert(schema.asking).values(
                enrolment_id=enrolment_id,
                lesson_id="l1",
                question_id="q1",
                kind="day",
                number=1,
                version="v1",
                state="settled",
                planned_on=date(2026, 3, 1),
            )
        )
        await tx.run(insert(schema.attempt).values(asking_id=asking_id, choice_id="a", correct=1, answered_at=NOW))
        for state in ("pending", "held", "sent"):  # held: in somebody's hand
            delivery_id = await tx.insert(
                insert(schema.delivery).values(
                    key=f"lesson:{number}:{state}",
                    kind="lesson",
                    lane=1,
                    learner_id=learner_id,
                    telegram_id=telegram_id,
                    enrolment_id=enrolment_id,
                    meaning={"greeting": name},
                    state="sent" if state == "sent" else "pending",
                    due_at=NOW,
                )
            )
            if state == "held":
                held = {"delivery_id": delivery_id, "owner": "one", "lease_until": NOW}
                await tx.run(insert(schema.delivery_lease).values(held))
        await tx.run(
            insert(schema.conversation).values(
                telegram_id=telegram_id, step="name", so_far={"name": name}, since_at=NOW
            )
        )
        for offset, state in enumerate(("done", "open")):
            await tx.run(
                insert(schema.inbox).values(
                    update_id=number * 100 + offset,
                    telegram_id=telegram_id,
                    payload={"from": {"id": telegram_id, "first_name": name}, "text": name * 200},
                    state=state,
                    owed={"to": telegram_id},
                    received_at=NOW + timedelta(seconds=offset),
                )
            )
        return learner_id

    return await store.change(make)
