-- One page of movements, the newest first. All list_movements queries take the same parameters, as list_products.
SELECT id, building_id, sku, kind, on_hand_change, reserved_change, on_hand, reserved, order_id, hold_id, pick_id,
       reason, note, created_at
FROM stock_movements
WHERE id < $1::uuid AND ($3::text IS NULL OR sku = $3) AND ($4::uuid IS NULL OR building_id = $4)
  AND ($5::uuid IS NULL OR order_id = $5)
ORDER BY id DESC
LIMIT $2
