"""Every table, written once for SQLite (STRICT) and PostgreSQL.

Telegram's id and the name of a learner stand in `person` and nowhere else for longer than a message is in hand
(ARCHITECTURE, invariant 7).
"""

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    PrimaryKeyConstraint,
    Text,
    UniqueConstraint,
    literal_column,
)

from storage import desk_schema, simulation_schema, tables  # noqa: F401 - whoever has the metadata has all tables
from storage.columns import BigInt, Instant, Json, LocalDate, LocalTime, Real
from storage.tables import key, one_of, table

metadata = tables.metadata

meta = table("meta", Column("key", Text, primary_key=True), Column("value", Text, nullable=False))

learner = table(
    "learner",
    key(),
    Column("language", Text, nullable=False),
    Column("reach", Text, nullable=False, server_default="reachable"),
    Column("consent", Text, nullable=False),  # the version of the words agreed to
    Column("consented_at", Instant, nullable=False),
    Column("slot", LocalTime),  # null: the cohort's
    Column("quiet_from", LocalTime),  # null: the default quiet hours
    Column("quiet_until", LocalTime),
    Column("pace", Integer),  # a lesson every so many working days; null: the cohort's
    Column("seen_at", Instant),  # when they last wrote or tapped
    one_of("reach", "reachable", "blocked", "deactivated", "unreachable"),
)

person = table(
    "person",
    Column("learner_id", BigInt, ForeignKey("learner.id"), primary_key=True, autoincrement=False),
    Column("telegram_id", BigInt, nullable=False, unique=True),
    Column("name", Text, nullable=False),
)

posting = table(
    "posting",
    key(),
    Column("learner_id", BigInt, ForeignKey("learner.id"), nullable=False, index=True),
    Column("place", Text, nullable=False),
    Column("country", Text, nullable=False),  # ISO 3166 alpha-2
    Column("subdivision", Text),
    Column("zone", Text, nullable=False),  # IANA
    Column("from_on", LocalDate, nullable=False),
    Column("days", Json),  # ISO weekdays on which lessons may come; null: the working week of the place
)

leave = table(  # local dates on which nothing comes and clocks are frozen
    "leave",
    key(),
    Column("learner_id", BigInt, ForeignKey("learner.id"), nullable=False, index=True),
    Column("kind", Text, nullable=False),
    Column("first_on", LocalDate, nullable=False),
    Column("last_on", LocalDate, nullable=False),
    Column("made_at", Instant, nullable=False),
    one_of("kind", "leave", "crisis"),
)

crisis_week = table(  # a coordinator's word: everybody posted there is left alone
    "crisis_week",
    key(),
    Column("place", Text),  # null: the whole country
    Column("country", Text, nullable=False),
    Column("first_on", LocalDate, nullable=False),
    Column("last_on", LocalDate, nullable=False),
    Column("made_at", Instant, nullable=False),
)

coordinator = table(
    "coordinator",
    Column("telegram_id", BigInt, primary_key=True, autoincrement=False),
    Column("origin", Text, nullable=False),
    Column("role", Text, nullable=False, server_default="owner"),
    Column("name", Text),  # as Telegram shows it, for colleagues to recognise
    Column("zone", Text),
    Column("added_at", Instant, nullable=False),
    Column("revoked_at", Instant),
    one_of("origin", "settings", "granted"),
    one_of("role", "owner", "coordinator", "tutor", "observer"),
)

