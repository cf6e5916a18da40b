-- As list_orders, along the index by customer.
SELECT id, version, status, customer_id, building_id, currency, lines, reasons, delivery_address, total, charged, refunded,
       workflow_id, hold_id, transfer_id, pick_id, delivery_id, events, owner_user_id, owner_org_id, attributes, metadata,
       created_at, updated_at, deleted_at
FROM orders
WHERE deleted_at IS NULL
  AND id < $1::uuid
  AND customer_id = $3::uuid
  AND ($4::uuid IS NULL OR building_id = $4)
  AND ($5::text IS NULL OR status = $5)
ORDER BY id DESC
LIMIT $2
