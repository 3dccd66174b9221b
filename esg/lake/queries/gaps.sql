-- What was looked for and not found: the unmet criteria of each theme's next level.
SELECT
    themes.company,
    themes.year,
    themes.theme,
    themes.level,
    themes.status,
    list(criteria.criterion ORDER BY criteria.criterion) AS unmet_of_next_level
FROM themes
INNER JOIN scorecards USING (trace_id)
INNER JOIN criteria
    ON criteria.trace_id = themes.trace_id
    AND criteria.theme = themes.theme
    AND criteria.level = themes.level + 1
    AND NOT criteria.met
WHERE scorecards.is_whole AND themes.status IN ('scored', 'not_disclosed')
GROUP BY ALL
ORDER BY themes.company, themes.year DESC, themes.theme
