"""A term is found as people type it, a broken glossary is told of line by line, and a search finds the card."""

import csv
import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lessons.catalogue import built_in
from lessons.course import Course, LessonId, Source, Term, TermId
from lessons.folding import keys_of
from lessons.glossary import LONGEST_QUERY, Near, Nothing, glossary_of, taught_in, terms_in
from lessons.problem import Severity
from lessons.searching import LessonHit, TermHit, says_something, search
from tests.lessons.sample import FILES, parsed, said

COURSE = built_in()
GLOSSARY = glossary_of(COURSE.glossary)
MARKS = dict(csv.reader((Path(__file__).parents[1] / "content" / "facts.csv").read_text().splitlines()[1:]))

each_term = pytest.mark.parametrize("term", COURSE.glossary, ids=lambda term: term.id)


def found(words: str) -> str | list[str] | None:
    """The id of the term that was meant, or ids of those that are near, or nothing."""
    match GLOSSARY.find(words):
        case Term() as term:
            return term.id
        case Near(terms):
            return [term.id for term in terms]
        case Nothing():
            return None


# Spelling


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Kafala", "KAFALA"),
        ("labour attaché", "Labour Attache"),
        ("wage-protection systems", "wage protection system"),
        ("a worker's wages", "a workers' wage"),
        ("agencies", "agency"),
        ("“BATNA”?", "batna"),
        ("non\u2011refoulement", "non refoulement"),
    ],
)
def test_capitals_accents_punctuation_and_plurals_do_not_count(one: str, other: str) -> None:
    assert keys_of(one) == keys_of(other)


@pytest.mark.parametrize("word", ["access", "iris", "status", "wps", "crisis", "bus"])
def test_an_s_that_makes_no_plural_stays(word: str) -> None:
    assert keys_of(word) == (word,)


def test_a_word_in_bangla_stays_whole() -> None:
    assert keys_of("কাফালা কী?") == ("কাফালা", "কী")


# Finding a term


@pytest.mark.parametrize(
    ("typed", "term"),
    [
        ("kafala", "kafala"),
        ("  KAFALA?! ", "kafala"),
        ("sponsorship", "kafala"),
        ("what is the kafala system?", "kafala"),
        ("wps", "wps"),
        ("Wage Protection System (WPS)", "wps"),
        ("wage-protection", "wps"),
        ("huroob", "absconding"),
        ("nonrefoulement", "non-refoulement"),
        ("labour attache", "labour-attache"),
        ("MoUs", "mou"),
        ("end of service benefits", "gratuity"),
        ("trafficking protocol", "palermo-protocols"),
    ],
)
def test_what_people_type_leads_to_the_term(typed: str, term: str) -> None:
    assert found(typed) == term


@pytest.mark.parametrize("typed", ["kafla", "kaffala", "kafalah", "kaf"])
def test_a_misspelt_or_unfinished_term_is_offered_and_not_guessed(typed: str) -> None:
    assert found(typed) == ["kafala"]


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("refoulment", "non-refoulement"),
        ("consuler notificaton", "consular-notification"),
        ("labor attaché", "labour-attache"),
        ("iqamah", "iqama"),
        ("wage protecshun", "wps"),
    ],
)
def test_the_nearest_spelling_comes_first(typed: str, first: str) -> None:
    near = found(typed)
    assert isinstance(near, list)
    assert near[0] == first


def test_words_that_hold_two_terms_offer_both() -> None:
    assert found("trafficking or smuggling") == ["trafficking", "smuggling"]


def test_a_word_of_many_terms_offers_four() -> None:
    near = found("migration")
    assert isinstance(near, list)
    assert len(near) == 4


@pytest.mark.parametrize("typed", ["", "   ", "?!", "zzzz", "what is the", "🙂", "x" * 5000, "<b>&amp;", "কাফালা"])
def test_what_is_like_no_term_finds_nothing(typed: str) -> None:
    assert found(typed) is None


def test_words_after_the_first_hundred_characters_do_not_count() -> None:
    assert found("zz " * LONGEST_QUERY + "kafala") is None


@settings(deadline=None)  # the first search reads the whole course
@given(st.text(max_size=200))
def test_any_text_is_answered(typed: str) -> None:
    found(typed)
    assert len(GLOSSARY.matches(typed, 5)) <= 5
    search(COURSE, typed)


