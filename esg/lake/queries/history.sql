-- The levels of each company's themes, a row for each year, and over them their mean.
PIVOT (
    SELECT
        scorecards.company,
        scorecards.year,
        round(scorecards.overall, 2) AS overall,
        scorecards.grade,
        scorecards.documents,
        themes.theme,
        themes.level
    FROM scorecards
    INNER JOIN themes USING (trace_id)
    WHERE scorecards.is_whole
)
ON theme USING first(level)
ORDER BY company, year DESC NULLS LAST
