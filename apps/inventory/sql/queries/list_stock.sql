-- One page of stock, the newest first. All list_stock queries take the same parameters, as list_products.
SELECT building_id, sku, id, version, on_hand, reserved, created_at, updated_at
FROM stock
WHERE id < $1::uuid AND ($3::text IS NULL OR sku = $3) AND ($4::uuid IS NULL OR building_id = $4)
ORDER BY id DESC
LIMIT $2
