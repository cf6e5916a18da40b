-- The newest first, along the index by order.
SELECT id, order_id, version, status, lines, amount, currency, reason, reasons, transfer_id, owner_user_id, owner_org_id,
       attributes, metadata, created_at, updated_at, deleted_at
FROM order_returns
WHERE order_id = $1::uuid AND deleted_at IS NULL AND id < $2::uuid
ORDER BY id DESC
LIMIT $3
