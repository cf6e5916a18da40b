-- One page of movements, the newest first.
SELECT id, building_id, sku, kind, on_hand_change, reserved_change, on_hand, reserved, order_id, hold_id, pick_id,
       reason, note, created_at
FROM stock_movements
WHERE id < $1::uuid
ORDER BY id DESC
LIMIT $2
