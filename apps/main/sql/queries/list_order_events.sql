-- The life of an order as it is known here, from its beginning.
SELECT order_id, number, at, type, status, workflow_id, idempotency_key, trace_id, data
FROM order_events
WHERE order_id = $1::uuid
ORDER BY number
LIMIT $2
