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

levels AS (
    SELECT
        pairs.*,
        CASE WHEN n.level > b.level THEN 'level up' ELSE 'level down' END AS what,
        n.theme AS about,
        b.level::VARCHAR AS was,
        n.level::VARCHAR AS is_now,
        n.evidence
    FROM pairs
    INNER JOIN themes AS n ON n.trace_id = pairs.now
    INNER JOIN themes AS b ON b.trace_id = pairs.before AND b.theme = n.theme
    WHERE n.level != b.level
),

said AS (
    SELECT
        trace_id,
        claim,
        string_agg(DISTINCT value, ', ' ORDER BY value) AS value,
        list_sort(list_distinct(flatten(list(evidence)))) AS evidence
    FROM claims
    GROUP BY trace_id, claim
),

targets AS (
    SELECT
        pairs.*,
        'claim changed' AS what,
        n.claim AS about,
        b.value AS was,
        n.value AS is_now,
        n.evidence
    FROM pairs
    INNER JOIN said AS n ON n.trace_id = pairs.now
    INNER JOIN said AS b ON b.trace_id = pairs.before AND b.claim = n.claim
    WHERE n.value != b.value
),

figures AS (
    SELECT
        pairs.*,
        'figure told otherwise' AS what,
        concat_ws(' ', n.kpi, nullif(n.method, ''), n.fiscal_year) AS about,
        concat_ws(' ', b.value, b.unit) AS was,
        concat_ws(' ', n.value, n.unit) AS is_now,
        n.evidence
    FROM pairs
    INNER JOIN kpis AS n ON n.trace_id = pairs.now
    INNER JOIN kpis AS b
        ON b.trace_id = pairs.before
        AND (b.kpi, b.fiscal_year, b.method, b.boundary, b.unit) = (n.kpi, n.fiscal_year, n.method, n.boundary, n.unit)
    WHERE abs(n.value - b.value) > 0.005 * greatest(abs(n.value), abs(b.value))
),

dropped AS (
    SELECT
        pairs.*,
        'no longer disclosed' AS what,
        concat_ws(' ', n.framework, n.line) AS about,
        b.disclosed AS was,
        n.disclosed AS is_now,
        b.evidence
    FROM pairs
    INNER JOIN disclosures AS n ON n.trace_id = pairs.now
    INNER JOIN disclosures AS b ON b.trace_id = pairs.before AND (b.framework, b.line) = (n.framework, n.line)
    WHERE n.disclosed = 'no' AND b.disclosed != 'no'
)

SELECT company, year_before, year, what, about, was, is_now, evidence
FROM (
    FROM levels UNION ALL BY NAME
    FROM targets UNION ALL BY NAME
    FROM figures UNION ALL BY NAME
    FROM dropped
)
ORDER BY company, year DESC, what, about
