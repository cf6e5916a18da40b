-- As list_deliveries, along the index by state.
WITH page AS (
    SELECT id FROM deliveries
    WHERE id < $1 AND ($3::uuid IS NULL OR order_id = $3) AND state = $4::text
    ORDER BY id DESC
    LIMIT $2
)
SELECT found.*
FROM page
JOIN delivery_rows AS found ON found.id = page.id
ORDER BY found.id DESC, found.sequence
