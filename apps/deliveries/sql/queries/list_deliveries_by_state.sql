-- As list_deliveries, along the index by state. Not "state = $3 ORDER BY id": where the planner takes many deliveries for
-- such, it would rather walk all of them from the newest on, to the oldest when there are none.
WITH page AS (
    SELECT id FROM deliveries
    WHERE (state, id) < ($3::text, $1::uuid) AND state >= $3
    ORDER BY state DESC, id DESC
    LIMIT $2
)
SELECT found.*
FROM page
JOIN delivery_rows AS found ON found.id = page.id
ORDER BY found.id DESC, found.sequence
