-- As list_movements, along the index by order, which has few.
SELECT id, building_id, sku, kind, on_hand_change, reserved_change, on_hand, reserved, order_id, hold_id, pick_id,
       reason, note, created_at
FROM stock_movements
WHERE id < $1::uuid AND ($3::text IS NULL OR sku = $3) AND ($4::uuid IS NULL OR building_id = $4)
  AND order_id = $5::uuid
ORDER BY id DESC
LIMIT $2
