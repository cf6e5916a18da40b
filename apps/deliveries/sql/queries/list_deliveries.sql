-- The newest first: ids are in the order of their making (UUID version 7). All list_deliveries queries take the same
-- parameters; they differ in the filter that must be there, so that the planner may count on the index by it.
WITH page AS (
    SELECT id FROM deliveries
    WHERE id < $1 AND ($3::uuid IS NULL OR order_id = $3) AND ($4::text IS NULL OR state = $4)
    ORDER BY id DESC
    LIMIT $2
)
SELECT found.*
FROM page
JOIN delivery_rows AS found ON found.id = page.id
ORDER BY found.id DESC, found.sequence
