"""questions → verdicts, by the rubric's cues and, where these leave a criterion open, a language model."""

import json
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any

from jsonschema import Draft202012Validator

from esg.domain import Proposals
from esg.errors import BudgetSpent, EsgError, Rejected, Transient
from esg.score.base import Finding, Judgement, Judging, Question, Unanswered, Verdict
from esg.score.chat import answer
from esg.score.chat.base import Answer, Chat, Kept
from esg.score.chat.ear import Ear
from esg.score.chat.prompt import PROMPT_VERSION, SCHEMA, messages
from esg.score.chat.sheet import Sheet, sheets
from esg.score.local import MAX_FINDINGS, decide, distinct

log = logging.getLogger(__name__)

PASSAGES = 40  # shown for each criterion, where a setting does not say otherwise
MAX_TOKENS = 4000  # of an answer: 12 criteria with three quotes each
_VALIDATOR = Draft202012Validator(dict(SCHEMA))


@dataclass(frozen=True)
class ChatJudge:
    """Asks a model of the criteria that the cues leave open and that its answer could close.

    What the local judge finds stands, whatever the model says, so that no text of a report and no model can
    take a finding away. Answers are kept by what was asked: the same document is asked about once.
    Raises Unanswered where the model does not answer.
    """

    open_chat: Callable[[], Chat]  # called when there is something to ask: its id needs no key
    kept: Kept
    provider: str
    model: str
    passages: int = PASSAGES
    max_tokens: int = MAX_TOKENS

    @property
    def id(self) -> str:
        """Name provider, model and prompt, and how many passages are shown where that is not the usual."""
        shown = "" if self.passages == PASSAGES else f":n{self.passages}"
        return f"{self.provider}:{self.model}:p{PROMPT_VERSION}{shown}"

    def judge(self, questions: Sequence[Question], *, year: int | None) -> Judgement:
        verdicts = [decide(question, year=year) for question in questions]
        decided = [*zip(questions, verdicts, strict=True)]
        left = (self._shown(question) for question, verdict in decided if not verdict.met)
        worth = (question for question in left if Ear(question, year).hears_anything())
        upheld = [self._ask(sheet) for sheet in sheets(worth, year=year)]
        found = {name: findings for one in upheld for name, findings in one.findings.items()}
        proposals = sum((one.proposals for one in upheld), Proposals())
        joined = (_joined(q, verdict, found.get(q.criterion.id, ())) for q, verdict in decided)
        return Judgement(tuple(joined), Judging(self.id, proposals=proposals))

    def _shown(self, question: Question) -> Question:
        """Keep the passages of the best hits, which come first."""
        return question._replace(passages=question.passages[: self.passages])

    def _ask(self, sheet: Sheet) -> answer.Upheld:
        """Ask a sheet, unless its answer is kept; of two who ask at once both take the first answer."""
        sent = messages(sheet)
        name = sha256(json.dumps([self.id, sent]).encode()).hexdigest()
        data = self.kept.find(self.id, name)
        if data is None:
            data = self.kept.keep(self.id, name, self._answer(sent))
        return answer.check(_read(data, name), sheet)

    def _answer(self, sent: Sequence[dict[str, str]]) -> bytes:
        given = self._given(sent)
        log.info("%s answered: %d tokens in, %d out", self.id, given.prompt_tokens, given.completion_tokens)
        kept = {
            "judge": self.id,
            "model": given.model,
            "prompt": PROMPT_VERSION,
            "prompt_tokens": given.prompt_tokens,
            "completion_tokens": given.completion_tokens,
            "answer": given.content,
        }
        return json.dumps(kept, indent=1).encode()

    def _given(self, sent: Sequence[dict[str, str]]) -> Answer:
        """Ask the model; a request that it will never take must not cost us the document either."""
        try:
            given = self.open_chat().chat(sent, model=self.model, schema=SCHEMA, max_tokens=self.max_tokens)
        except BudgetSpent as error:
            raise Unanswered(error, why="its budget was spent") from error
        except (Transient, Rejected) as error:
            raise Unanswered(error, why="it did not answer") from error
        if not _VALIDATOR.is_valid(given.content):  # kept, it would fail the document for ever
            wrong = EsgError(f"{self.id} gave an answer of another form than it was asked for.")
            raise Unanswered(wrong, why="it did not answer")
        return given


def _read(data: bytes, name: str) -> Any:
    try:
        content = json.loads(data)["answer"]
        _VALIDATOR.validate(content)
    except Exception as error:  # bytes that are not our own may be anything
        raise Rejected(
            f"The kept answer {name} is damaged.",
            code="object_damaged",
            next_step="Remove it and score its document again: the model is asked again.",
        ) from error
    return content


def _joined(question: Question, verdict: Verdict, proposed: Sequence[Finding]) -> Verdict:
    """Put what a model proposed behind what the cues found."""
    if not proposed:
        return verdict
    findings = tuple(distinct([*verdict.findings, *proposed]))[:MAX_FINDINGS]
    return replace(verdict, met=len(findings) >= question.criterion.minimum, findings=findings)