@each_term
def test_every_name_of_every_term_leads_to_it(term: Term) -> None:
    assert {name: found(name) for name in (term.term, term.short, *term.also)} == dict.fromkeys(
        (term.term, term.short, *term.also), term.id
    )


def test_who_is_still_typing_gets_the_likeliest_first() -> None:
    assert [term.id for term in GLOSSARY.matches("traf", 5)][:1] == ["trafficking"]
    assert [term.id for term in GLOSSARY.matches("kafala", 5)][:1] == ["kafala"]


def test_who_has_typed_nothing_yet_gets_the_terms_that_others_refer_to_most() -> None:
    (first, *_), none = GLOSSARY.matches(" ", 5), glossary_of(()).matches("", 5)
    assert len(GLOSSARY.matches("", 5)) == 5
    assert sum(first.id in term.see for term in COURSE.glossary) >= 4
    assert none == ()


# Terms and lessons


SOURCE = Source("s", "A source", "2024", "https://example.org")
ADD = Term(TermId("add"), "Abu Dhabi Dialogue (ADD)", "A forum.", (SOURCE,))
WAGE = Term(TermId("wage"), "Wage protection", "Banks.", (SOURCE,), also=("WPS",))
WAGES = Term(TermId("wages"), "Wage", "Pay.", (SOURCE,))


def course_saying(text: str, *terms: Term) -> Course:
    """The sample course whose first lesson says this on its second card."""
    files = {**FILES, "01-first-hours/01-a-call.yaml": FILES["01-first-hours/01-a-call.yaml"]}
    line = "Ask where she is first, because a place is what help needs."
    files["01-first-hours/01-a-call.yaml"] = files["01-first-hours/01-a-call.yaml"].replace(line, text)
    course = parsed(files).course
    assert course is not None
    return replace(course, glossary=terms)


def used(text: str) -> list[str]:
    course = course_saying(text, ADD, WAGE, WAGES)
    return [term.id for term in terms_in(course.lessons[0], glossary_of(course.glossary))]


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("The Abu Dhabi Dialogue meets.", ["add"]),
        ("The ADD meets.", ["add"]),
        ("Scholars add a second question. Add one more.", []),
        ("Wage-protection reforms", ["wage"]),
        ("Quotas, wages, protection", ["wages"]),
        ("A wage is paid. The ADD met, the ADD spoke.", ["add", "wages"]),
        ("Nothing of the kind.", []),
    ],
)
def test_a_lesson_uses_the_terms_that_its_cards_name(text: str, terms: list[str]) -> None:
    assert used(text) == terms


def test_a_term_is_taught_where_it_is_used() -> None:
    course = course_saying("The ADD meets.", ADD, WAGE)
    assert [lesson.id for lesson in taught_in(ADD, course)] == ["a-call"]
    assert taught_in(WAGE, course) == ()


def test_a_term_that_names_its_lesson_is_taught_there() -> None:
    named = replace(ADD, lessons=(LessonId("a-list"), LessonId("gone")))
    assert [lesson.id for lesson in taught_in(named, course_saying("The ADD meets.", named))] == ["a-list"]


def test_where_two_courses_explain_a_term_the_first_has_it() -> None:
    mine, other = replace(ADD, means="Mine."), replace(ADD, means="Other.")
    glossary = glossary_of((mine, WAGE, other))
    assert glossary.terms == (mine, WAGE)
    assert glossary.find("add") == mine


# The file


GLOSSARY_TEXT = """\
sources:
  - id: handbook
    name: Consular handbook
    date: "2024"
    address: https://example.org/handbook
terms:
  - id: kafala
    term: Kafala (sponsorship)
    means: A system that ties a worker's stay to one employer.
    also: [kafeel]
    see: [exit-permit]
    lessons: [a-call]
    sources: [handbook]
    facts: [G39]
  - id: exit-permit
    term: Exit permit
    means: Permission to leave.
    sources: [handbook]
"""


