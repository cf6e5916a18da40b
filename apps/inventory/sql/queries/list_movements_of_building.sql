-- As list_movements, along the index by building. Not "building_id = $3 ORDER BY id": where the planner takes many
-- movements for such, it would rather walk all of them from the newest on, to the oldest when there are none.
SELECT id, building_id, sku, kind, on_hand_change, reserved_change, on_hand, reserved, order_id, hold_id, pick_id,
       reason, note, created_at
FROM stock_movements
WHERE (building_id, id) < ($3::uuid, $1::uuid) AND building_id >= $3
ORDER BY building_id DESC, id DESC
LIMIT $2