cohort = table(
    "cohort",
    key(),
    Column("course_id", Text, nullable=False),
    Column("name", Text, nullable=False, unique=True),
    Column("start_on", LocalDate, nullable=False),
    Column("slot", LocalTime, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("deadline_on", LocalDate),  # null: the course's number of weeks after the first lesson
    Column("pace", Integer, nullable=False, server_default="1"),
    Column("bar", Integer, nullable=False, server_default="80"),  # per cent of objectives retired that completes
    Column("days", Json),  # ISO weekdays on which lessons may come; null: the working week of each place
    Column("reminders", Integer, nullable=False, server_default="3"),  # nudges about one lesson, at most
    Column("home", Text, nullable=False, server_default="BD"),  # ISO 3166: its holidays count everywhere
    Column("short_first_on", LocalDate),  # Ramadan or other dates of shorter office hours
    Column("short_last_on", LocalDate),
    Column("short_start", LocalTime),
    Column("short_end", LocalTime),
)

cohort_day = table(  # a date that the coordinator took out of the calendar, or put back into it
    "cohort_day",
    Column("cohort_id", BigInt, ForeignKey("cohort.id"), nullable=False),
    Column("on_date", LocalDate, nullable=False),
    Column("off", Integer, nullable=False),
    PrimaryKeyConstraint("cohort_id", "on_date"),
)

invitation = table(
    "invitation",
    key(),
    Column("cohort_id", BigInt, ForeignKey("cohort.id"), nullable=False, index=True),
    Column("code_hash", Text, nullable=False, unique=True),
    Column("uses", Integer, nullable=False),
    Column("used", Integer, nullable=False, server_default="0"),
    Column("expires_at", Instant, nullable=False),
    Column("created_at", Instant, nullable=False),
    CheckConstraint("used <= uses", name="uses"),
)

enrolment = table(
    "enrolment",
    key(),
    Column("learner_id", BigInt, ForeignKey("learner.id"), nullable=False),
    Column("cohort_id", BigInt, ForeignKey("cohort.id"), nullable=False, index=True),
    Column("state", Text, nullable=False),
    Column("joined_at", Instant, nullable=False),
    Column("first_on", LocalDate, nullable=False),  # no lesson before this local date
    Column("free_since_at", Instant, nullable=False),  # nothing has been open since
    Column("paused_at", Instant),
    Column("completed_at", Instant),
    Column("ended_on", LocalDate),  # the deadline that passed
    Column(
        "seat", Integer, nullable=False, server_default="0"
    ),  # its number in the cohort; turns the forms of measures
    Column("extension_days", Integer, nullable=False, server_default="0"),
    Column("refresher_on", LocalDate),  # null: no refresher is wanted
    Column("silences", Integer, nullable=False, server_default="0"),  # refreshers left alone, one after the other
    Column("consent_until_on", LocalDate),  # refreshers are agreed to until then
    Column("renewal_on", LocalDate),  # when that was asked again
    Column("look_at", Instant),  # the same instant as its row in due; null: no look planned
    UniqueConstraint("learner_id", "cohort_id"),
    one_of("state", "invited", "active", "paused", "completed", "ended", "withdrawn"),
)

extension = table(  # more time for one learner, and why
    "extension",
    key(),
    Column("enrolment_id", BigInt, ForeignKey("enrolment.id"), nullable=False, index=True),
    Column("days", Integer, nullable=False),
    Column("reason", Text),  # free text: emptied by /forget
    Column("made_at", Instant, nullable=False),
)

measure = table(  # a baseline or check: ten kept questions at once
    "measure",
    Column("enrolment_id", BigInt, ForeignKey("enrolment.id"), nullable=False),
    Column("kind", Text, nullable=False),
    Column("form", Integer, nullable=False),
    Column("state", Text, nullable=False),
    Column("sent_on", LocalDate, nullable=False),
    Column("begun_at", Instant),
    Column("done_at", Instant),
    PrimaryKeyConstraint("enrolment_id", "kind"),
    one_of("kind", "baseline", "check-30", "check-90"),
    one_of("state", "offered", "begun", "done", "declined"),
)

# Clustered by time: a tick costs what is due, not who is enrolled.
due = table(
    "due",
    Column("at", Instant, nullable=False),
    Column("enrolment_id", BigInt, ForeignKey("enrolment.id"), nullable=False),
    PrimaryKeyConstraint("at", "enrolment_id"),
    UniqueConstraint("enrolment_id"),
    sqlite_with_rowid=False,
)

given = table(  # a lesson, or a case in its place, given to an enrolment
    "given",
    Column("enrolment_id", BigInt, ForeignKey("enrolment.id"), nullable=False),
    Column("lesson_id", Text, nullable=False),
    Column("round", Integer, nullable=False, server_default="1"),
    Column("given_on", LocalDate, nullable=False),
    Column("sent_at", Instant),
    Column("opened_at", Instant),
    PrimaryKeyConstraint("enrolment_id", "lesson_id"),
)

question_version = table(
    "question_version",
    Column("version", Text, primary_key=True),
    Column("course_id", Text, nullable=False),
    Column("question_id", Text, nullable=False),
    Column("words", Json, nullable=False),
    Column("origin", Text, nullable=False, server_default="course"),
    Column("parent", Text),
    Column("first_used_at", Instant, nullable=False),
    one_of("origin", "course", "correction"),
)

asking = table(
    "asking",
    key(),
    Column("enrolment_id", BigInt, ForeignKey("enrolment.id"), nullable=False),
    Column("lesson_id", Text, nullable=False),
    Column("question_id", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("number", Integer, nullable=False),  # the how-manieth asking of this question to this enrolment
    Column("version", Text, ForeignKey("question_version.version"), nullable=False),
    Column("state", Text, nullable=False),
    Column("planned_on", LocalDate, nullable=False),
    Column("put_at", Instant),  # when the lesson or question reached the phone
    Column("opened_at", Instant),  # when the learner brought up the question
    Column("settled_at", Instant),
    Column("feedback_owed", Integer, nullable=False, server_default="0"),
    Column("nudges", Integer, nullable=False, server_default="0"),
    Column("nudged_on", LocalDate),
    UniqueConstraint("enrolment_id", "question_id", "number"),
    one_of("kind", "day", "review", "refresher", "kept", "case"),
    one_of("state", "planned", "put", "chosen", "settled", "cancelled"),
)

NUDGED = asking.c.nudges > literal_column("0")  # as in its index: a bound number would hide it
Index("ix_asking_nudged", asking.c.enrolment_id, sqlite_where=NUDGED, postgresql_where=NUDGED)

attempt = table(  # append-only: the first choice wins; the sure tap only adds the confidence
    "attempt",
    key(),
    Column("asking_id", BigInt, ForeignKey("asking.id"), nullable=False, unique=True),
    Column("choice_id", Text, nullable=False),
    Column("correct", Integer, nullable=False),
    Column("sure", Integer),
    Column("answered_at", Instant, nullable=False),
    Column("sure_at", Instant),
    Column("update_id", BigInt),
    Column("sure_update_id", BigInt),
)

ladder = table(  # where the objective of a lesson stands for an enrolment
    "ladder",
    Column("enrolment_id", BigInt, ForeignKey("enrolment.id"), nullable=False),
    Column("lesson_id", Text, nullable=False),
    Column("right_in_a_row", Integer, nullable=False),
    Column("since_on", LocalDate),  # the answer that the due date counts from; frozen dates after it push it on
    Column("due_on", LocalDate),
    Column("retired", Integer, nullable=False),
    PrimaryKeyConstraint("enrolment_id", "lesson_id"),
)

mistake = table(  # "Report a mistake in this question"
    "mistake",
    key(),
    Column("asking_id", BigInt, ForeignKey("asking.id"), nullable=False, unique=True),
    Column("reported_at", Instant, nullable=False),
)

broadcast = table(
    "broadcast",
    key(),
    Column("author_id", BigInt, nullable=False),  # a coordinator's Telegram id
    Column("cohort_id", BigInt, ForeignKey("cohort.id"), nullable=False),
    Column("title", Text, nullable=False),  # its first words, as plain text
    Column("words", Text, nullable=False),  # HTML as Telegram takes it
    Column("media", Json),  # a photo, document or poll by Telegram's id; null: words alone
    Column("audience", Json, nullable=False),  # who of the cohort, and who not
    Column("hour", LocalTime),  # of each receiver's day; null: at once
    Column("state", Text, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("confirmed_at", Instant),
    Column("leaves_at", Instant),  # until then it can be undone
    Column("decided_by", BigInt),  # who approved or refused it, where a second coordinator had to
    Column("reason", Text),  # why it was refused
    Column("message_id", BigInt),  # in the author's chat: the message that shows how far it is
    one_of("state", "draft", "asked", "confirmed", "paused", "reported", "cancelled", "refused"),
)

delivery = table(
    "delivery",
    key(),
    Column("key", Text, nullable=False, unique=True),
    Column("kind", Text, nullable=False),
    Column("lane", Integer, nullable=False),
    Column("learner_id", BigInt, ForeignKey("learner.id")),
    Column("telegram_id", BigInt),  # only where there is no learner; emptied when done
    Column("enrolment_id", BigInt, ForeignKey("enrolment.id")),
    Column("broadcast_id", BigInt, ForeignKey("broadcast.id")),
    Column("meaning", Json, nullable=False),
    Column("state", Text, nullable=False),
    Column("due_at", Instant, nullable=False),  # people's clock
    Column("tries", Integer, nullable=False, server_default="0"),
    Column("message_id", BigInt),
    Column("reason", Text),
    Column("done_at", Instant),
    one_of("state", "pending", "sending", "sent", "failed", "unknown", "cancelled"),
)
UNKNOWN = delivery.c.state == literal_column("'unknown'")  # see UNDONE
# Each holds only the rows that are asked for, since every change of state touches an index.
for _name, _columns, _rows in (
    ("ix_delivery_enrolment", [delivery.c.enrolment_id, delivery.c.state], delivery.c.enrolment_id.is_not(None)),
    ("ix_delivery_broadcast", [delivery.c.broadcast_id, delivery.c.state], delivery.c.broadcast_id.is_not(None)),
    ("ix_delivery_unknown", [delivery.c.done_at], UNKNOWN),
):
    Index(_name, *_columns, sqlite_where=_rows, postgresql_where=_rows)

# What waits to be sent, clustered by lane and time: a claim costs what it takes, not what waits. Here and in the leases
# `delivery_id` is no foreign key: rows are only ever copied out of `delivery`, which loses none, and to look each up
# again cost a fifth of a claim; PostgreSQL would lock, and so write, each wide row.
delivery_due = table(
    "delivery_due",
    Column("lane", Integer, nullable=False),
    Column("at", Instant, nullable=False),  # people's clock
    Column("delivery_id", BigInt, nullable=False),
    Column("retry_at", Instant),  # machine's clock
    PrimaryKeyConstraint("lane", "at", "delivery_id"),  # as they stand in the delivery's own row
    sqlite_with_rowid=False,
)

delivery_lease = table(  # what a process has in hand: taking a row moves it here from delivery_due, and no wide row
    "delivery_lease",
    Column("delivery_id", BigInt, primary_key=True, autoincrement=False),
    Column("owner", Text, nullable=False),
    Column("lease_until", Instant, nullable=False),  # machine's clock
)

# The one budget of messages a second (scheduler/pacing.py); one row, all replicas.
pace = table(
    "pace",
    Column("key", Text, primary_key=True),
    Column("as_of", Instant, nullable=False),
    Column("next_at", Instant, nullable=False),
    Column("open_at", Instant, nullable=False),
    Column("rate", Real, nullable=False),
    Column("paid_on", LocalDate),
    Column("paid", Integer, nullable=False),
)

conversation = table(  # what the bot has asked a person in words and not yet heard; tidied away after a week
    "conversation",
    Column("telegram_id", BigInt, primary_key=True, autoincrement=False),
    Column("step", Text, nullable=False),
    Column("so_far", Json, nullable=False),
    Column("since_at", Instant, nullable=False),
)

replica = table(  # a process that serves this database; its leases lapse together
    "replica",
    Column("owner", Text, primary_key=True),
    Column("lease_until", Instant, nullable=False),  # the database's clock
)

inbox = table(
    "inbox",
    Column("update_id", BigInt, primary_key=True, autoincrement=False),
    Column("telegram_id", BigInt),
    Column("payload", Json),  # emptied seven days after it is done
    Column("state", Text, nullable=False),
    Column("owed", Json),  # what the person must still be shown
    Column("tries", Integer, nullable=False, server_default="0"),
    Column("received_at", Instant, nullable=False),
    Column("owner", Text),  # the replica that serves it; null: whoever is first
    Column("done_at", Instant),
    one_of("state", "open", "applied", "done", "failed"),
)
# Literally, not bound: SQLite takes the index only where the statement says the same words.
UNDONE = inbox.c.state.in_((literal_column("'open'"), literal_column("'applied'")))
Index("ix_inbox_undone", inbox.c.update_id, sqlite_where=UNDONE, postgresql_where=UNDONE)

tombstone = table(
    "tombstone",
    Column("telegram_hash", Text, primary_key=True),
    Column("forgotten_at", Instant, nullable=False),
)
