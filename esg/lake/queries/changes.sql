-- What changed from one report of a company to its next: levels, targets, figures told otherwise, disclosures dropped.
WITH pairs AS (
    SELECT
        company,
        year,
        trace_id AS now,
        lag(year) OVER reports AS year_before,
        lag(trace_id) OVER reports AS before
    FROM scorecards
    WHERE is_whole AND year IS NOT NULL
    WINDOW reports AS (PARTITION BY company ORDER BY year, trace_id)
),

told AS (
    SELECT trace_id, 'level' AS kind, theme AS about, '' AS basis, level::VARCHAR AS value, level AS amount, evidence
    FROM themes
    UNION ALL
    SELECT
        trace_id,
        'claim',
        claim,
        '',
        string_agg(DISTINCT value, ', ' ORDER BY value),
        NULL,
        list_sort(list_distinct(flatten(list(evidence))))
    FROM claims
    GROUP BY trace_id, claim
    UNION ALL
    SELECT
        trace_id,
        'figure',
        concat_ws(' ', kpi, nullif(method, ''), fiscal_year),
        concat_ws(' | ', boundary, unit),
        concat_ws(' ', value, unit),
        value,
        evidence
    FROM kpis
    WHERE fiscal_year IS NOT NULL
    UNION ALL
    SELECT trace_id, 'disclosure', concat_ws(' ', framework, line), '', disclosed, NULL, evidence
    FROM disclosures
),

topics AS (  -- what a report tells at all, whatever it says of it
    SELECT trace_id, kind, about, value, evidence
    FROM told
    WHERE kind = 'claim'
    UNION ALL
    SELECT
        trace_id,
        'figure',
        kpi,
        max_by(concat_ws(' ', value, unit), (fiscal_year, value)),
        max_by(evidence, (fiscal_year, value))
    FROM kpis
    GROUP BY trace_id, kpi
)

SELECT
    pairs.company,
    pairs.year_before,
    pairs.year,
    CASE new.kind
        WHEN 'level' THEN if(new.amount > old.amount, 'level up', 'level down')
        WHEN 'claim' THEN 'claim changed'
        WHEN 'figure' THEN 'figure told otherwise'
        ELSE 'no longer disclosed'
    END AS what,
    new.about,
    old.value AS was,
    new.value AS is_now,
    if(new.kind = 'disclosure', old.evidence, new.evidence) AS evidence,
    old.evidence AS evidence_before
FROM pairs
INNER JOIN told AS new ON new.trace_id = pairs.now
INNER JOIN told AS old
    ON old.trace_id = pairs.before
    AND (old.kind, old.about, old.basis) = (new.kind, new.about, new.basis)
WHERE
    new.value != old.value
    AND (new.kind != 'figure' OR abs(new.amount - old.amount) > 0.005 * greatest(abs(new.amount), abs(old.amount)))
    AND (new.kind != 'disclosure' OR new.value = 'no')
UNION ALL
SELECT
    pairs.company,
    pairs.year_before,
    pairs.year,
    'no longer disclosed',
    old.about,
    old.value,
    'no',
    old.evidence,
    old.evidence
FROM pairs
INNER JOIN topics AS old ON old.trace_id = pairs.before
ANTI JOIN topics AS new ON new.trace_id = pairs.now AND (new.kind, new.about) = (old.kind, old.about)
ORDER BY company, year DESC, what, about
