-- The first half of a change; the row locks make racing writers go one after the other, and their order keeps two
-- batches from waiting for each other.
SELECT id, version, status, customer_id, building_id, currency, lines, reasons, delivery_address, total, charged, refunded,
       workflow_id, hold_id, transfer_id, pick_id, delivery_id, events, owner_user_id, owner_org_id, attributes, metadata,
       created_at, updated_at, deleted_at
FROM orders
WHERE id = ANY ($1::uuid[]) AND deleted_at IS NULL
ORDER BY id
FOR UPDATE
