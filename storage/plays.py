"""Simulations as they are played: each move recorded once, with the state before and after it."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import bindparam, func, select

from lessons.enrolment import CohortId, EnrolmentId
from lessons.simulation import MoveId, PlaceId, SimulationId
from storage import rows
from storage.schema import cohort, enrolment, person
from storage.simulation_schema import play, play_move
from storage.store import Tx

COLUMNS = (
    "telegram_id",
    "cohort",
    "simulation",
    "play",
    "replay_of",
    "n",
    "scene",
    "move",
    "before",
    "after",
    "moved_at",
    "update_id",
)


class Play(NamedTuple):
    """A play and where it stands: `moves` made in it, `state` after the last."""

    id: int
    enrolment_id: EnrolmentId
    simulation_id: SimulationId
    replay_of: int | None
    started_at: datetime
    ended_at: datetime | None
    ending: PlaceId | None
    moves: int
    state: Mapping[str, Any]


_LAST = (
    select(play_move.c.after)
    .where(play_move.c.play_id == play.c.id)
    .order_by(play_move.c.n.desc())
    .limit(1)
    .correlate(play)
    .scalar_subquery()
)
_MADE = select(func.count()).where(play_move.c.play_id == play.c.id).correlate(play).scalar_subquery()
_PLAY = select(
    *(play.c[name] for name in Play._fields[:7]), _MADE.label("moves"), _LAST.label("last"), play.c.begun_from
)
_GET = _PLAY.where(play.c.id == bindparam("play_id"))
_OF_ENROLMENT = _PLAY.where(play.c.enrolment_id == bindparam("enrolment_id")).order_by(play.c.id.desc())


def _value(row: Any) -> Play:
    state = row.last if row.last is not None else row.begun_from
    return Play._make((*row[:8], state))


async def begin(
    tx: Tx,
    enrolment_id: EnrolmentId,
    simulation_id: SimulationId,
    state: Mapping[str, Any],
    *,
    replay_of: int | None = None,
    now: datetime,
) -> int:
    """A play that starts in that state; returns its id."""
    values: dict[str, Any] = {"enrolment_id": enrolment_id, "simulation_id": simulation_id, "begun_from": state}
    return await rows.add(tx, play, values | {"replay_of": replay_of, "started_at": now})


async def get(tx: Tx, play_id: int) -> Play | None:
    """The play of that id."""
    row = await tx.first(_GET, play_id=play_id)
    return None if row is None else _value(row)


async def of_enrolment(tx: Tx, enrolment_id: EnrolmentId) -> list[Play]:
    """Everything an enrolment has played, the newest first."""
    return [_value(row) for row in await tx.all(_OF_ENROLMENT, enrolment_id=enrolment_id)]


async def record(
    tx: Tx,
    play_id: int,
    n: int,
    move_id: MoveId,
    *,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    now: datetime,
    update_id: int | None,
) -> bool:
    """The move of that number. The first one wins: False when one was recorded before."""
    values = {"play_id": play_id, "n": n, "scene": before["at"], "move": move_id, "leads_to": after["at"]}
    values |= {"before": before, "after": after, "moved_at": now, "update_id": update_id}
    return await rows.add_unless_there(tx, play_move, values)


async def end(tx: Tx, play_id: int, ending: PlaceId, *, now: datetime) -> None:
    """It has come to an ending."""
    await rows.change(tx, play, {"id": play_id}, {"ending": ending, "ended_at": now})


_FIRST_PLAY = (  # of each person: later ones know how it may end
    select(func.min(play.c.id))
    .join(enrolment, enrolment.c.id == play.c.enrolment_id)
    .where(enrolment.c.cohort_id == bindparam("cohort_id"), play.c.simulation_id == bindparam("simulation_id"))
    .group_by(play.c.enrolment_id)
)
_AT = (
    select(play_move.c.move, func.count().label("n"))
    .where(play_move.c.play_id.in_(_FIRST_PLAY), play_move.c.scene == bindparam("scene"))
    .group_by(play_move.c.move)
    .order_by(play_move.c.move)
)
_FLOWS = (
    select(play_move.c.scene, play_move.c.move, play_move.c.leads_to, func.count().label("n"))
    .join(play, play.c.id == play_move.c.play_id)
    .where(play_move.c.play_id.in_(_FIRST_PLAY), play.c.ended_at.is_not(None))
    .group_by(play_move.c.scene, play_move.c.move, play_move.c.leads_to)
    .order_by(play_move.c.scene, play_move.c.move, play_move.c.leads_to)
)
_FIRST_PLAYS = select(play.c.ending, play.c.started_at, play.c.ended_at).where(play.c.id.in_(_FIRST_PLAY))
_COUNTS = (
    select(play.c.simulation_id, func.count(play.c.enrolment_id.distinct()).label("people"))
    .join(enrolment, enrolment.c.id == play.c.enrolment_id)
    .where(enrolment.c.cohort_id == bindparam("cohort_id"))
    .group_by(play.c.simulation_id)
    .order_by(play.c.simulation_id)
)
_again, _once = play.alias("again"), play_move.alias("once")
_other = play_move.alias("other")
_REGRETS = (
    select(_once.c.move, func.count(play.c.enrolment_id.distinct()).label("n"))
    .select_from(play)
    .join(_again, _again.c.replay_of == play.c.id)
    .join(_once, (_once.c.play_id == play.c.id) & (_once.c.scene == bindparam("scene")))
    .join(_other, (_other.c.play_id == _again.c.id) & (_other.c.scene == _once.c.scene))
    .where(play.c.id.in_(_FIRST_PLAY), _other.c.move != _once.c.move)
    .group_by(_once.c.move)
    .order_by(_once.c.move)
)


async def chosen_at(tx: Tx, cohort_id: CohortId, simulation_id: SimulationId, scene: PlaceId) -> dict[MoveId, int]:
    """Move → how many of a cohort made it in that scene, the first time they played."""
    bound = {"cohort_id": cohort_id, "simulation_id": simulation_id, "scene": scene}
    return {MoveId(row.move): row.n for row in await tx.all(_AT, **bound)}


async def regretted(tx: Tx, cohort_id: CohortId, simulation_id: SimulationId, scene: PlaceId) -> dict[MoveId, int]:
    """Move → how many made it in that scene first, and another when they played again from there."""
    bound = {"cohort_id": cohort_id, "simulation_id": simulation_id, "scene": scene}
    return {MoveId(row.move): row.n for row in await tx.all(_REGRETS, **bound)}


class Flow(NamedTuple):
    """How many people went from a scene by a move to a place."""

    scene: PlaceId
    move: MoveId
    leads_to: PlaceId
    people: int


async def flows(tx: Tx, cohort_id: CohortId, simulation_id: SimulationId) -> list[Flow]:
    """Every way that somebody of a cohort took whose first play has ended."""
    return [Flow(*row) for row in await tx.all(_FLOWS, cohort_id=cohort_id, simulation_id=simulation_id)]


async def first_plays(
    tx: Tx, cohort_id: CohortId, simulation_id: SimulationId
) -> list[tuple[PlaceId | None, float | None]]:
    """(ending, minutes to it) of everybody's first play; None while it goes on."""
    found = await tx.all(_FIRST_PLAYS, cohort_id=cohort_id, simulation_id=simulation_id)
    return [
        (row.ending, (row.ended_at - row.started_at).total_seconds() / 60 if row.ended_at else None) for row in found
    ]


