"""An enrolment's states and what may follow what."""

from enum import StrEnum
from typing import NewType

LearnerId = NewType("LearnerId", int)
CohortId = NewType("CohortId", int)
EnrolmentId = NewType("EnrolmentId", int)
AskingId = NewType("AskingId", int)


class EnrolmentState(StrEnum):
    """Where a learner stands in a cohort. An alumna is a completed enrolment; ended: the deadline came first."""

    INVITED = "invited"
    ACTIVE = "active"
    PAUSED = "paused"
    COMPLETED = "completed"
    ENDED = "ended"
    WITHDRAWN = "withdrawn"


class AskingState(StrEnum):
    """One occasion on which a question is put: planned, put, chosen (sure still open), settled, cancelled."""

    PLANNED = "planned"
    PUT = "put"
    CHOSEN = "chosen"
    SETTLED = "settled"
    CANCELLED = "cancelled"


class AskingKind(StrEnum):
    """Why a question is put."""

    DAY = "day"
    REVIEW = "review"
    REFRESHER = "refresher"
    KEPT = "kept"  # one of the ten of a baseline or a check
    CASE = "case"  # a simulation that takes the place of a new lesson


class MeasureKind(StrEnum):
    """When what somebody knows is measured with ten kept questions: at the start, 30 and 90 days after the end."""

    BASELINE = "baseline"
    CHECK_30 = "check-30"
    CHECK_90 = "check-90"


NEW = (AskingKind.DAY, AskingKind.CASE)  # what a working day brings that is new: a lesson with its question, or a case
OPEN_ASKINGS = (AskingState.PLANNED, AskingState.PUT, AskingState.CHOSEN)
