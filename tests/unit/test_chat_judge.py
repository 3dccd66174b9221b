"""The judge that asks a model: what it asks, what it adds, and that it asks once."""

import json
from dataclasses import replace
from functools import cache

import pytest

from esg.domain import Proposals
from esg.errors import BudgetSpent, Misconfigured, Rejected, Transient
from esg.lake import Answers
from esg.rubric import Rubric, load
from esg.score import FallbackJudge, LocalJudge, Question
from esg.score.chat import ChatJudge
from esg.score.chat.prompt import PROMPT_VERSION
from tests.fakes.chats import Data, MemoryAnswers, NoChat, Rule, RuleChat, silence, yes
from tests.fakes.passages import neighbours, passage

OPEN, CLOSED, HOPELESS = "TSP.4.validated", "GHG.3.assured", "DM.3.platform"
PASSAGES = [
    *neighbours(
        "Our near-term target covers scope 1 and 2 emissions.",
        "The SBTi validation was granted in May 2024 after a review at every site.",
    ),
    passage("PwC provided limited assurance over our Scope 1 and 2 emissions.", page=3, rank=3),
]


@cache
def rubric() -> Rubric:
    return load("maturity")


def questions(*names: str) -> list[Question]:
    return [Question(rubric().criterion(name), PASSAGES) for name in names]


def asking(rule: Rule, **more: object) -> ChatJudge:
    return replace(
        ChatJudge(RuleChat(rule).opened, MemoryAnswers(), "watsonx", "ibm/granite-4-h-small"), **more
    )


def sent(judge: ChatJudge) -> list[Data]:
    chat = judge.open_chat()
    assert isinstance(chat, RuleChat)
    return [json.loads(messages[1]["content"]) for messages in chat.sent]


def test_a_model_meets_a_criterion_whose_words_stand_apart() -> None:
    judge = asking(yes)

    (verdict,) = judge.judge(questions(OPEN), year=2024).verdicts

    assert verdict.met
    assert [finding.passage for finding in verdict.findings] == [PASSAGES[1]]
    (alone,) = LocalJudge().judge(questions(OPEN), year=2024).verdicts
    assert not alone.met


def test_only_what_the_cues_leave_open_and_an_answer_could_close_is_asked() -> None:
    judge = asking(silence)

    judgement = judge.judge(questions(CLOSED, OPEN, HOPELESS), year=2024)

    (data,) = sent(judge)
    assert [criterion["id"] for criterion in data["criteria"]] == [OPEN]
    assert [verdict.met for verdict in judgement.verdicts] == [True, False, False]


def test_no_answer_takes_a_finding_of_the_cues_away() -> None:
    asked = questions(CLOSED, OPEN)

    silent, local = asking(silence).judge(asked, year=2024), LocalJudge().judge(asked, year=2024)

    assert silent.verdicts == local.verdicts


def test_the_id_names_model_and_prompt() -> None:
    assert asking(yes).id == f"watsonx:ibm/granite-4-h-small:p{PROMPT_VERSION}"
    assert asking(yes, passages=20).id == f"watsonx:ibm/granite-4-h-small:p{PROMPT_VERSION}:n20"


def test_no_more_passages_are_shown_than_set() -> None:
    judge = asking(silence, passages=2)

    judge.judge(questions(OPEN), year=2024)

    assert [p["span"] for p in sent(judge)[0]["passages"]] == [1, 2]


def test_proposals_are_told_by_what_became_of_them() -> None:
    judgement = asking(yes).judge(questions(OPEN), year=2024)

    assert judgement.by.proposals == Proposals(kept=1, unheard=2)


# -- an answer is kept


def test_a_document_is_asked_about_once_and_stays_as_it_was_judged(tmp_path: object) -> None:
    answers = [yes, silence]

    def fickle(data: Data) -> object:
        return answers.pop(0)(data)

    kept = Answers(str(tmp_path))
    first = asking(fickle, kept=kept).judge(questions(OPEN), year=2024)
    again = asking(fickle, kept=Answers(str(tmp_path))).judge(questions(OPEN), year=2024)

    assert first == again
    assert first.verdicts[0].met
    assert answers == [silence]


@pytest.mark.parametrize(
    "changed",
    [
        {"model": "ibm/granite-3-3-8b-instruct"},
        {"passages": 2},
    ],
    ids=str,
)
def test_another_model_or_other_passages_are_asked_anew(changed: dict[str, object]) -> None:
    judge = asking(silence)
    judge.judge(questions(OPEN), year=2024)

    replace(judge, **changed).judge(questions(OPEN), year=2024)

    assert len(sent(judge)) == 2


def test_what_a_criterion_demands_is_part_of_what_was_asked() -> None:
    judge, (question,) = asking(silence), questions(OPEN)
    judge.judge([question], year=2024)

    judge.judge([question._replace(criterion=replace(question.criterion, text="Another."))], year=2024)
    judge.judge([question], year=2023)

    assert len(sent(judge)) == 3


