"""What an attempt counts as now: as it was answered, or as the last correction judged it."""

from sqlalchemy import func, select

from storage.desk_schema import remark
from storage.schema import attempt

_LAST_REMARK = (
    select(remark.c.correct)
    .where(remark.c.attempt_id == attempt.c.id)
    .order_by(remark.c.id.desc())
    .limit(1)
    .correlate(attempt)
    .scalar_subquery()
)
CORRECT_NOW = func.coalesce(_LAST_REMARK, attempt.c.correct)
