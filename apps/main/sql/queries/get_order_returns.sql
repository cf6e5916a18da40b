-- Returns by primary key; whoever changes one has the lock of its order.
SELECT id, order_id, version, status, lines, amount, currency, reason, reasons, transfer_id, owner_user_id, owner_org_id,
       attributes, metadata, created_at, updated_at, deleted_at
FROM order_returns
WHERE id = ANY ($1::uuid[])