def test_a_glossary_becomes_the_terms_of_the_course() -> None:
    result = parsed({**FILES, "glossary.yaml": GLOSSARY_TEXT})
    assert result.problems == ()
    assert result.course is not None
    kafala, permit = result.course.glossary
    assert (kafala.short, kafala.also, kafala.see) == ("Kafala", ("kafeel",), ("exit-permit",))
    assert (
        kafala.sources
        == permit.sources
        == (Source("handbook", "Consular handbook", "2024", kafala.sources[0].address),)
    )
    assert result.places["term", "exit-permit"].line == 15


def test_a_course_needs_no_glossary() -> None:
    course = parsed(FILES).course
    assert course is not None
    assert course.glossary == ()
    assert search(course, "call")


BROKEN = {
    "an unknown source": (
        "sources: [handbook]\n    facts",
        "sources: [handbok]\n    facts",
        "glossary.yaml:13: `handbok` in `sources` is no source of the glossary; add it to the list on top",
    ),
    "an unknown related term": (
        "see: [exit-permit]",
        "see: [exit]",
        "glossary.yaml:11: `exit` in `see` is no term of the glossary; write it or delete it here",
    ),
    "a term that refers to itself": (
        "see: [exit-permit]",
        "see: [kafala]",
        "glossary.yaml:11: `kafala` refers to itself; delete it here",
    ),
    "one id for two terms": (
        "id: exit-permit",
        "id: kafala",
        "glossary.yaml:15: the term id `kafala` is used already in glossary.yaml line 7; rename one",
    ),
    "one spelling for two terms": (
        "term: Exit permit",
        "term: Kafeels",
        "glossary.yaml:16: a spelling of `exit-permit` belongs to `kafala` already; keep it in one of the two",
    ),
    "a meaning that is too long": (
        "Permission to leave.",
        "x" * 301,
        "glossary.yaml:17: `means` of term exit-permit has 301 characters; cut it to 300",
    ),
    "an id that no button carries": (
        "id: exit-permit",
        f"id: {'x' * 41}",
        f"glossary.yaml:15: `id` of term {'x' * 41} has 41 characters; cut it to 40",
    ),
    "no meaning": (
        "    means: Permission to leave.\n",
        "",
        "glossary.yaml:15: term exit-permit has no `means`; say in plain words what it means",
    ),
    "a term without letters": (
        "term: Exit permit",
        'term: "?!"',
        "glossary.yaml:16: `term` of term exit-permit is `?!`, which has no letter; nobody can look it up",
    ),
    "one id for two sources": (
        "terms:\n",
        '  - id: handbook\n    name: Again\n    date: "2024"\n    address: https://example.org\nterms:\n',
        "glossary.yaml:6: two sources have the id `handbook`, the first in line 2; rename one",
    ),
    "a key that nothing reads": (
        "means: Permission",
        "meaning: x\n    means: Permission",
        "glossary.yaml:17: `meaning` in term exit-permit is a key that nothing reads; did you mean `means`?",
    ),
}


@pytest.mark.parametrize(("old", "new", "sentence"), BROKEN.values(), ids=BROKEN.keys())
def test_a_broken_glossary_is_told_of_by_line_and_refuses_the_course(old: str, new: str, sentence: str) -> None:
    assert old in GLOSSARY_TEXT
    result = parsed({**FILES, "glossary.yaml": GLOSSARY_TEXT.replace(old, new, 1)})
    assert sentence in said(result)
    assert result.course is None


def test_a_lesson_that_is_gone_is_only_a_warning() -> None:
    result = parsed({**FILES, "glossary.yaml": GLOSSARY_TEXT.replace("[a-call]", "[a-cal]")})
    assert [(str(p), p.severity) for p in result.problems] == [
        ("glossary.yaml:12: `a-cal` in `lessons` is no lesson of the course; give a lesson's id", Severity.WARNING)
    ]
    assert result.course is not None


@pytest.mark.parametrize("data", [b"", b"\xff", b"- 1", b"terms: 3", b"a: &x 1\nb: *x", b"terms: []\nsources: []"])
def test_a_glossary_that_is_none_is_refused_without_a_traceback(data: bytes) -> None:
    result = parsed({**FILES, "glossary.yaml": data})
    assert result.course is None
    assert result.problems


# Searching


def hits(words: str) -> list[str]:
    return [hit.lesson.id if isinstance(hit, LessonHit) else f"term {hit.term.id}" for hit in search(COURSE, words)]


