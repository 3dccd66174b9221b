-- Every figure by company and fiscal year, as the newest report tells it, with its quote.
SELECT
    kpis.company,
    kpis.kpi,
    kpis.method,
    kpis.boundary,
    kpis.fiscal_year,
    kpis.value,
    kpis.unit,
    kpis.restated,
    kpis.year AS told_in,
    evidence.document_id,
    evidence.page,
    evidence.quote,
    evidence.evidence_id
FROM kpis
INNER JOIN scorecards USING (trace_id)
LEFT JOIN evidence ON evidence.trace_id = kpis.trace_id AND evidence.evidence_id = kpis.evidence[1]
WHERE scorecards.is_whole
QUALIFY row_number() OVER (
    PARTITION BY kpis.company, kpis.kpi, kpis.method, kpis.boundary, kpis.unit, kpis.fiscal_year
    ORDER BY kpis.year DESC NULLS LAST, kpis.trace_id
) = 1
ORDER BY kpis.company, kpis.kpi, kpis.method, kpis.boundary, kpis.unit, kpis.fiscal_year DESC
