"""GIFT as people and Moodle write it: what is kept, and what is refused with its line and the mend."""

import pytest

from lessons.formats import gift
from lessons.formats.bank import (
    LARGEST_BANK,
    LONGEST_TEXT,
    MOST_PROBLEMS,
    MOST_QUESTIONS,
    BankChoice,
    BankQuestion,
    stray,
)
from lessons.problem import Severity
from lessons.strict_yaml import load


def only(text: str) -> BankQuestion:
    """The one question of a text that has no problem."""
    read = gift.read(text, file="bank.gift")
    assert read.problems == ()
    assert len(read.questions) == 1
    return read.questions[0]


def said(text: str) -> list[str]:
    """The problems of a text as its author reads them."""
    return [str(problem) for problem in gift.read(text, file="bank.gift").problems]


def test_a_question_with_all_its_parts() -> None:
    question = only(
        "// made by Asha\n"
        "$CATEGORY: $course$/top/Fees\n\n"
        "::fees-day:: Who pays the fee? {\n"
        "    =the employer # Yes, by the general principles.\n"
        "    ~the worker   # That is what the principles forbid.\n"
        "    ~nobody\n"
        "    #### Read the principles of 2019.\n"
        "}\n"
    )

    assert question == BankQuestion(
        "Who pays the fee?",
        (
            BankChoice("the employer", True, "Yes, by the general principles."),
            BankChoice("the worker", False, "That is what the principles forbid."),
            BankChoice("nobody", False),
        ),
        title="fees-day",
        category="$course$/top/Fees",
        general_feedback="Read the principles of 2019.",
    )
    assert question.line == 4


STEMS = {
    "an escape": (r"Is 2\=2 \{so\} \~ \#1 at 08\:30", "Is 2=2 {so} ~ #1 at 08:30"),
    "a line end as a sign": (r"One\nTwo", "One\nTwo"),
    "a line end as typed": ("One\nTwo", "One\nTwo"),
    "a comment inside": ("One\n// not this\nTwo", "One\nTwo"),
    "an escaped backslash before n": (r"C:\\new", "C:\\new"),
    "a backslash that escapes nothing": (r"C:\temp", r"C:\temp"),
    "a prefix [plain]": ("[plain]a <b> & c", "a <b> & c"),
    "a prefix [moodle]": ("[moodle]Fish &amp; chips", "Fish & chips"),
    "a prefix [markdown]": ("[markdown]Who pays", "Who pays"),
    "a prefix [html]": ("[html]<p>Who&nbsp;pays<br>today?</p><p>You</p>", "Who pays\ntoday?\nYou"),
    "a line end as typed in HTML": ("[html]<p>Who\npays?</p>", "Who pays?"),
    "a line end as typed beside a tag": ("Who<br>\npays\nit?", "Who\npays\nit?"),
    "a list in HTML": ("[html]Two:<ul><li>a</li><li>b</li></ul>", "Two:\n- a\n- b"),
    "a link in HTML": (r'[html]See <a href\="https\://ilo.org">the ILO</a>', "See the ILO (https://ilo.org)"),
    "a comment in HTML": ("[html]One<!-- <b>not this</b> --> two", "One two"),
    "brackets that are no prefix": ("[sic] Who pays", "[sic] Who pays"),
    "a sign that is no tag": ("Is 1 < 2 & 3 > 2", "Is 1 < 2 & 3 > 2"),
}


@pytest.mark.parametrize("name", STEMS)
def test_a_stem_is_read_as_moodle_shows_it(name: str) -> None:
    written, shown = STEMS[name]

    assert only(written + " {=a ~b}").stem == shown


def test_answers_inherit_the_format_of_the_stem() -> None:
    question = only("[html]<p>Who?</p>{=<p>A &amp; B</p>#<p>Yes</p> ~[plain]A &amp; B}")

    assert [choice.text for choice in question.choices] == ["A & B", "A &amp; B"]
    assert question.choices[0].feedback == "Yes"


@pytest.mark.parametrize(("answer", "right"), [("T", "True"), ("TRUE", "True"), ("F", "False"), ("FALSE", "False")])
def test_true_or_false_becomes_two_choices(answer: str, right: str) -> None:
    question = only(f"The ILO is older than the UN.{{{answer}}}")

    assert [(choice.text, choice.right) for choice in question.choices] == [
        ("True", right == "True"),
        ("False", right == "False"),
    ]


