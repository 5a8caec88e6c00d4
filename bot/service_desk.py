"""From an update to its effect and its reply: who calls, may they, what happens, and what they are shown.

Everything that a tap changes happens in one change, with the reply owed beside it; no network inside.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import structlog
from telegram import Message as Arrived
from telegram import Update, User

from bot import agenda, routes
from bot import tapped as tapped_message
from bot.call import HELD, Attached, Call, Caller, Found, Role
from bot.callbacks import unpack
from bot.clock import Clock
from bot.features.lost.usecase import heal
from bot.gate import Pass
from bot.ledger import Entry, sent
from bot.message import Message, Replies, fresh
from bot.office import Office
from bot.outbox import Outbox
from bot.route import Route
from bot.sender import Sender
from bot.sheets import Sheets, attached, is_sheet
from bot.tapped import Tapped
from scheduler.delivery import DeliveryKind, Outcome, Reach, Refused, Sent, after, reply_key
from storage import askings, colleagues, conversations, deliveries, enrolments, inbox, people
from storage.deliveries import Delivery
from storage.enrolments import Enrolment
from storage.inbox import Waiting
from storage.people import Learner
from storage.store import Store, Tx

log = structlog.get_logger()

AFRESH = 99  # the number of the reply that stands for an edit which could not be made


@dataclass(frozen=True, slots=True)
class Shown:
    """What must be shown now, and the rows of the fresh messages."""

    replies: Replies
    rows: tuple[int, ...] = ()
    roles: frozenset[Role] = frozenset()
    to_stranger: bool = False


class ServiceDesk:
    """One update in, its effect stored, its reply shown."""

    def __init__(self, office: Office, store: Store, sender: Sender, outbox: Outbox, clock: Clock) -> None:
        self._office = office
        self._store = store
        self._sender = sender
        self._outbox = outbox
        self._clock = clock
        self.sheets: Sheets | None = None
        self.colleague_seen: Callable[[int, frozenset[Role]], None] | None = None

    async def serve(self, update: Update, route: Route | None, words: str = "") -> None:
        """Apply the update once, show what is owed, and mark it done."""
        user = update.effective_user
        if user is None:
            return await self.done(update.update_id)
        now, machine_now = self._clock.people_now(), self._clock.machine_now()
        query = update.callback_query
        pressed = unpack(query.data) if query and query.data else None
        message = tapped_message.of(query)
        came = update.effective_message if query is None else None
        brought = await self._read(attached(came), user.id)
        replied_to = came.reply_to_message.message_id if came and came.reply_to_message else None
        with_it: dict[str, Any] = {"html": _formatted(came), "attached": brought, "answers": replied_to}

        async def change(tx: Tx) -> Shown:
            stands = await inbox.state_of(tx, update.update_id)
            if stands is not None and stands[0] != "open":
                return Shown(Replies.from_json(stands[1]) if stands[1] else Replies())
            caller = await self._caller(tx, user, now)
            tapped = message.message_id if message else None
            call = Call(update.update_id, caller, now, words, pressed, tapped, **with_it)
            if tapped is not None and caller.learner is not None:
                await heal(tx, caller.learner, pressed, tapped, machine_now)
            replies = await self._decide(tx, route, call, tapped=query is not None)
            rows = [await self._owe(tx, call, n, m, machine_now) for n, m in enumerate(replies.new)]
            await inbox.applied(tx, update.update_id, owed=replies.as_json())
            return Shown(replies, tuple(rows), caller.roles, caller.learner is None)

        shown = await self._store.change(change)
        if Role.MEMBER in shown.roles and self.colleague_seen is not None:
            self.colleague_seen(user.id, shown.roles)
        arrived, owed = await self._show(update, shown)
        await self._finish(update, arrived, owed, of_stranger=shown.to_stranger)
        return None

    async def _read(self, came: Attached | None, telegram_id: int) -> Attached | None:
        """What came, its cells read where it is a colleague's sheet; no network is used inside the change."""
        if came is None or self.sheets is None or not is_sheet(came):
            return came

        async def wanted(tx: Tx) -> bool:
            waiting = await conversations.get(tx, telegram_id)
            at_step = waiting is not None and waiting.step in routes.STEPS and routes.STEPS[waiting.step].takes_files
            return not at_step and await colleagues.of(tx, telegram_id) is not None

        return await self.sheets.read(came) if await self._store.read(wanted) else came

    async def done(self, update_id: int, *, of_stranger: bool = False) -> None:
        """The person has been shown, or there was nothing to show."""
        now = self._clock.machine_now()
        await self._store.change(lambda tx: inbox.done(tx, update_id, now=now, of_stranger=of_stranger))

    async def _finish(self, update: Update, arrived: list[Entry], owed: Message | None, *, of_stranger: bool) -> None:
        """Replies that arrived, what is still to be said, and the update itself, in one change."""
        now, people_now, user = self._clock.machine_now(), self._clock.people_now(), update.effective_user

        async def change(tx: Tx) -> None:
            await sent(tx, arrived, now)
            if owed is not None and user is not None:
                key, meaning = reply_key(update.update_id, AFRESH), {"message": owed.as_json()}
                to = {"telegram_id": user.id}
                await deliveries.add(tx, DeliveryKind.REPLY, key, meaning=meaning, due_at=people_now, **to)
            await inbox.done(tx, update.update_id, now=now, of_stranger=of_stranger)

        await self._store.change(change)
        for entry in arrived:
            self._outbox.count(entry.row.kind, entry.settled)

    async def _caller(self, tx: Tx, user: User, now: datetime) -> Caller:
        learner = await people.learner_of(tx, user.id, now=now)
        mine = await enrolments.of_learner(tx, learner.id) if learner is not None else []
        roles = {Role.ANYONE}
        if mine:
            roles.add(Role.LEARNER)
        zone = learner.zone if learner else None
        colleague = await colleagues.of(tx, user.id)
        if colleague is not None:
            roles |= HELD[colleague.role]
            zone = zone or await people.zone_of_coordinator(tx, user.id)
            if colleague.name != user.full_name:
                await colleagues.recognise(tx, user.id, user.full_name)
        if len(roles) > 1:
            roles.add(Role.MEMBER)
        found = await self._heard(tx, learner, mine, now) if learner is not None else None
        voice = self._office.phrases.voice(learner.language if learner else user.language_code, zone or "UTC")
        scope = colleague.cohorts if colleague else frozenset[int]()
        return Caller(user.id, learner.id if learner else None, frozenset(roles), voice, user.full_name, found, scope)

    async def _heard(self, tx: Tx, learner: Learner, mine: Sequence[Enrolment], now: datetime) -> Found | None:
        """The clock of reminders starts anew; who calls, where nothing but that has changed."""
        away = learner.reach is not Reach.REACHABLE
        if away:  # who writes to us can be written to
            await agenda.reach_changed(tx, self._office.courses, learner, Reach.REACHABLE, now=now)
        nudged = await people.seen(tx, learner.id, now)
        if nudged:  # the first nudge of the next count may come before the look that awaits the third
            await askings.not_silent(tx, learner.id)
            await enrolments.look_soon(tx, [each.id for each in mine], now)
        return None if away or nudged else Found(replace(learner, seen_at=now), tuple(mine))

    async def _decide(self, tx: Tx, route: Route | None, call: Call, *, tapped: bool) -> Replies:
        say = call.caller.voice.say
        if tapped and call.pressed is None:
            return Replies(toast=call.caller.voice.label("refusal.old-button"))
        if route is None:
            route = await routes.awaited(tx, call)
        if route.role not in call.caller.roles:
            key = f"refusal.not-{route.role}"
            return Replies(toast=call.caller.voice.label(key)) if tapped else fresh(Message(say(key)))
        return await route.handle(tx, call, self._office)

    async def _owe(self, tx: Tx, call: Call, n: int, message: Message, now: datetime) -> int:
        return await deliveries.add_in_hand(
            tx,
            reply_key(call.update_id, n),
            telegram_id=call.caller.telegram_id,
            meaning={"message": message.as_json()},
            owner=self._office.owner,
            due_at=call.now,
            now=now,
        )

    async def _show(self, update: Update, shown: Shown) -> tuple[list[Entry], Message | None]:
        """Show it: (fresh messages that arrived, an edit that must be said afresh).

        What became of fresh messages that did not arrive is written down here.
        """
        owed: Message | None = None
        query, user = update.callback_query, update.effective_user
        assert user is not None  # noqa: S101 - serve() has looked
        if query is not None:
            toast = shown.replies.toast
            await self._sender.acknowledge(query.id, toast and toast[:200])
            if (tapped := tapped_message.of(query)) is not None:
                owed = await self._rewrite(user.id, tapped, shown.replies)
        arrived = []
        for row, message in zip(shown.rows, shown.replies.new, strict=True):
            outcome = await self._sender.send(user.id, message, Pass())
            entry = self._entry(row, outcome)
            if isinstance(outcome, Sent):
                arrived.append(entry)
            else:
                await self._outbox.ledger.write(entry)
        return arrived, owed

    def _entry(self, row_id: int, outcome: Outcome) -> Entry:
        """A reply that went out at once."""
        now = self._clock.people_now()
        row = Delivery(row_id, "", DeliveryKind.REPLY, None, None, None, {}, now, tries=1)
        number = outcome.message_id if isinstance(outcome, Sent) else None
        return Entry(row, after(DeliveryKind.REPLY, outcome, tries=1), self._office.owner, number)

    async def _rewrite(self, chat_id: int, tapped: Tapped, replies: Replies) -> Message | None:
        """Show the edit; what Telegram did not take, or not now, is returned: it is owed as a message of its own."""
        if replies.edit is not None and tapped.has_picture:  # its words are a caption and stay: say the new ones below
            await self._sender.strip(chat_id, tapped.message_id)
        elif replies.edit is not None:
            if pause := min(replies.edit.pause, self._office.settings.typing_seconds):
                await self._sender.seem_to_type(chat_id, pause)
            if await self._sender.edit(chat_id, tapped.message_id, replies.edit):
                return None
        elif replies.strip:
            await self._sender.strip(chat_id, tapped.message_id)
        if replies.edit is None:
            return None
        outcome = await self._sender.send(chat_id, replies.edit, Pass())
        return None if isinstance(outcome, Sent | Refused) else replies.edit

    async def asked_inline(self, update: Update) -> None:
        """Somebody typed behind the bot's name in any chat: answer, and keep nothing of it, answered or not."""
        query = update.inline_query
        try:
            if query is not None:
                await self._sender.answer_inline(query.id, routes.inline(query.query, self._office))
        finally:
            await self.done(update.update_id, of_stranger=True)

    async def reach_changed(self, update: Update) -> None:
        """The person blocked or unblocked the bot."""
        member, user = update.my_chat_member, update.effective_user
        if member is not None and user is not None:
            left = member.new_chat_member.status in ("kicked", "left")
            now = self._clock.people_now()

            async def change(tx: Tx) -> None:
                learner = await people.learner_of(tx, user.id, now=now)
                if learner is not None:
                    reach = Reach.BLOCKED if left else Reach.REACHABLE
                    await agenda.reach_changed(tx, self._office.courses, learner, reach, now=now)

            await self._store.change(change)
        await self.done(update.update_id)

    async def apologise(self, waiting: Waiting) -> None:
        """Something of ours broke: say so once, and that nothing was lost."""
        if waiting.telegram_id is not None:
            words = self._office.phrases.voice(None).say("trouble.ours")
            await self._sender.send(waiting.telegram_id, Message(words), Pass())


def _formatted(came: Arrived | None) -> str:
    """The words as they were formatted, a caption's too; without the command in front."""
    if came is None:
        return ""
    html = came.text_html if came.text else came.caption_html if came.caption else ""
    return html.split(maxsplit=1)[1] if html.startswith("/") and " " in html else html
