"""An enrolment's states and what may follow what."""

from enum import StrEnum
from typing import NewType

LearnerId = NewType("LearnerId", int)
CohortId = NewType("CohortId", int)
EnrolmentId = NewType("EnrolmentId", int)
AskingId = NewType("AskingId", int)


class EnrolmentState(StrEnum):
    """Where a learner stands in a cohort. An alumna is a completed enrolment."""

    INVITED = "invited"
    ACTIVE = "active"
    PAUSED = "paused"
    COMPLETED = "completed"
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


OPEN_ASKINGS = (AskingState.PLANNED, AskingState.PUT, AskingState.CHOSEN)
