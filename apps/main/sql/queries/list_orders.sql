-- The newest first: ids are in the order of their making (UUID version 7). Walks the primary key from the last
-- page's end, so that every page costs the same. Orders are never deleted.
SELECT id, version, status, customer_id, building_id, currency, lines, reasons, delivery_address, total, charged,
       refunded, workflow_id, hold_id, transfer_id, pick_id, delivery_id, events, owner_user_id, owner_org_id,
       attributes, metadata, created_at, updated_at, deleted_at
FROM orders
WHERE id < $1::uuid
ORDER BY id DESC
LIMIT $2
