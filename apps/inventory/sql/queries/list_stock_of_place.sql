-- As list_stock, along the primary key.
SELECT building_id, sku, id, version, on_hand, reserved, created_at, updated_at
FROM stock
WHERE id < $1::uuid AND sku = $3::text AND building_id = $4::uuid
ORDER BY id DESC
LIMIT $2