def test_the_first_feedback_of_true_or_false_is_for_who_is_wrong() -> None:
    question = only("The ILO is older than the UN.{T#It is: 1919.#Yes, 1919.####See its history.}")

    assert question.choices == (BankChoice("True", True, "Yes, 1919."), BankChoice("False", False, "It is: 1919."))
    assert question.general_feedback == "See its history."


def test_a_category_holds_until_the_next() -> None:
    bank = "a{=b ~c}\n\n$CATEGORY: one\nd{=e ~f}\n\ng{=h ~i}\n$CATEGORY: two\n\nj{=k ~l}\n"

    assert [question.category for question in gift.read(bank).questions] == ["", "one", "one", "two"]


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
def test_line_ends_of_every_system_are_read(ends: str) -> None:
    read = gift.read("\ufeffa{=b ~c}\n\nd{\n=e\n~f\n}\n".replace("\n", ends))

    assert [question.stem for question in read.questions] == ["a", "d"]


GOOD = "\n\nWhat is kept?{=this ~that}\n"
REFUSED = {
    "weights": ("Q {\n=a\n~%50%b\n~c}", 3, "`Q` gives a part of the marks (%50%)", "delete the weights"),
    "negative weights": ("Q {~%100%a ~%-33.333%b}", 1, "gives a part of the marks (%100%)", "write = before the right"),
    "several right answers": ("Q {\n=a\n=b\n~c}", 3, "`Q` has 2 right choices", "keep one ="),
    "no right answer": ("Q {\n~a ~b}", 2, "`Q` has no right choice", "write = before it"),
    "matching": ("Q {=Qatar -> Doha =Oman -> Muscat}", 1, "asks to match pairs", "one question for each pair"),
    "a number": ("Q {#1822:5}", 1, "asks for a number", "write = and ~ choices"),
    "a short answer": ("Q {=no one =nobody}", 1, "asks for a typed answer", "add wrong choices, each after ~"),
    "an essay": ("Q {}", 1, "is an essay", "write choices in the braces"),
    "an essay with feedback": ("Q {####x}", 1, "is an essay", "write choices"),
    "a missing word": ("Q\nis {=a ~b} here.", 2, "a gap is to be filled", "write the whole question before the {"),
    "a description": ("// note\nRead this.", 2, "a text without choices", "delete it"),
    "an open brace": ("Q\n{=a ~b", 2, "the { is not closed", "write } after the last choice"),
    "a stray brace": ("Q\n=a ~b}", 2, "a } stands here without a {", "delete it"),
    "a brace inside": ("Q {\n=a {b} ~c}", 2, "a second { stands inside", r"\{ for the sign"),
    "a brace too many": ("Q {\n=a ~b}}", 2, "a second } stands after", "delete it"),
    "no blank line": ("Q {=a ~b}\n::R:: what? {=a ~b}", 2, "a second question starts here", "leave a blank line"),
    "an open title": ("::Q who? {=a ~b}", 1, "the title is not closed", "write :: after it"),
    "a choice without words": ("Q {\n=a\n~\n~c}", 3, "`Q` has no words after ~", "delete the sign"),
    "only feedback": ("Q {\n=a\n~#why}", 3, "`Q` has no words after ~", "write them"),
    "words before the choices": ("Q {maybe\n=a ~b}", 1, "`Q` has words before its first choice", "write = or ~"),
    "small letters": ("Q {true}", 1, "`Q` has the answer true", "as TRUE"),
    "plain words": ("Q {who knows}", 1, "`Q` has no choice in its braces", "write = before the right one"),
    "one choice": ("Q {~a}", 1, "`Q` has no right choice", "write = before it"),
    "no question": ("{=a ~b}", 1, "asks nothing", "write the question before its choices"),
    "a picture": ('[html]Q<img src\\="a.png"> {=a ~b}', 1, "holds <img>", "say it in words"),
    "a file": ('[html]<a href\\="@@PLUGINFILE@@/a.pdf">Q</a> {=a ~b}', 1, "holds <a>", "say it in words"),
    "a control character": ("Q\n{=a\x07 ~b}", 2, "(U+0007)", "delete it"),
    "a control character in HTML": ("[html]Q&#x202e; {=a ~b}", 1, "(U+202E)", "delete it"),
    "a long text": (f"{'x' * (LONGEST_TEXT + 1)} {{=a ~b}}", 1, "a text of 4001 characters", "cut it to 4000"),
    "a long title": (f"::{'x' * 256}::Q {{=a ~b}}", 1, "title or category of more than 255", "cut it"),
    "many choices": (f"Q {{=a{' ~b' * 26}}}", 1, "has 27 choices", "give two to 26"),
    "a long category": (f"$CATEGORY: {'x' * 256}", 1, "the category has 256 characters", "cut it"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_kept_is_told_with_its_line_and_the_mend(name: str) -> None:
    bank, line, why, mend = REFUSED[name]

    read = gift.read(bank + GOOD, file="bank.gift")

    assert [str(problem).split(" ")[0] for problem in read.problems] == [f"bank.gift:{line}:"]
    assert why in read.problems[0].sentence
    assert mend in read.problems[0].sentence
    assert read.problems[0].severity is Severity.ERROR
    assert [question.stem for question in read.questions] == ["What is kept?"]


def test_a_blank_line_inside_the_braces_is_one_mistake() -> None:
    assert len(said("Q {\n=a\n\n~b\n\n~c\n}" + GOOD)) == 1


NOTED = {
    "bold": ("[html]<b>Q</b> {=a ~b}", "`Q` loses its markup (<b>), which a lesson does not show; read it again"),
    "markdown": ("[markdown]Q **now** {=a ~b}", "`Q **now**` is written in Markdown, whose marks a lesson shows"),
}


@pytest.mark.parametrize("name", NOTED)
def test_a_loss_of_markup_is_a_warning_beside_the_question(name: str) -> None:
    bank, sentence = NOTED[name]

    read = gift.read(bank, file="bank.gift")

    assert len(read.questions) == 1
    assert [problem.severity for problem in read.problems] == [Severity.WARNING]
    assert str(read.problems[0]).startswith(f"bank.gift:1: {sentence}")


def test_a_file_without_questions_says_so() -> None:
    assert said("// nothing\n") == ["bank.gift:1: there is no question in this file; is it GIFT?"]


def test_a_text_over_a_mebibyte_is_refused_whole() -> None:
    read = gift.read("a{=b ~c}\n\n" + "x" * LARGEST_BANK, file="bank.gift")

    assert read.questions == ()
    assert str(read.problems[0]) == "bank.gift:1: the file is larger than 1024 KiB; split it"


def test_more_problems_than_anyone_reads_are_counted() -> None:
    told = said("}\n\n" * (MOST_PROBLEMS + 7))

    assert len(told) == MOST_PROBLEMS + 1
    assert "7 more problems" in told[-1]


def test_more_questions_than_a_course_has_are_left_for_another_file() -> None:
    read = gift.read("a{=b ~c}\n\n" * (MOST_QUESTIONS + 7), file="bank.gift")

    assert len(read.questions) == MOST_QUESTIONS
    assert [problem.line for problem in read.problems] == [2 * MOST_QUESTIONS + 1]


@pytest.mark.timeout(20)
@pytest.mark.parametrize("html", ["<a ", "</a", "<!--", "&", "<a x\\='"])
def test_a_hostile_megabyte_is_read_in_a_moment(html: str) -> None:
    block = f"[html]{html * (14_000 // len(html))} {{=b ~c}}\n\n"

    read = gift.read(block * (LARGEST_BANK // len(block)), file="bank.gift")

    assert read.problems


def test_what_a_bank_takes_for_stray_a_lesson_refuses_too() -> None:
    signs = [chr(code) for code in (*range(0x20), *range(0x7F, 0xA1), *range(0x2000, 0x2070), 0xFFFE, 0xFFFF)]

    for sign in signs:
        if sign not in "\t\n\r":
            refused = load(f"a: x{sign}x".encode(), "a.yaml")[1] != ()
            assert (stray(sign) is not None) == refused, f"U+{ord(sign):04X}"
