"""`esg eval relevance|sources|tcfd`: how well what was asked for is found, beside simpler methods."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

import click
from rich.markup import escape
from rich.table import Table

from esg.classify import load, save
from esg.cli.console import answer, emit, json_option
from esg.cli.evaluate_reports import reports_beside, reports_option
from esg.errors import NotFound
from esg.evaluate import relevance as passages
from esg.evaluate import sources as found_by_experts
from esg.evaluate import tcfd as disclosures
from esg.extract import extract
from esg.fetch import fetch
from esg.pipeline import cut
from esg.resources import Resources, open_resources
from esg.settings import Settings

Figures = Mapping[str, float]
Intervals = Mapping[str, tuple[float, float]]
F = TypeVar("F", bound=Callable[..., Any])

_labels = click.argument("path", type=click.Path(exists=True, path_type=Path))


def _errors(function: F) -> F:
    return click.option("--errors", is_flag=True, help="List each miss: our answer, the label, the texts.")(
        function
    )


# -- relevance


@click.command("relevance")
@_labels
@_errors
@json_option
def relevance(path: Path, errors: bool, as_json: bool) -> None:
    """Rank graded passages (relevance.jsonl, or its folder) for analysts' questions.

    nDCG has linear gains (grades 0, 1, 2 as they are) over all passages and is told times 100, as published;
    MAP is from 0 to 1 and takes grades 1 and 2 as relevant. In brackets: 95 % intervals, questions resampled.
    """
    ranked = passages.evaluate_relevance(passages.read_graded(path), open_resources(Settings()).embedder)
    ours = ranked[passages.OURS]
    rows = [{"question": one.graded.id, **_round(one.figures())} for one in ours]
    told = _told(
        passages.summary(ours),
        passages.intervals(ours),
        {name: passages.summary(ranked[name]) for name in ranked if ranked[name] is not ours},
    )
    misses = [_relevance_miss(one, *miss) for one in ours for miss in one.misses()] if errors else []
    _show({**told, "rows": rows}, misses, errors=errors, as_json=as_json)


def _relevance_miss(ranked: passages.Ranked, place: int, passage: int) -> dict[str, Any]:
    graded = ranked.graded
    return {
        "question": f"{graded.id}: {graded.question.text}",
        "ours": f"place {place}",
        "gold": f"grade {graded.grades[passage]}",
        "text": graded.texts[passage],
    }


# -- sources


@click.command("sources")
@_labels
@reports_option
@_errors
@json_option
def sources(path: Path, reports: Path | None, errors: bool, as_json: bool) -> None:
    """Look for the passages that experts found (sources.jsonl, or its folder) in the reports themselves.

    Recall is the share, from 0 to 1, of all labelled passages that the first 5 or 10 chunks hit. A chunk hits
    when it holds 60 % of a passage's words on its printed page. In brackets: 95 % intervals, for which
    questions are resampled.
    """
    opened = open_resources(Settings())
    folder = reports or reports_beside(path)
    answers = found_by_experts.evaluate_sources(
        found_by_experts.read_asked(path),
        read=lambda name: _read(_find(folder, name), opened),
        embedder=opened.embedder,
    )
    ours = answers[found_by_experts.OURS]
    told = _told(
        found_by_experts.summary(ours),
        found_by_experts.intervals(ours),
        {
            name: found_by_experts.summary(each)
            for name, each in answers.items()
            if name != found_by_experts.OURS
        },
    )
    told["reachable"] = round(found_by_experts.reachable(ours), 4)
    misses = [miss for one in ours for miss in _source_misses(one)] if errors else []
    _show({**told, "rows": [_source_row(one) for one in ours]}, misses, errors=errors, as_json=as_json)


def _find(folder: Path, name: str) -> Path:
    """Find a report by its labelled path, or else by its file name anywhere below."""
    found = [folder / name, *sorted(folder.rglob(Path(name).name))]
    path = next((path for path in found if path.is_file()), None)
    if path is None:
        raise NotFound(f"{name} is not in {folder}.", next_step="Give their folder with --reports DIR.")
    return path


def _read(path: Path, opened: Resources) -> found_by_experts.Read:
    fetched = fetch(str(path), limits=opened.fetch_limits)
    pages = extract(fetched, limits=opened.parse_limits).pages
    chunks = cut(pages, resources=opened)
    return found_by_experts.Read(pages, chunks, opened.embedder.embed([chunk.text for chunk in chunks]))


def _source_row(answered: found_by_experts.Answered) -> dict[str, Any]:
    asked = answered.asked
    found = {f"found_at_{k}": answered.hits(k) for k in found_by_experts.CUTS}
    return {"report": asked.report, "question": asked.question.text, "passages": len(asked.sources), **found}


def _source_misses(answered: found_by_experts.Answered) -> Iterable[dict[str, Any]]:
    last = max(found_by_experts.CUTS)
    for source, place in zip(answered.asked.sources, answered.places, strict=True):
        if not 0 < place <= last:
            yield {
                "question": answered.asked.question.text,
                "ours": f"place {place}" if place else "no chunk holds it on this page",
                "gold": f"page {source.printed_page}, relevance {source.relevance}",
                "text": source.text,
                "our_first": answered.ranked[0].text if answered.ranked else "",
            }


# -- tcfd


@click.command("tcfd")
@_labels
@click.option(
    "--teach",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Teach a classifier with all these sentences and write it here (.npz); nothing is measured.",
)
@_errors
@json_option
def tcfd(path: Path, teach: Path | None, errors: bool, as_json: bool) -> None:
    """Say which of TCFD's eleven disclosures each sentence answers (tcfd.jsonl, or its folder).

    A sentence may have several labels; ours is right if it is one of them (accuracy, from 0 to 1), its pillar
    if it is the pillar of one of them (pillar_accuracy). The file is read as running text: a sentence's
    neighbours have a say in it; "each sentence alone" tells the figures without them. Sentences that the
    shipped classifier was taught are never measured with it: they are left out or, where they are most of
    the file, all are cross-validated: alone, in five parts, and by halves, in context and alone, with
    near-duplicates together. In brackets: 95 % intervals, for which sentences are resampled.
    """
    labelled = disclosures.prepare(disclosures.read_sentences(path), open_resources(Settings()).embedder)
    if teach:
        save(disclosures.teach_all(labelled), teach)
        return
    shipped = load()
    told = disclosures.to_measure(labelled, shipped)
    given = disclosures.evaluate_tcfd(told, shipped)
    ours = given[disclosures.OURS]
    method = disclosures.READ if disclosures.is_fresh(shipped, told) else disclosures.CROSS_VALIDATED
    answers = {
        **_told(
            disclosures.summary(ours),
            disclosures.intervals(ours),
            {name: disclosures.summary(given[name]) for name in given if given[name] is not ours},
        ),
        "method": method,
        "left_out": len(labelled.sentences) - len(told.sentences),
        "confusion": disclosures.confusion(ours),
        "rows": disclosures.by_label(ours),
    }
    misses = [_tcfd_miss(one) for one in ours if not one.is_right] if errors else []
    _show(answers, misses, errors=errors, as_json=as_json)


def _tcfd_miss(one: disclosures.Labelled) -> dict[str, Any]:
    return {"ours": one.label, "gold": ", ".join(one.sentence.labels), "text": one.sentence.text}


def _print_confusion(confusion: Mapping[str, Mapping[str, int]]) -> None:
    table = Table("label \\ ours", *confusion)
    for gold, said in confusion.items():
        table.add_row(gold, *map(str, said.values()))
    answer().print(table)


# -- what all show


def _told(figures: Figures, intervals: Intervals, baselines: Mapping[str, Figures]) -> dict[str, Any]:
    """Put the summary's figures first, under their own names."""
    return {
        **_round(figures),
        "intervals": {name: [round(end, 4) for end in ends] for name, ends in intervals.items()},
        "baselines": {name: _round(each) for name, each in baselines.items()},
    }


