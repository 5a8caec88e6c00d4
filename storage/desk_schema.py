"""Tables of the coordinators' desk: who may do what, the trail of it, rosters, threads, corrections."""

from sqlalchemy import CheckConstraint, Column, ForeignKey, Integer, PrimaryKeyConstraint, Text, UniqueConstraint

from storage.columns import BigInt, Instant, Json
from storage.tables import key, one_of, table

coordinator_cohort = table(  # the cohorts of somebody who does not have them all
    "coordinator_cohort",
    Column("telegram_id", BigInt, ForeignKey("coordinator.telegram_id"), nullable=False),
    Column("cohort_id", BigInt, ForeignKey("cohort.id"), nullable=False),
    PrimaryKeyConstraint("telegram_id", "cohort_id"),
)

appointment = table(  # a link that makes whoever opens it first a colleague
    "appointment",
    key(),
    Column("code_hash", Text, nullable=False, unique=True),
    Column("role", Text, nullable=False),
    Column("cohorts", Json),  # ids; null: every cohort
    Column("made_by", BigInt, nullable=False),  # Telegram id
    Column("made_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("taken_by", BigInt),
    one_of("role", "owner", "coordinator", "tutor", "observer"),
)

audit = table(  # append-only: who changed what, in ids; no names, no words of people
    "audit",
    key(),
    Column("at", Instant, nullable=False),
    Column("actor_id", BigInt),  # a coordinator's Telegram id; null: the command line
    Column("what", Text, nullable=False),
    Column("cohort_id", BigInt, ForeignKey("cohort.id"), index=True),
    Column("about", Json, nullable=False),
)

invitee = table(  # a row of a cohort's roster; emptied of everything personal by /forget
    "invitee",
    key(),
    Column("cohort_id", BigInt, ForeignKey("cohort.id"), nullable=False),
    Column("same", Text, nullable=False),  # what makes two rows the same person
    Column("name", Text, nullable=False),
    Column("mission", Text),
    Column("place", Text),  # as the gazetteer names it
    Column("country", Text),  # ISO 3166 alpha-2
    Column("subdivision", Text),
    Column("zone", Text),  # IANA
    Column("language", Text),
    Column("rank", Text),
    Column("sex", Text),  # for reports only
    Column("email", Text),  # to hand out the link
    Column("invitation_id", BigInt, ForeignKey("invitation.id"), unique=True),  # the personal link that serves
    Column("enrolment_id", BigInt, ForeignKey("enrolment.id"), unique=True),
    Column("added_at", Instant, nullable=False),
    Column("withdrawn_at", Instant),
    UniqueConstraint("cohort_id", "same"),
    CheckConstraint("sex IN ('female', 'male', 'other')", name="sex"),
)

roster_draft = table(  # a file that was read and waits for a yes; its rows are emptied when it is settled
    "roster_draft",
    key(),
    Column("author_id", BigInt, nullable=False),
    Column("cohort_id", BigInt, ForeignKey("cohort.id")),  # null: not yet said
    Column("sheet", Json),
    Column("state", Text, nullable=False),
    Column("created_at", Instant, nullable=False),
    one_of("state", "draft", "imported", "dropped"),
)

relink = table(  # a link by which a learner goes on from another Telegram account; taken once
    "relink",
    key(),
    Column("code_hash", Text, nullable=False, unique=True),
    Column("learner_id", BigInt, ForeignKey("learner.id"), nullable=False, index=True),
    Column("made_by", BigInt, nullable=False),  # a coordinator's Telegram id
    Column("expires_at", Instant, nullable=False),
    Column("taken_at", Instant),
)

thread = table(  # a learner's answer to a broadcast, and what follows
    "thread",
    key(),
    Column("learner_id", BigInt, ForeignKey("learner.id"), nullable=False, index=True),
    Column("cohort_id", BigInt, ForeignKey("cohort.id"), nullable=False, index=True),
    Column("broadcast_id", BigInt, ForeignKey("broadcast.id")),
    Column("state", Text, nullable=False),
    Column("opened_at", Instant, nullable=False),
    Column("moved_at", Instant, nullable=False),
    one_of("state", "waiting", "answered", "closed"),
)

thread_line = table(  # free text: deleted by /forget
    "thread_line",
    key(),
    Column("thread_id", BigInt, ForeignKey("thread.id"), nullable=False, index=True),
    Column("author_id", BigInt),  # a coordinator's Telegram id; null: the learner
    Column("words", Text, nullable=False),
    Column("said_at", Instant, nullable=False),
)

correction = table(  # a question put right: first a draft with its dry run, then confirmed
    "correction",
    key(),
    Column("course_id", Text, nullable=False),
    Column("question_id", Text, nullable=False),
    Column("parent", Text, ForeignKey("question_version.version"), nullable=False),
    Column("version", Text, ForeignKey("question_version.version")),  # set when confirmed
    Column("words", Json, nullable=False),
    Column("reason", Text, nullable=False),
    Column("author_id", BigInt, nullable=False),
    Column("state", Text, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("confirmed_at", Instant),
    Column("marked_to", BigInt, nullable=False, server_default="0"),  # the last attempt that was looked at
    Column("marked", Integer, nullable=False, server_default="0"),  # how many were judged anew
    Column("done_at", Instant),  # every attempt was looked at
    Column("clash", Text),  # the version of the course's files that says something else, once colleagues were told
    one_of("state", "draft", "confirmed", "dropped"),
)

remark = table(  # append-only: an attempt judged anew; the verdict as it was answered stays in `attempt`
    "remark",
    key(),
    Column("attempt_id", BigInt, ForeignKey("attempt.id"), nullable=False),
    Column("correction_id", BigInt, ForeignKey("correction.id"), nullable=False),
    Column("correct", Integer, nullable=False),
    Column("made_at", Instant, nullable=False),
    UniqueConstraint("attempt_id", "correction_id"),
)
