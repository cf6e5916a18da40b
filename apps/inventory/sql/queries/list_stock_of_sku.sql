-- As list_stock, along the index by sku.
SELECT building_id, sku, id, version, on_hand, reserved, created_at, updated_at
FROM stock
WHERE (sku, id) < ($3::text, $1::uuid) AND sku >= $3 AND ($4::uuid IS NULL OR building_id = $4)
ORDER BY sku DESC, id DESC
LIMIT $2
