"""A case is opened, decided move by move, ended, and played again from its turning point."""

from bot import agenda, classroom, completion, seat, standings
from bot.call import Call
from bot.features.simulate import outcome as u
from bot.office import Office
from bot.seat import Seat
from lessons.enrolment import EnrolmentState
from lessons.measures import FEWEST_PEOPLE
from lessons.simulation import Move, Simulation
from lessons.simulation_play import State, at_turning_point, begin, ending_of, scene_of, take
from lessons.suppression import in_one_row
from storage import askings, enrolments, ladders, plays
from storage.plays import Play
from storage.store import Tx

OVER = (EnrolmentState.COMPLETED, EnrolmentState.ENDED)


async def show(tx: Tx, call: Call, office: Office) -> u.Outcome:
    """/case: every case of the course, what is open first."""
    mine = await seat.of_caller(tx, call, office)
    if mine is None:
        return u.Refused(u.Refusal.NOT_YOURS)
    if not mine.course.simulations:
        return u.Refused(u.Refusal.NO_CASE)
    return await _cases(tx, mine)


async def _cases(tx: Tx, mine: Seat) -> u.Cases:
    taught, played = await _taught(tx, mine), await plays.of_enrolment(tx, mine.enrolment.id)
    titles = {module.id: module.title for module in mine.course.modules}
    found = []
    for number, one in enumerate(mine.course.simulations):
        own = [play for play in played if play.simulation_id == one.id]
        ended = next((play.ending for play in own if play.ending), None)
        going_on = bool(own) and _goes_on(one, own[0])
        is_open = one.module in taught or bool(own)
        ending = one.ending(ended) if ended else None
        found.append(u.Case(number, one, titles.get(one.module, ""), is_open, going_on, ending))
    return u.Cases(mine.enrolment.id, tuple(sorted(found, key=lambda case: not case.is_open)))


async def _taught(tx: Tx, mine: Seat) -> set[str]:
    """Modules of which every lesson has come; all of them once the course is over."""
    if mine.enrolment.state in OVER:
        return {module.id for module in mine.course.modules}
    given = {each.lesson_id for each in await ladders.lessons_given(tx, mine.enrolment.id) if each.sent_at}
    return {module.id for module in mine.course.modules if all(lesson.id in given for lesson in module.lessons)}


async def _own(tx: Tx, call: Call, office: Office, enrolment_id: int) -> Seat | None:
    """The caller's own seat: button data is hostile input."""
    enrolment = await enrolments.get(tx, enrolment_id)
    if enrolment is None or enrolment.learner_id != call.caller.learner:
        return None
    return await seat.take(tx, enrolment, office, call.now)


async def open_case(tx: Tx, call: Call, office: Office, *, now_play: bool) -> u.Outcome:
    """The opening; or the scene in which a play stands, which goes on. `now_play`: into the first scene."""
    mine = await _own(tx, call, office, call.pressed.enrolment)
    if mine is None or call.pressed.number >= len(mine.course.simulations):
        return u.Refused(u.Refusal.NOT_YOURS)
    one = mine.course.simulations[call.pressed.number]
    own = [each for each in await plays.of_enrolment(tx, mine.enrolment.id) if each.simulation_id == one.id]
    if own and _goes_on(one, own[0]):
        return _stands(one, own[0])
    if not own and one.module not in await _taught(tx, mine):
        return u.Refused(u.Refusal.NOT_YET)
    if not now_play:
        return u.Opened(mine.enrolment.id, call.pressed.number, one)
    for asking in await askings.open_of(tx, mine.enrolment.id):
        if asking.lesson_id == one.id:  # planned for today, and begun from the list before it came
            await classroom.put(tx, asking, now=call.now)
    made = await plays.begin(tx, mine.enrolment.id, one.id, begin(one).as_json(), now=call.now)
    play = await plays.get(tx, made)
    return _stands(one, play) if play else u.Refused(u.Refusal.NOT_YOURS)


def _goes_on(one: Simulation, play: Play) -> bool:
    """Whether it can be taken up. One whose scene a newer wording does not have is kept, and another may be begun."""
    return play.ended_at is None and scene_of(one, State.from_json(play.state)) is not None


