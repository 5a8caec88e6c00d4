"""Answers and completions as xAPI statements, with ids that are the same at every export.

xAPI 1.0.3, Data: a statement is never changed; one that no longer holds is voided by another that names it.
https://github.com/adlnet/xAPI-Spec/blob/1.0.3/xAPI-Data.md
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

ANSWERED = {"id": "http://adlnet.gov/expapi/verbs/answered", "display": {"en": "answered"}}
RESPONDED = {"id": "http://adlnet.gov/expapi/verbs/responded", "display": {"en": "responded"}}
COMPLETED = {"id": "http://adlnet.gov/expapi/verbs/completed", "display": {"en": "completed"}}
VOIDED = {"id": "http://adlnet.gov/expapi/verbs/voided", "display": {"en": "voided"}}
QUESTION = "http://adlnet.gov/expapi/activities/cmi.interaction"
COURSE = "http://adlnet.gov/expapi/activities/course"

Statement = dict[str, Any]


class Teller:
    """Tells of one course in one cohort. `home` is an address that is the academy's own."""

    def __init__(self, home: str, course_id: str, academy: str) -> None:
        self.home = home
        self._names = uuid5(NAMESPACE_URL, home)
        self._course = f"{home}/courses/{course_id}"
        self._authority = {"objectType": "Agent", "name": academy, "account": {"homePage": home, "name": "academy"}}

    def answers(
        self, rows: Iterable[tuple[int, Mapping[str, Any]]], remarks: Sequence[Mapping[str, Any]]
    ) -> Iterator[Statement]:
        """A statement for each answer as it was given; for each correction one that voids the last, and a new one."""
        by_attempt: dict[int, list[Mapping[str, Any]]] = {}
        for each in remarks:
            by_attempt.setdefault(each["attempt"], []).append(each)
        for attempt, row in rows:
            last = self._answer(attempt, row, bool(row["correct"]), "")
            yield last
            for n, each in enumerate(by_attempt.get(attempt, ())):
                yield self._voids(last["id"], f"void:{attempt}:{n}", each["made_at"])
                last = self._answer(attempt, row, bool(each["correct"]), f":correction:{each['correction']}")
                yield last

    def _answer(self, attempt: int, row: Mapping[str, Any], success: bool, suffix: str) -> Statement:
        told = {"version": row["version"], "asking": row["asking"], "update": row["update_id"]}
        return {
            "id": self._id(f"attempt:{attempt}{suffix}"),
            "actor": self._actor(row),
            "verb": ANSWERED,
            "object": {
                "objectType": "Activity",
                "id": f"{self._course}/questions/{row['question']}",
                "definition": {"type": QUESTION, "interactionType": "choice"},
            },
            "result": {
                "success": success,
                "response": row["choice"],
                "extensions": {f"{self.home}/xapi/sure": row["sure"]},
            },
            "context": self._context(row) | {"extensions": {f"{self.home}/xapi/{k}": v for k, v in told.items()}},
            "timestamp": row["answered_at"],
            "version": "1.0.0",
        }

    def completions(self, rows: Iterable[tuple[int, Mapping[str, Any]]]) -> Iterator[Statement]:
        """A statement for everybody who has completed the course."""
        for enrolment, row in rows:
            if row["completed_at"] is not None:
                yield {
                    "id": self._id(f"completed:{enrolment}"),
                    "actor": self._actor(row),
                    "verb": COMPLETED,
                    "object": {"objectType": "Activity", "id": self._course, "definition": {"type": COURSE}},
                    "result": {"completion": True},
                    "context": self._context(row),
                    "timestamp": row["completed_at"],
                    "version": "1.0.0",
                }

    def moves(self, rows: Iterable[tuple[int, Mapping[str, Any]]]) -> Iterator[Statement]:
        """A statement for each decision in a case: the scene is what was responded to, the move the response."""
        for play, row in rows:
            told = {"play": play, "replay-of": row["replay_of"], "before": row["before"], "after": row["after"]}
            yield {
                "id": self._id(f"move:{play}:{row['n']}"),
                "actor": self._actor(row),
                "verb": RESPONDED,
                "object": {
                    "objectType": "Activity",
                    "id": f"{self._course}/cases/{row['simulation']}/{row['scene']}",
                    "definition": {"type": QUESTION, "interactionType": "choice"},
                },
                "result": {"response": row["move"]},
                "context": self._context(row) | {"extensions": {f"{self.home}/xapi/{k}": v for k, v in told.items()}},
                "timestamp": row["moved_at"],
                "version": "1.0.0",
            }

    def _voids(self, statement: str, name: str, at: str) -> Statement:
        return {
            "id": self._id(name),
            "actor": self._authority,
            "verb": VOIDED,
            "object": {"objectType": "StatementRef", "id": statement},
            "timestamp": at,
            "version": "1.0.0",
        }

    def _actor(self, row: Mapping[str, Any]) -> dict[str, Any]:
        if "pseudonym" in row:
            account = {"homePage": self.home, "name": row["pseudonym"]}
        else:
            telegram_id = row["telegram_id"]  # none: somebody who was forgotten
            account = {
                "homePage": "https://telegram.org",
                "name": "forgotten" if telegram_id is None else str(telegram_id),
            }
        return {"objectType": "Agent", "account": account}

    def _context(self, row: Mapping[str, Any]) -> dict[str, Any]:
        cohort = {"id": f"{self.home}/cohorts/{uuid5(self._names, 'cohort:' + row['cohort'])}"}
        return {"contextActivities": {"parent": [{"id": self._course}], "grouping": [cohort]}}

    def _id(self, name: str) -> str:
        made: UUID = uuid5(self._names, name)
        return str(made)
