"""Each lint of simulations goes red on one broken place of a sound case, and no other does."""

from dataclasses import replace

import pytest

from lessons.course import Term, TermId
from lessons.lints import simulations
from lessons.simulation_paths import explore
from tests.lessons.simulation_sample import CELL, TODAY, linted, read, stuck, written

TO_DESK = "to: the-desk, effects: [protection -1, trust +1]"
LEAVE = "- {id: leave, text: Leave the room., to: thin, effects: [standing -1]}"


def test_a_sound_simulation_has_no_problem() -> None:
    assert linted() == []


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        (
            [
                ("effects: [standing -1]}\n      - {id: silence", "when: [trust at least 9]}\n      - {id: silence"),
                ("text: Say nothing., to: the-court", "text: Say nothing., to: the-court, when: [trust at least 9]"),
            ],
            "error the-photo: no move is open here after call → ask → tell → list; add one without `when`",
        ),
        (
            [(LEAVE, "- {id: leave, text: Leave the room., to: the-court}")],
            "error the-court: a play can go the-court → the-court and change nothing, again and again",
        ),
        (
            [("{when: [after tell], to: the-photo}", "{when: [after tell], to: thin}")],
            "warning the-photo: no play comes to the-photo; let a move lead there or delete it",
        ),
        (
            [("to: fair\n", "to: narrow\n")],
            "warning fair: no play comes to fair; let a move lead there or delete it",
        ),
        (
            [("when: [standing at least 5]", "when: [standing at least 9]")],
            "warning plead: `plead` has a condition that never holds here; change `when` or delete it all",
        ),
        (
            [("{when: [after tell], text: His", "{when: [after call, after wait], text: His")],
            "warning the-court: a paragraph of the-court has a condition that never holds here",
        ),
        (
            [("{when: [after tell], text: His", "{when: [after call or wait], text: His")],
            "warning the-court: a paragraph of the-court has a condition that always holds here; delete `when`",
        ),
        (
            [("{when: [protection at most 3], to: thin}", "{when: [protection at most -1], to: thin}")],
            "warning thank: `thank` never leads to thin instead; change that condition or delete it",
        ),
        (
            [("{when: [protection at most 3], to: thin}", "{when: [protection at least 0], to: thin}")],
            "warning thank: `thank` never leads to fair, because something in `instead` always holds",
        ),
        (
            [("when: [standing at least 5]", "when: [trust at least 5]")],
            "warning the-cell: nothing depends on the variable `standing`; let a condition ask for it",
        ),
        (
            [("start: 3, low: 0", "start: 3, low: 3"), ("protection at most 3", "protection at most 4")],
            "warning wait: `protection -1` of `wait` changes nothing in any play: the variable stands at its bound",
        ),
        (
            [("id: ask, text: Ask politely., to: the-wish", "id: ask, text: Ask politely., to: narrow")],
            "warning the-cell: a path has 2 decisions, as the play after call → ask; make it 3 or more",
        ),
        (
            [("id: ask, text: Ask politely., to: the-wish", "id: ask, text: Ask politely., to: narrow")],
            "warning the-wish: a play can end at narrow without the turning point the-wish",
        ),
        (
            [(", because: It was his., sources: [handbook]", "")],
            "warning keep: `keep` stands at the turning point and has no `because`; the debrief tells it",
        ),
        (
            [(LEAVE, LEAVE + "\n      - {id: stay, text: Stay., to: thin}")],
            "warning the-court: 4 moves are open here after call → ask → keep → list; let it be 2 or 3",
        ),
        (
            [(LEAVE, LEAVE.replace("}", ", when: [standing at least 5]}"))],
            "warning the-court: 1 move is open here after",
        ),
        (
            [
                ("tell], text: His mother sits in the room.", f"tell], text: {'His mother sits. ' * 34}"),
                ("The judge looks at you.", "The judge looks at you. " * 3),
            ],
            "error the-court: with its paragraphs the text has 648 characters; cut it to 600",
        ),
        (
            [(", effects: [standing -1]}\n      - {id: silence", "}\n      - {id: silence")],
            "warning silence: `sorry` and `silence` change the same and lead to the same; let them differ",
        ),
        (
            [
                (
                    "sources:\n  - {id: handbook",
                    "sources:\n  - {id: law, name: Law, date: '2024', address: https://example.org}\n  - {id: handbook",
                )
            ],
            "warning the-cell: the source `law` proves nothing here; cite it or delete it",
        ),
        ([("2027-05-20", "2026-11-26")], "warning the-cell: the review was due on 2026-11-26"),
        ([("2027-05-20", "2027-01-20")], "warning the-cell: the review is due on 2027-01-20, in 55 days"),
        ([("title: A thin file", "title: You failed him")], "warning thin: “You failed” blames; say what was reached"),
        (
            [("A man calls at two.", "Intergovernmental organisations institutionalise responsibilities. " * 8)],
            "warning the-cell: scenes and endings have a reading ease of",
        ),
    ],
)
def test_a_broken_place_is_told(changes: list[tuple[str, str]], told: str) -> None:
    found = linted(*changes)

    assert [one for one in found if one.startswith(told)], found
    assert bool(stuck(found)) is told.startswith("error"), found


def test_an_unexplained_abbreviation_is_told_where_the_course_has_a_glossary() -> None:
    course = read(written(("You are on duty tonight.", "You are on duty for WEWB."))).course
    assert course is not None
    term = Term(TermId("bureau"), "Labour bureau (BMET)", "The office that sends workers.", ())

    assert list(simulations.findings(course, TODAY)) == []
    (found,) = simulations.findings(replace(course, glossary=(term,)), TODAY)
    assert found[2].startswith("`WEWB` is used but explained neither here nor in the glossary")


def test_too_few_scenes_are_told() -> None:
    photo = CELL[CELL.index("  - id: the-photo") : CELL.index("  - id: the-court")]
    found = linted((photo, ""), ("        instead:\n          - {when: [after tell], to: the-photo}\n", ""))
    assert "warning the-cell: there are 5 scenes; make it 6 to 14" in found


def test_too_few_endings_are_told() -> None:
    thin = CELL[CELL.index("  - id: thin") : CELL.index("  - id: narrow")]
    row = "          - {when: [protection at most 3], to: thin}\n"
    found = linted((thin, ""), (row, ""), ("to: thin", "to: fair"))
    assert "warning the-cell: there are 2 endings; make it 3 to 5" in found


@pytest.mark.slow
def test_more_situations_than_anybody_can_oversee_are_given_up_and_told() -> None:
    wide = [("low: 0, high: 10", "low: 0, high: 900")] * 3
    loud = "".join(
        f"      - {{id: loud-{n}, text: Again., to: the-call, effects: [{name} +{n + 1}]}}\n"
        for n, name in enumerate(("protection", "trust", "standing"))
    )
    found = linted(*wide, ("      - {id: wait, text", f"{loud}      - {{id: wait, text"))
    assert [one for one in stuck(found) if "there are more than 20,000 situations" in one]


def test_situations_that_go_on_alike_are_followed_once() -> None:
    course = read().course
    assert course is not None
    paths = explore(course.simulations[0])
    assert paths.whole
    assert len(paths.states) < 120