def _stands(one: Simulation, play: Play) -> u.Outcome:
    state = State.from_json(play.state)
    if scene_of(one, state) is None:  # the course has another wording now
        return u.Refused(u.Refusal.REWORDED)
    return u.Scene(one, play, state)


async def _played(tx: Tx, call: Call, office: Office) -> tuple[Seat, Simulation, Play] | None:
    play = await plays.get(tx, call.pressed.play)
    mine = await _own(tx, call, office, play.enrolment_id) if play else None
    one = mine.course.simulation(play.simulation_id) if mine and play else None
    return (mine, one, play) if mine and one and play else None


async def move(tx: Tx, call: Call, office: Office) -> u.Outcome | None:
    """Make it, once. None for a tap that comes too late: its scene has been left."""
    found = await _played(tx, call, office)
    if found is None:
        return u.Refused(u.Refusal.NOT_YOURS)
    mine, one, play = found
    if play.ended_at is not None or call.pressed.n != play.moves:
        return None
    state = State.from_json(play.state)
    step = take(one, state, call.pressed.move)
    if step is None:
        return u.Refused(u.Refusal.REWORDED) if scene_of(one, state) is None else None
    made = await plays.record(
        tx,
        play.id,
        play.moves,
        step.move.id,
        before=state.as_json(),
        after=step.state.as_json(),
        now=call.now,
        update_id=call.update_id,
    )
    if not made:
        return None
    reached = ending_of(one, step.state)
    if reached is None:
        return u.Scene(one, play._replace(moves=play.moves + 1), step.state)
    await plays.end(tx, play.id, reached.id, now=call.now)
    return await _ended(tx, mine, u.Scene(one, play, step.state), call, office)


async def _ended(tx: Tx, mine: Seat, last: u.Scene, call: Call, office: Office) -> u.Ended:
    """It counts for the course the first time, and the next lesson may come."""
    one, now, today = last.simulation, call.now, mine.today(call.now)
    enrolment, completed = await classroom.decide(tx, mine.enrolment, mine.course, one.id, now=now, today=today)
    await agenda.replan(tx, office.courses, enrolment.id, now=now)
    mine = await seat.take(tx, enrolment, office, now) or mine
    known = await standings.of(tx, mine.around, now)
    return u.Ended(
        one,
        last.play,
        last.state,
        await _chosen(tx, mine, one),
        again=at_turning_point(one, last.state) is not None,
        place=mine.learner.place,
        now=now,
        next_at=None if known.new_is_open else await seat.next_lesson_at(tx, mine, now, known=known),
        next_is_case=mine.course.simulation(known.next_lesson or "") is not None,
        completed=await completion.of(tx, mine, now) if completed else None,
    )


async def _chosen(tx: Tx, mine: Seat, one: Simulation) -> tuple[tuple[Move, int | None], ...]:
    """What the cohort chose at the turning point, from five people on."""
    scene = one.scene(one.turning_point.scene)
    counts = await plays.chosen_at(tx, mine.enrolment.cohort_id, one.id, one.turning_point.scene)
    moves = [each for each in scene.moves if each.id in counts] if scene else []
    if sum(counts[each.id] for each in moves) < FEWEST_PEOPLE:
        return ()
    shown = in_one_row([counts[each.id] for each in moves])
    return () if shown is None else tuple(zip(moves, shown, strict=True))


async def again(tx: Tx, call: Call, office: Office) -> u.Outcome:
    """Another play from the turning point of one that has ended."""
    found = await _played(tx, call, office)
    if found is None:
        return u.Refused(u.Refusal.NOT_YOURS)
    mine, one, play = found
    state = at_turning_point(one, State.from_json(play.state))
    if state is None:
        return u.Refused(u.Refusal.REWORDED)
    newest = next(each for each in await plays.of_enrolment(tx, mine.enrolment.id) if each.simulation_id == one.id)
    if newest.ended_at is None:  # a second tap
        return _stands(one, newest)
    made = await plays.begin(tx, mine.enrolment.id, one.id, state.as_json(), replay_of=play.id, now=call.now)
    started = await plays.get(tx, made)
    return u.Scene(one, started, state) if started else u.Refused(u.Refusal.NOT_YOURS)
