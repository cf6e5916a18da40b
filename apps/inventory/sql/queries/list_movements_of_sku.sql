-- As list_movements, of a sku: of each place where it has stock as many as a page has, along the index by both. The
-- page is found in the index, and only then read.
WITH page AS MATERIALIZED (
    SELECT moved.id
    FROM stock AS place
    CROSS JOIN LATERAL (
        SELECT id
        FROM stock_movements
        WHERE sku = $3 AND building_id = place.building_id AND id < $1::uuid
        ORDER BY id DESC NULLS LAST
        LIMIT $2
    ) AS moved
    WHERE place.sku = $3::text
    ORDER BY moved.id DESC
    LIMIT $2
)
SELECT id, building_id, sku, kind, on_hand_change, reserved_change, on_hand, reserved, order_id, hold_id, pick_id,
       reason, note, created_at
FROM stock_movements
WHERE id = ANY (ARRAY(SELECT id FROM page))
ORDER BY id DESC
