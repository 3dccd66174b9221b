-- The documents and chunks that may be among the k nearest: all that come as near as the k-th, but for what
-- 32-bit sums and the rounding to the grid may hide ($slack); the exact ranking is done on these.
WITH scored AS MATERIALIZED (
    SELECT document_id, id, array_inner_product(vector::FLOAT[{dimensions}], $vector::FLOAT[{dimensions}]) AS nearness
    FROM vectors
),
edge AS (
    SELECT min(nearness) AS nearness FROM (SELECT nearness FROM scored ORDER BY nearness DESC LIMIT $k)
)
SELECT scored.document_id, scored.id
FROM scored, edge
WHERE scored.nearness >= edge.nearness - $slack
ORDER BY scored.document_id, scored.id
