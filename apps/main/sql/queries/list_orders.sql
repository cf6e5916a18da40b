-- The newest first: ids are in the order of their making (UUID version 7). Walks the primary key from the last
-- page's end, so that every page costs the same. All list_orders queries take the same parameters; they differ in the
-- filter that must be there, so that the planner may count on the index by it.
SELECT id, version, status, customer_id, building_id, currency, lines, reasons, delivery_address, total, charged, refunded,
       workflow_id, hold_id, transfer_id, pick_id, delivery_id, events, owner_user_id, owner_org_id, attributes, metadata,
       created_at, updated_at, deleted_at
FROM orders
WHERE deleted_at IS NULL
  AND id < $1::uuid
  AND ($3::uuid IS NULL OR customer_id = $3)
  AND ($4::uuid IS NULL OR building_id = $4)
  AND ($5::text IS NULL OR status = $5)
ORDER BY id DESC
LIMIT $2
