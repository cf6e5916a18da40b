-- The second half of a change, under the locks of lock_orders. Lines that stay as they are come as NULL: they may be
-- long, and what is not written costs nothing.
UPDATE orders
SET version = item.version, status = item.status, lines = COALESCE(item.lines::jsonb, orders.lines),
    reasons = item.reasons::jsonb, total = item.total, charged = item.charged, refunded = item.refunded,
    workflow_id = item.workflow_id, hold_id = item.hold_id, transfer_id = item.transfer_id, pick_id = item.pick_id,
    delivery_id = item.delivery_id, events = item.events, updated_at = item.updated_at
FROM unnest($1::uuid[], $2::bigint[], $3::text[], $4::text[], $5::text[], $6::bigint[], $7::bigint[], $8::bigint[],
            $9::uuid[], $10::uuid[], $11::uuid[], $12::uuid[], $13::uuid[], $14::bigint[], $15::timestamptz[])
    AS item (id, version, status, lines, reasons, total, charged, refunded, workflow_id, hold_id, transfer_id, pick_id,
             delivery_id, events, updated_at)
WHERE orders.id = item.id
