-- As list_stock, along the index by building.
SELECT building_id, sku, id, version, on_hand, reserved, created_at, updated_at
FROM stock
WHERE (building_id, id) < ($4::uuid, $1::uuid) AND building_id >= $4 AND ($3::text IS NULL OR sku = $3)
ORDER BY building_id DESC, id DESC
LIMIT $2
