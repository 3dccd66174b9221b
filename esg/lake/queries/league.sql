-- Companies of each year by their level, the mean over the themes, best first, and their place in their sector.
SELECT
    scorecards.year,
    rank() OVER (PARTITION BY scorecards.year ORDER BY scorecards.overall DESC) AS place,
    scorecards.company,
    nullif(companies.sector, '') AS sector,
    if(
        companies.sector != '',
        rank() OVER (PARTITION BY scorecards.year, companies.sector ORDER BY scorecards.overall DESC),
        NULL
    ) AS place_in_sector,
    round(scorecards.overall, 2) AS overall,
    scorecards.grade,
    round(scorecards.confidence, 2) AS confidence,
    scorecards.documents
FROM scorecards
LEFT JOIN companies USING (trace_id)
WHERE scorecards.is_whole
ORDER BY scorecards.year DESC NULLS LAST, place, scorecards.company
