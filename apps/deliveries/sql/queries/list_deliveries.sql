-- The newest first: ids are in the order of their making (UUID version 7). Each list_deliveries query has only the
-- filters that it is for, so that the planner may count on the index by them.
WITH page AS (
    SELECT id FROM deliveries
    WHERE id < $1
    ORDER BY id DESC
    LIMIT $2
)
SELECT found.*
FROM page
JOIN delivery_rows AS found ON found.id = page.id
ORDER BY found.id DESC, found.sequence
