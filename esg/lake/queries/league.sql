-- Companies of each year by their level, the mean over the themes, best first.
SELECT
    year,
    rank() OVER (PARTITION BY year ORDER BY overall DESC) AS place,
    company,
    round(overall, 2) AS overall,
    grade,
    round(confidence, 2) AS confidence,
    documents
FROM scorecards
WHERE is_whole
ORDER BY year DESC NULLS LAST, place, company