def _round(figures: Figures) -> dict[str, float]:
    return {name: round(value, 4) for name, value in figures.items()}


def _show(
    told: Mapping[str, Any], misses: Sequence[Mapping[str, Any]], *, errors: bool, as_json: bool
) -> None:
    if as_json:
        emit({**told, **({"errors": misses} if errors else {})})
        return
    _print_rows(told["rows"])
    _print_summary(told)
    _print_rest(told)
    for miss in misses:
        answer().print("\n" + "\n".join(f"{name:10} {escape(str(text))}" for name, text in miss.items()))


def _print_rows(rows: Sequence[Mapping[str, Any]]) -> None:
    table = Table(*rows[0])
    for row in rows:
        table.add_row(*(escape(_shown(value)) for value in row.values()))
    answer().print(table)


def _print_summary(told: Mapping[str, Any]) -> None:
    """Our figures with their intervals, and each simpler method's below."""
    names = list(told["intervals"])
    table = Table("", *names)
    ours = (f"{told[name]:.3f} [{low:.3f}, {high:.3f}]" for name, (low, high) in told["intervals"].items())
    table.add_row("this engine", *(escape(text) for text in ours))
    for name, figures in told["baselines"].items():
        table.add_row(name, *(_shown(figures[figure]) for figure in names))
    answer().print(table)


def _print_rest(told: Mapping[str, Any]) -> None:
    """What only one of the three measures has."""
    if "confusion" in told:
        _print_confusion(told["confusion"])
        left_out = f"; {told['left_out']} it was taught are left out" if told["left_out"] else ""
        answer().print(f"This engine's figures: {told['method']}{left_out}.")
    if "reachable" in told:
        answer().print(f"Any chunk at all holds {told['reachable']:.3f} of the passages on their pages.")


def _shown(value: object) -> str:
    return f"{value:.3f}" if isinstance(value, float) else str(value)