async def people(tx: Tx, cohort_id: CohortId) -> dict[SimulationId, int]:
    """Simulation → how many of a cohort have begun it."""
    return {SimulationId(row.simulation_id): row.people for row in await tx.all(_COUNTS, cohort_id=cohort_id)}


_MOVES = (
    select(
        play.c.id,
        enrolment.c.learner_id,
        person.c.telegram_id,
        cohort.c.name.label("cohort"),
        play.c.simulation_id.label("simulation"),
        play.c.id.label("play"),
        play.c.replay_of,
        *(play_move.c[name] for name in ("n", "scene", "move", "before", "after", "moved_at", "update_id")),
    )
    .select_from(
        play_move.join(play, play.c.id == play_move.c.play_id)
        .join(enrolment, enrolment.c.id == play.c.enrolment_id)
        .join(cohort, cohort.c.id == enrolment.c.cohort_id)
        .outerjoin(person, person.c.learner_id == enrolment.c.learner_id)
    )
    .where(enrolment.c.cohort_id == bindparam("cohort_id"), play.c.id > bindparam("after_play"))
    .where(play.c.id <= bindparam("up_to"))
    .order_by(play.c.id, play_move.c.n)
)
_NEXT_PLAYS = (
    select(play.c.id)
    .join(enrolment, enrolment.c.id == play.c.enrolment_id)
    .where(enrolment.c.cohort_id == bindparam("cohort_id"), play.c.id > bindparam("after_play"))
    .order_by(play.c.id)
    .limit(200)
)


async def moves_of_cohort(
    tx: Tx, cohort_id: CohortId, *, after: int = 0
) -> list[tuple[int, int | None, dict[str, Any]]]:
    """(play, learner, values by COLUMNS) of whole plays after that one, oldest first."""
    next_ones = [number for (number,) in await tx.tuples(_NEXT_PLAYS, cohort_id=cohort_id, after_play=after)]
    if not next_ones:
        return []
    found = await tx.all(_MOVES, cohort_id=cohort_id, after_play=after, up_to=next_ones[-1])
    return [(row.id, row.learner_id, _plain(row)) for row in found]


def _plain(row: Any) -> dict[str, Any]:
    values = {name: getattr(row, name) for name in COLUMNS}
    told = {name: json.dumps(values[name], ensure_ascii=False) for name in ("before", "after")}
    return values | told | {"moved_at": row.moved_at.isoformat().replace("+00:00", "Z")}
