"""Tables of plays: who plays which case, and every move with the state before and after."""

from sqlalchemy import Column, ForeignKey, Integer, PrimaryKeyConstraint, Text

from storage.columns import BigInt, Instant, Json
from storage.tables import key, table

play = table(
    "play",
    key(),
    Column("enrolment_id", BigInt, ForeignKey("enrolment.id"), nullable=False, index=True),
    Column("simulation_id", Text, nullable=False),
    Column("begun_from", Json, nullable=False),  # a state: that of the turning point, for a replay
    Column("replay_of", BigInt, ForeignKey("play.id")),
    Column("started_at", Instant, nullable=False),
    Column("ended_at", Instant),
    Column("ending", Text),
)

play_move = table(  # append-only: the first move of a number wins
    "play_move",
    Column("play_id", BigInt, ForeignKey("play.id"), nullable=False),
    Column("n", Integer, nullable=False),
    Column("scene", Text, nullable=False),
    Column("move", Text, nullable=False),
    Column("leads_to", Text, nullable=False),
    Column("before", Json, nullable=False),
    Column("after", Json, nullable=False),
    Column("moved_at", Instant, nullable=False),
    Column("update_id", BigInt),
    PrimaryKeyConstraint("play_id", "n"),
)
