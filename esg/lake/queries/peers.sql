-- Each company's level in each theme beside the median of all companies of its year.
SELECT
    themes.year,
    themes.company,
    themes.theme,
    themes.level,
    median(themes.level) OVER peers AS median_level,
    themes.level - median(themes.level) OVER peers AS difference,
    count(*) OVER peers AS companies
FROM themes
INNER JOIN scorecards USING (trace_id)
WHERE scorecards.is_whole AND themes.status != 'unreadable'
WINDOW peers AS (PARTITION BY themes.year, themes.theme)
ORDER BY themes.year DESC NULLS LAST, themes.company, themes.theme
