-- Each company's level in each theme beside the median of its sector in its year, of all where the sector is unknown.
WITH judged AS (
    SELECT
        themes.year,
        themes.company,
        nullif(companies.sector, '') AS sector,
        themes.theme,
        themes.level
    FROM themes
    INNER JOIN scorecards USING (trace_id)
    LEFT JOIN companies USING (trace_id)
    WHERE scorecards.is_whole AND themes.status != 'unreadable'
)

SELECT
    year,
    company,
    sector,
    theme,
    level,
    if(sector IS NULL, median(level) OVER every, median(level) OVER peers) AS median_level,
    level - if(sector IS NULL, median(level) OVER every, median(level) OVER peers) AS difference,
    if(sector IS NULL, count(*) OVER every, count(*) OVER peers) AS companies
FROM judged
WINDOW
    every AS (PARTITION BY year, theme),
    peers AS (PARTITION BY year, theme, sector)
ORDER BY year DESC NULLS LAST, company, theme
