-- As list_movements, of a sku in a building, along the index by both.
SELECT id, building_id, sku, kind, on_hand_change, reserved_change, on_hand, reserved, order_id, hold_id, pick_id,
       reason, note, created_at
FROM stock_movements
WHERE sku = $3::text AND building_id = $4::uuid AND id < $1::uuid
ORDER BY id DESC NULLS LAST
LIMIT $2
