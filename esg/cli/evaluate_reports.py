"""`esg eval levels|kpis`: labelled reports are scored here and now, and compared with their labels."""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path, PurePath
from typing import Any

import click
from rich.markup import escape
from rich.table import Table

from esg import evaluate
from esg.cli.console import answer, emit, json_option, talk
from esg.domain import Scorecard
from esg.errors import NotFound
from esg.evaluate.kpis import Reading as KpiReading
from esg.evaluate.labels import LabelledReport
from esg.pipeline import Progress, Reading, score_source
from esg.resources import Resources, open_resources
from esg.settings import Settings

path_argument = click.argument("path", type=click.Path(exists=True, path_type=Path))
reports_option = click.option(
    "--reports",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Folder of the labelled documents; looked for beside the labels when not given.",
)
scorecards_option = click.option(
    "--scorecards",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Folder of scorecards (JSON) to compare, as they are; without it the documents are scored anew.",
)
errors_option = click.option(
    "--errors", "with_errors", is_flag=True, help="List each miss with both answers and their quotes."
)


@click.command("levels")
@path_argument
@reports_option
@scorecards_option
@errors_option
@json_option
def levels(
    path: Path, reports: Path | None, scorecards: Path | None, with_errors: bool, as_json: bool
) -> None:
    """Compare maturity levels with those of careful readers.

    PATH is a label file, or a folder of them (docs/howto/labels.md). `in_band` is the share of levels that
    a careful reader could defend, `exact` that of the first reader's own level, `kappa` agreement beyond
    chance (quadratic weights), `mae` the mean absolute error in levels, `ece` how far the confidences are
    from the share that is in the band.
    """
    pairs = stored(path, scorecards) if scorecards else scored(path, reports=reports)
    read = [evaluate.compare_levels(label, card) for label, card in pairs]
    summary = evaluate.summarise_levels(read)
    missed = evaluate.level_errors(read) if with_errors else []
    if as_json:
        emit(evaluate.plain_values(summary | ({"errors": missed} if with_errors else {})))
        return
    _tell_levels(summary)
    for error in missed:
        _tell_error(f"{error['report']} {error['theme']}: {error['ours']}, readers {error['band']}", error)


@click.command("kpis")
@path_argument
@reports_option
@scorecards_option
@errors_option
@json_option
def kpis(path: Path, reports: Path | None, scorecards: Path | None, with_errors: bool, as_json: bool) -> None:
    """Compare figures with those that careful readers wrote down.

    PATH is a label file, or a folder of them (docs/howto/labels.md). A figure is right when its KPI with
    the method of scope 2, its fiscal year and its value in the KPI's unit agree within one per cent;
    `precision` counts a figure that the labels do not have as wrong. With --scorecards there is no
    baseline: it reads pages.
    """
    read, naive = _kpis_of_cards(path, scorecards) if scorecards else _kpis_of_documents(path, reports)
    summary = evaluate.summarise_kpis(read, naive)
    missed = evaluate.kpi_errors(read) if with_errors else []
    if as_json:
        emit(evaluate.plain_values(summary | ({"errors": missed} if with_errors else {})))
        return
    _tell_kpis(summary)
    for error in missed:
        _tell_error(f"{error['report']} {error['kpi']} {error['year']}: {error['kind']}", error)


def _kpis_of_cards(path: Path, scorecards: Path) -> tuple[list[KpiReading], list[KpiReading]]:
    return [evaluate.compare_kpis(label, card) for label, card in stored(path, scorecards)], []


def _kpis_of_documents(path: Path, reports: Path | None) -> tuple[list[KpiReading], list[KpiReading]]:
    pairs = [*labelled(path, reports=reports)]
    return [evaluate.compare_kpis(label, reading.scorecard) for label, reading in pairs], [
        evaluate.judge(label, evaluate.read_naively(reading.pages, year=label.year))
        for label, reading in pairs
    ]


def stored(path: Path, folder: Path) -> Iterator[tuple[LabelledReport, Scorecard]]:
    """Put each label beside the scorecard of its document; raises NotFound for one that has none."""
    cards = evaluate.scorecards_of_files(folder)
    for label in evaluate.read_labels(path):
        card = cards.get(PurePath(label.file).name)
        if card is None:
            raise NotFound(
                f"There is no scorecard of {label.file} in {folder}.",
                next_step=f"Write it: esg score {label.file} --format json --out {folder}.",
            )
        yield label, card


