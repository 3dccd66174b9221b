"""`python -m tests.cloud.sway LABELS [--reports DIR]`: how far the answers of any model can move the levels.

The labelled reports are judged by the local judge and by the chat judge over models that need no cloud: one
says no to everything, one looks for words, one says yes to everything and quotes every passage.
It proves the plumbing and measures the bounds; it says nothing of how well a real model reads.
"""

from argparse import ArgumentParser
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from esg import evaluate
from esg.cli.evaluate_reports import reports_beside
from esg.domain import Scorecard
from esg.evaluate.levels import LevelRow
from esg.extract import extract
from esg.fetch import fetch
from esg.pipeline import cut, describe
from esg.resources import Resources, open_resources
from esg.retrieve import Retriever
from esg.score import Judge, Judgement, LocalJudge, Question, score
from esg.score.chat import ChatJudge
from esg.settings import Settings
from tests.fakes.chats import MemoryAnswers, Rule, RuleChat, by_cues, silence, yes

CHARACTERS_A_TOKEN = 4


@dataclass
class Swayed:
    """A judge over a model that answers by a rule; without a rule the local judge."""

    rule: Rule | None
    requests: list[int] = field(default_factory=list)  # of each report
    tokens: list[int] = field(default_factory=list)

    id = "sway"

    def judge(self, questions: Sequence[Question], *, year: int | None) -> Judgement:
        chat = RuleChat(self.rule or silence)
        judge: Judge = ChatJudge(chat.opened, MemoryAnswers(), "sway", "rule") if self.rule else LocalJudge()
        judgement = judge.judge(questions, year=year)
        self.requests.append(len(chat.sent))
        characters = sum(len(message["content"]) for sent in chat.sent for message in sent)
        self.tokens.append(characters // CHARACTERS_A_TOKEN)
        return judgement


def main() -> None:
    parser = ArgumentParser(prog="python -m tests.cloud.sway", description=__doc__)
    parser.add_argument("labels", type=Path)
    parser.add_argument("--reports", type=Path)
    asked = parser.parse_args()
    opened = open_resources(Settings())
    judges = {
        "local judge": Swayed(None),
        "no to everything": Swayed(silence),
        "words anywhere": Swayed(by_cues(opened.rubric)),
        "yes to everything": Swayed(yes),
    }
    compared: dict[str, list[list[LevelRow]]] = {name: [] for name in judges}
    for label in evaluate.read_labels(asked.labels):
        path = next((asked.reports or reports_beside(asked.labels)).rglob(label.file))
        for name, card in _scored(path, judges, opened):
            compared[name].append(evaluate.compare_levels(label, card))
        print(label.file, flush=True)
    for name, judge in judges.items():
        _tell(name, judge, evaluate.summarise_levels(compared[name]))


def _scored(path: Path, judges: Mapping[str, Swayed], opened: Resources) -> Iterator[tuple[str, Scorecard]]:
    """Read a report once and judge it by each."""
    fetched = fetch(str(path), limits=opened.fetch_limits)
    extraction = extract(fetched, limits=opened.parse_limits)
    document = describe(fetched, extraction, company=None, year=None)
    chunks = cut(extraction.pages, resources=opened)
    retriever = Retriever(chunks, opened.embedder.embed([c.text for c in chunks]), opened.embedder)
    for name, judge in judges.items():
        yield (
            name,
            score(
                document,
                extraction.pages,
                retriever,
                rubric=opened.rubric,
                judge=judge,
                versions=opened.versions,
                tagged=extraction.facts,
            ),
        )


def _tell(name: str, judge: Swayed, summary: Mapping[str, object]) -> None:
    figures = ", ".join(f"{key} {summary[key]:.3f}" for key in ("in_band", "exact", "kappa", "mae"))
    reports = len(judge.requests)
    print(f"{name:18} {figures}", end="")
    print(f"; a report: {sum(judge.requests) / reports:.1f} requests", end="")
    print(f", about {sum(judge.tokens) / reports:.0f} tokens read, {max(judge.tokens)} at most")


if __name__ == "__main__":
    main()
