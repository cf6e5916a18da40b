-- As list_orders, along the index by status. Not "status = $3 ORDER BY id": where the planner takes many orders for such, it
-- would rather walk all of them from the newest on, to the oldest when there are none.
SELECT id, version, status, customer_id, building_id, currency, lines, reasons, delivery_address, total, charged,
       refunded, workflow_id, hold_id, transfer_id, pick_id, delivery_id, events, owner_user_id, owner_org_id,
       attributes, metadata, created_at, updated_at, deleted_at
FROM orders
WHERE (status, id) < ($3::text, $1::uuid) AND status >= $3
ORDER BY status DESC, id DESC
LIMIT $2