@pytest.mark.parametrize(
    ("words", "lesson"),
    [
        ("consular access", "arrest-and-the-right-to-be-told"),
        ("Consular access?", "arrest-and-the-right-to-be-told"),
        ("huroob", "kafala-and-wage-protection"),
        ("smart card", "the-act-in-five-duties"),
        ("BATNA", "batna-zopa-interests"),
        ("lebanon", "kuwait-libya-lebanon"),
        ("passport kept by the employer", "passports-and-wages"),
        ("what should I do when a worker is arrested", "arrest-and-the-right-to-be-told"),
        ("Smugling", "trafficking-or-smuggling"),
    ],
)
def test_a_search_leads_to_the_lesson_that_teaches_it(words: str, lesson: str) -> None:
    assert hits(words)[0] == lesson


def test_a_hit_brings_the_card_that_says_it() -> None:
    first = search(COURSE, "who needs no means to be shown: a child")[0]
    assert isinstance(first, LessonHit)
    assert first.lesson.id == "trafficking-or-smuggling"
    assert "child under 18" in first.card.text


def test_a_card_that_explains_is_shown_before_one_that_only_sets_the_scene() -> None:
    for hit in search(COURSE, "remittance costs"):
        assert isinstance(hit, LessonHit)
        assert hit.card != hit.lesson.cards[0]


def test_there_are_at_most_three_hits_and_one_term_among_them() -> None:
    for words in ("migration", "worker", "wage", "trafficking smuggling kafala"):
        assert 1 <= len(hits(words)) <= 3
        assert sum(isinstance(hit, TermHit) for hit in search(COURSE, words)) <= 1


def test_the_best_comes_first() -> None:
    scores = [hit.score for hit in search(COURSE, "wages of domestic workers")]
    assert scores == sorted(scores, reverse=True)


@pytest.mark.parametrize("words", ["", "the of and", "?", "qqqqq", "x" * 5000])
def test_a_search_for_nothing_finds_nothing(words: str) -> None:
    assert hits(words) == []


@pytest.mark.parametrize(("words", "says"), [("", False), ("the of", False), ("?!", False), ("the law", True)])
def test_passing_words_say_nothing(words: str, says: bool) -> None:
    assert says_something(words) is says


# The glossary that comes with the course


def test_the_glossary_has_sixty_terms() -> None:
    assert len(COURSE.glossary) == 60


def test_every_entry_of_the_fact_base_has_its_term() -> None:
    cited = sorted(fact for term in COURSE.glossary for fact in term.facts if fact.startswith("G"))
    assert cited == [f"G{n:02}" for n in range(1, 61)]


@each_term
def test_a_term_rests_on_facts_that_are_not_uncertain(term: Term) -> None:
    others = [fact for fact in term.facts if not fact.startswith("G")]
    assert [fact for fact in others if MARKS.get(fact) not in {"V", "M"}] == []
    assert term.sources


@each_term
def test_a_meaning_is_short_and_plain(term: Term) -> None:
    assert len(term.means) <= 300
    assert term.means.endswith(".")
    assert max(len(sentence.split()) for sentence in re.split(r"(?<=[.?!:;]) ", term.means)) <= 32
    assert re.findall(r"<[a-z/]|\*\*|__|\]\(", term.means) == []


@each_term
def test_a_term_leads_on_to_others(term: Term) -> None:
    assert 1 <= len(term.see) <= 4


def test_every_source_of_the_glossary_is_cited() -> None:
    text = (Path(__file__).parents[2] / "lessons/content/migration-diplomacy/glossary.yaml").read_text("utf-8")
    listed = set(re.findall(r"^  - id: (\S+)\n    name:", text, re.MULTILINE))
    assert listed == {source.id for term in COURSE.glossary for source in term.sources}


def test_nine_terms_of_ten_lead_to_a_lesson() -> None:
    taught = [term for term in COURSE.glossary if taught_in(term, COURSE)]
    assert len(taught) >= 54


def test_most_lessons_have_a_term_to_tap() -> None:
    assert sum(bool(terms_in(lesson, GLOSSARY)) for lesson in COURSE.lessons) / len(COURSE.lessons) >= 0.8
