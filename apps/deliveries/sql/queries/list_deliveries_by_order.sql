-- As list_deliveries, along the index by order, of which there are few: of one state or of all.
WITH page AS (
    SELECT id FROM deliveries
    WHERE id < $1 AND order_id = $3::uuid AND ($4::text IS NULL OR state = $4)
    ORDER BY id DESC
    LIMIT $2
)
SELECT found.*
FROM page
JOIN delivery_rows AS found ON found.id = page.id
ORDER BY found.id DESC, found.sequence
