-- As list_stock, along the index by building.
SELECT building_id, sku, id, version, on_hand, reserved, created_at, updated_at
FROM stock
WHERE id < $1::uuid AND ($3::text IS NULL OR sku = $3) AND building_id = $4::uuid
ORDER BY id DESC
LIMIT $2
