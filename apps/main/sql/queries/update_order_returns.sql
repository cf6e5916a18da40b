-- What became of returns, under the locks of their orders.
UPDATE order_returns
SET version = item.version, status = item.status, reasons = item.reasons::jsonb, transfer_id = item.transfer_id,
    updated_at = item.updated_at
FROM unnest($1::uuid[], $2::bigint[], $3::text[], $4::text[], $5::uuid[], $6::timestamptz[])
    AS item (id, version, status, reasons, transfer_id, updated_at)
WHERE order_returns.id = item.id
