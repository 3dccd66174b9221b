"""Models of the smallest kind: each answers what the judge sends by a rule of its own."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from esg.errors import Transient
from esg.lake import Answers
from esg.rubric import Criterion, Rubric, any_found, in_time
from esg.score import FallbackJudge, Judge, LocalJudge
from esg.score.chat import ChatJudge
from esg.settings import Settings

Data = Mapping[str, Any]  # what the user message holds
Rule = Callable[[Data], Any]  # gives the content of an answer


@dataclass(frozen=True)
class Said:
    content: Any
    model: str
    prompt_tokens: int
    completion_tokens: int


@dataclass
class RuleChat:
    """Answers by a rule and remembers what it was sent."""

    rule: Rule
    sent: list[Sequence[Mapping[str, str]]] = field(default_factory=list)

    def opened(self) -> "RuleChat":
        return self

    def chat(
        self,
        messages: Sequence[Mapping[str, str]],
        *,
        model: str,
        schema: Mapping[str, Any],
        max_tokens: int,
    ) -> Said:
        del schema, max_tokens
        self.sent.append(messages)
        content = self.rule(json.loads(messages[1]["content"]))
        return Said(content, model, sum(len(m["content"]) // 4 for m in messages), 100)


class NoChat:
    """A model that is never there."""

    def chat(self, messages: object, **_: object) -> Said:
        raise Transient("The model does not answer.")


@dataclass
class MemoryAnswers:
    """Keeps answers as long as it lives."""

    kept: dict[tuple[str, str], bytes] = field(default_factory=dict)

    def find(self, judge: str, asked: str) -> bytes | None:
        return self.kept.get((judge, asked))

    def keep(self, judge: str, asked: str, data: bytes) -> bytes:
        return self.kept.setdefault((judge, asked), data)


# -- rules


def silence(data: Data) -> Any:
    """Find nothing met."""
    return {"criteria": [{"id": c["id"], "met": False, "evidence": []} for c in data["criteria"]]}


def yes(data: Data) -> Any:
    """Find everything met, by every passage."""
    texts = _texts(data)
    return {
        "criteria": [_met(c["id"], [(span, texts[span]) for span in c["spans"]]) for c in data["criteria"]]
    }


def by_cues(rubric: Rubric) -> Rule:
    """Find met what has one word of a cue in the sentence and the others anywhere: no careful reader."""
    criteria = {c.id: c for theme in rubric.themes for c in theme.criteria}
    criteria |= {s.criterion.id: s.criterion for s in rubric.statements}

    def answer(data: Data) -> Any:
        return {"criteria": [_by_cues(criteria[c["id"]], c, data) for c in data["criteria"]]}

    return answer


def obedient(otherwise: Rule, *, obeyed: Rule) -> Rule:
    """Answer by one rule, and by another once a passage gives the order to."""

    def answer(data: Data) -> Any:
        ordered = any("ignore previous instructions" in text.lower() for text in _texts(data).values())
        return (obeyed if ordered else otherwise)(data)

    return answer


def _met(name: str, quotes: Sequence[tuple[int, str]]) -> Any:
    evidence = [{"span": span, "quote": quote} for span, quote in quotes]
    return {"id": name, "met": bool(evidence), "evidence": evidence}


def _by_cues(criterion: Criterion, asked: Data, data: Data) -> Any:
    shown = [p for p in data["passages"] if p["span"] in asked["spans"]]
    return _met(criterion.id, [(p["span"], p["text"]) for p in shown if _has_words(criterion, p, data)][:3])


def _has_words(criterion: Criterion, passage: Data, data: Data) -> bool:
    around = " ".join(_texts(data).values())
    return any(
        any_found(cue.patterns, passage["text"])
        and all(any(in_time(m, data["year"]) for m in pattern.finditer(around)) for pattern in cue.patterns)
        for cue in criterion.cues
    )


def _texts(data: Data) -> dict[int, str]:
    return {passage["span"]: passage["text"] for passage in data["passages"]}


# -- judges over them, as a setting names them


@dataclass
class PatchyChat:
    """Is there for every other request, and says yes."""

    asked: int = 0

    def chat(self, messages: Sequence[Mapping[str, str]], **more: Any) -> Said:
        self.asked += 1
        if self.asked % 2 == 0:
            raise Transient("The line is dead.")
        return RuleChat(yes).chat(messages, **more)


def open_patchy(settings: Settings) -> Judge:
    """A judge whose model answers every other time; its answers are kept in the lake."""
    chat = PatchyChat()
    return FallbackJudge(ChatJudge(lambda: chat, Answers(settings.lake), "patchy", "yes"), LocalJudge())