def scored(path: Path, *, reports: Path | None) -> Iterator[tuple[LabelledReport, Scorecard]]:
    """Score each labelled report from its document, as `labelled` does."""
    return ((label, reading.scorecard) for label, reading in labelled(path, reports=reports))


def labelled(path: Path, *, reports: Path | None) -> Iterator[tuple[LabelledReport, Reading]]:
    """Score each labelled report from its document; raises NotFound for one whose document is not there."""
    opened = open_resources(Settings())
    folder = reports or reports_beside(path)
    with talk.status("") as status:
        for label in evaluate.read_labels(path):
            document = next(folder.rglob(label.file), None)
            if document is None:
                raise NotFound(
                    f"{label.file} is not in {folder}.", next_step="Say where it is with --reports DIR."
                )
            yield label, _score(document, opened, show=partial(_show, status, label.file))


def reports_beside(path: Path) -> Path:
    """The folder `reports` beside the folder of labels, or else the folder that holds both."""
    labels = path if path.is_dir() else path.parent
    home = labels.parent if labels.name == "reports" else labels
    return home.parent / "reports" if (home.parent / "reports").is_dir() else home.parent


def _score(document: Path, opened: Resources, *, show: Any) -> Reading:
    return score_source(str(document), resources=opened, on_progress=show)


def _show(status: Any, name: str, progress: Progress) -> None:
    status.update(f"[bold]{escape(name)}[/] {progress.stage}")


def _tell_levels(summary: Mapping[str, Any]) -> None:
    columns = ("in_band", "exact", "mae", "bias", "confidence")
    themes = Table("theme", *columns, box=None, header_style="dim")
    for code, row in summary["themes"].items():
        themes.add_row(code, *(f"{row[column]:.2f}" for column in columns))
    answer().print(themes)
    _tell_figures(summary, ("in_band", "exact", "kappa", "mae", "ece"))
    answer().print("\nreaders (rows) and us (columns), levels 0 to 4")
    for level, row in enumerate(summary["confusion"]):
        answer().print(f"  {level}  " + " ".join(f"{count:3}" for count in row))
    answer().print("\nconfidence and how often it was inside the readers' band")
    for b in summary["calibration"]:
        answer().print(f"  {b.low:.1f}–{b.low + 0.1:.1f}  {b.count:3}  {b.confidence:.2f}  {b.right:.2f}")
    answer().print(
        f"\nnot disclosed: {summary['not_disclosed']}, rightly so {summary['not_disclosed_precision']:.2f}"
    )


def _tell_kpis(summary: Mapping[str, Any]) -> None:
    table = Table("kpi", "gold", "right", "wrong", "missing", box=None, header_style="dim")
    for kpi, row in summary["kpis"].items():
        table.add_row(kpi, *(str(row[key] or "·") for key in ("gold", "right", "wrong", "missing")))
    answer().print(table)
    _tell_figures(summary, ("precision", "recall"))
    answer().print(f"precision where labelled  {summary['precision_labelled']:.3f}")
    answer().print(f"wrong and not flagged     {summary['wrong_quietly']}")
    answer().print(f"printed                   {summary['kinds']}")


def _tell_figures(summary: Mapping[str, Any], names: Sequence[str]) -> None:
    """Print the summary, its intervals and the baselines beside it."""
    table = Table("", "ours", "95 % interval", *summary["baselines"], box=None, header_style="dim")
    for name in names:
        interval = summary["intervals"].get(name)
        others = (row.get(name) for row in summary["baselines"].values())
        table.add_row(
            name,
            f"{summary[name]:.3f}",
            f"{interval[0]:.3f} – {interval[1]:.3f}" if interval else "",
            *("" if value is None else f"{value:.3f}" for value in others),
        )
    answer().print()
    answer().print(table)


def _tell_error(title: str, error: Mapping[str, Any]) -> None:
    answer().print(f"\n[bold]{escape(title)}[/]")
    for key, value in error.items():
        answer().print(f"  {key:12} {escape(str(value))}")