def test_of_two_who_ask_at_once_both_take_the_first_answer() -> None:
    kept = MemoryAnswers()

    class Late(MemoryAnswers):
        def find(self, judge: str, asked: str) -> None:
            del judge, asked  # the other's answer was not there yet

    first = asking(yes, kept=kept).judge(questions(OPEN), year=2024)
    second = asking(silence, kept=Late(kept.kept)).judge(questions(OPEN), year=2024)

    assert second == first


def test_what_is_kept_says_who_answered_and_what_it_took() -> None:
    kept = MemoryAnswers()
    judge = asking(silence, kept=kept)

    judge.judge(questions(OPEN), year=2024)

    ((who, asked),) = kept.kept
    told = json.loads(kept.kept[who, asked])
    assert who == told["judge"] == judge.id
    assert len(asked) == 64
    assert told["model"] == "ibm/granite-4-h-small"
    assert told["prompt"] == PROMPT_VERSION
    assert told["prompt_tokens"] > 0


def test_a_damaged_answer_is_told_and_never_believed() -> None:
    kept = MemoryAnswers()
    judge = asking(silence, kept=kept)
    judge.judge(questions(OPEN), year=2024)
    kept.kept = dict.fromkeys(kept.kept, b'{"answer": {"criteria": "all"}}')

    with pytest.raises(Rejected, match="damaged") as told:
        judge.judge(questions(OPEN), year=2024)

    assert told.value.code == "object_damaged"


@pytest.mark.parametrize("content", [{}, [], "met", None, {"criteria": [{"id": "A", "met": "yes"}]}], ids=str)
def test_an_answer_of_another_form_is_not_kept(content: object) -> None:
    kept = MemoryAnswers()

    with pytest.raises(Transient, match="another form"):
        asking(lambda _: content, kept=kept).judge(questions(OPEN), year=2024)

    assert kept.kept == {}


# -- another judge


def test_where_the_model_does_not_answer_the_local_judge_judges_all_and_says_so() -> None:
    down = asking(silence, open_chat=NoChat)
    judge = FallbackJudge(down, LocalJudge())

    judgement = judge.judge(questions(CLOSED, OPEN), year=2024)

    assert judge.id == down.id
    assert judgement.verdicts == LocalJudge().judge(questions(CLOSED, OPEN), year=2024).verdicts
    assert judgement.by.judge == "local-1"
    assert judgement.by.proposals is None
    assert judgement.by.note == (
        f"{down.id} was asked, but it did not answer; local-1 judged the whole document."
    )


def test_a_spent_budget_is_told_as_such() -> None:
    def too_dear(data: Data) -> object:
        raise BudgetSpent("Today's budget for watsonx.ai, 50.00 USD, is spent.")

    judgement = FallbackJudge(asking(too_dear), LocalJudge()).judge(questions(OPEN), year=2024)

    assert "its budget was spent; local-1 judged the whole document" in judgement.by.note


@pytest.mark.parametrize(
    ("error", "told"),
    [(Misconfigured("The key is refused."), "key"), (ValueError("a bug"), "bug")],
    ids=["a wrong key", "a bug"],
)
def test_what_is_no_outage_is_not_covered_up(error: Exception, told: str) -> None:
    def broken(data: Data) -> object:
        raise error

    with pytest.raises(type(error), match=told):
        FallbackJudge(asking(broken), LocalJudge()).judge(questions(OPEN), year=2024)


def test_an_outage_of_our_own_lake_is_none_of_the_models() -> None:
    class Gone(MemoryAnswers):
        def find(self, judge: str, asked: str) -> None:
            raise Transient("The lake is away.")

    with pytest.raises(Transient, match="lake"):
        FallbackJudge(asking(yes, kept=Gone()), LocalJudge()).judge(questions(OPEN), year=2024)


def test_a_request_that_the_service_will_never_take_does_not_cost_us_the_document() -> None:
    def refusing(data: Data) -> object:
        raise Rejected("It is too long, or a filter did not like it.", code="watsonx_refused")

    judgement = FallbackJudge(asking(refusing), LocalJudge()).judge(questions(CLOSED, OPEN), year=2024)

    assert judgement.by.judge == "local-1"


def test_an_answer_to_the_first_sheet_does_not_count_where_the_second_has_none() -> None:
    """A document is judged by one judge; what was answered is kept for the next time."""
    far = [p._replace(span=p.span._replace(page=9)) for p in PASSAGES]
    many = [
        Question(replace(rubric().criterion(OPEN), id=f"{OPEN}{n}"), PASSAGES if n < 12 else far)
        for n in range(13)
    ]
    calls = 0

    def once(data: Data) -> object:
        nonlocal calls
        calls += 1
        if calls == 2:
            raise Transient("The line is dead.")
        return yes(data)

    judge = FallbackJudge(asking(once), LocalJudge())

    broken = judge.judge(many, year=2024)
    whole = judge.judge(many, year=2024)

    assert not any(verdict.met for verdict in broken.verdicts)
    assert all(verdict.met for verdict in whole.verdicts)
    assert (whole.by.note, calls) == ("", 3)


def test_where_nothing_need_be_asked_the_model_judged_all_the_same() -> None:
    judge = FallbackJudge(asking(silence, open_chat=NoChat), LocalJudge())

    assert judge.judge(questions(CLOSED), year=2024).by.judge == judge.id
