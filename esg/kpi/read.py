"""pages → figures."""

from collections.abc import Iterator, Sequence

from esg.domain import Document, Evidence, Fact, Identity, Kpi, Page, Span, evidence_id
from esg.kpi import numbers
from esg.kpi.callouts import read_callouts
from esg.kpi.carried import carried_units
from esg.kpi.charts import read_charts
from esg.kpi.checks import check
from esg.kpi.cite import boxes, cite, is_running
from esg.kpi.compare import choose
from esg.kpi.context import captions
from esg.kpi.figure import Figure
from esg.kpi.glossary import glossary
from esg.kpi.intensity_tables import read_intensities
from esg.kpi.join import joined
from esg.kpi.notes import scale_below
from esg.kpi.numbers import Style
from esg.kpi.rounding import rounded
from esg.kpi.sentences import read_sentences
from esg.kpi.tables import read_table
from esg.kpi.tagged import by_page, read_tagged, year_shift
from esg.kpi.translate import Translations, translations

_BY_OCR = ("ocr",)  # the flag of a figure on a page that has no text layer of its own, or a garbled one


def read_kpis(
    document: Document,
    pages: Sequence[Page],
    facts: Sequence[Fact] = (),
    *,
    translated: Translations | None = None,
) -> list[Kpi]:
    """Read the group's figures of the reporting year and the year before, with their quotes.

    Precision comes first: a figure whose name, unit or year could be two things is left out. What a tag of
    inline XBRL says of a figure, one of the `facts`, comes before what is read from the print around it.
    `translated` are the `translations` of the pages where these are known already.
    """
    if translated is None:
        translated = translations(document, pages)
    by_number = {page.number: page for page in pages}
    year = document.identity.year
    figures = check(choose([*_readings(document, pages, facts, translated)], year))
    return [_kpi(figure, by_number[figure.quote.page]) for figure in figures]


def evidence_of(kpi: Kpi, pages: Sequence[Page]) -> Evidence:
    """The quote that a figure was read from."""
    page = next(p for p in pages if p.number == kpi.page)
    return cite(page, kpi.start, kpi.end)


def _readings(
    document: Document, pages: Sequence[Page], facts: Sequence[Fact], translated: Translations
) -> Iterator[Figure]:
    """Read each page by itself, one in another language by its words in English; tags come before print."""
    identity = document.identity
    legible = [page for page in pages if page.legibility.is_read]
    style = numbers.style_of(page.text for page in legible)
    styles = _styles(legible, document.language)
    shown = [t.page if (t := translated.get(page.number)) else page for page in legible]
    tags, repeated, shift = by_page(facts), rounded(facts), year_shift(facts)
    units = carried_units(shown)
    for printed, page, unit in zip(legible, shown, units, strict=True):
        translation = translated.get(page.number)
        own_style = styles[page.language] if translation else style
        called = _called(page, unit)
        found = _of_page(page, called, own_style, identity)
        read = [translation.figure(figure) for figure in found] if translation else found
        if here := tags.get(page.number):
            tagged, denied = read_tagged(
                printed,
                here,
                repeated=repeated,
                shift=shift,
                called=called,
                style=own_style,
                company=identity.company,
            )
            read = joined(tagged, denied, read)
        yield from (f for f in read if not is_running(printed, f.quote.start, f.quote.end))


def _styles(pages: Sequence[Page], main: str) -> dict[str, Style]:
    """How each language with a glossary writes its figures, by its own pages.

    In another language than most of the document is in figures may be written in either way.
    """
    texts: dict[str, list[str]] = {}
    for page in pages:
        texts.setdefault(page.language or main, []).append(page.text)
    known = {language: words.style for language in texts if (words := glossary(language))}
    return {
        language: numbers.style_in(
            texts[language], usual if language == main or usual is Style.POINT else Style.MIXED
        )
        for language, usual in known.items()
    }


def _called(page: Page, unit: str) -> list[str]:
    """What each table is called; the first carries on a `unit` from the page before.

    What a note below says of the scale counts as if it stood in the caption.
    """
    named = zip(captions(page), page.tables, strict=True)
    texts = ((name, "" if n else unit, scale_below(page, table)) for n, (name, table) in enumerate(named))
    return [" | ".join(filter(None, each)) for each in texts]


def _of_page(page: Page, called: Sequence[str], style: Style | None, identity: Identity) -> list[Figure]:
    read = [
        figure
        for table, caption in zip(page.tables, called, strict=True)
        for figure in read_table(
            page, table, style=style, caption=caption, company=identity.company, year=identity.year
        )
    ]
    read += [
        figure
        for table, caption in zip(page.tables, called, strict=True)
        for figure in read_intensities(
            page, table, style=style, caption=caption, company=identity.company, year=identity.year
        )
    ]
    read += read_sentences(page, style=style, year=identity.year, company=identity.company)
    read += read_charts(page, style=style, company=identity.company)
    read += read_callouts(page, style=style, year=identity.year, company=identity.company)
    return read


def _kpi(figure: Figure, page: Page) -> Kpi:
    start, end = figure.quote.start, figure.quote.end
    return Kpi(
        kpi=figure.key,
        raw_value=figure.raw_value,
        raw_unit=figure.raw_unit,
        value=figure.value,
        unit=figure.unit,
        period=figure.period.text or str(figure.year),
        fiscal_year=figure.year,
        method=figure.method,
        boundary=figure.boundary,
        restated=figure.restated,
        page=page.number,
        quote=page.text[start:end],
        start=start,
        end=end,
        boxes=boxes(page, start, end),
        flags=(*figure.flags, *(_BY_OCR if page.legibility.by_ocr else ())),
        evidence=evidence_id(page.document_id, Span(page.number, start, end)),
    )
