-- What the keys of transitions were used for, under the locks of lock_orders. The few events of an order are read along
-- the primary key.
SELECT event.order_id, event.fingerprint
FROM unnest($1::uuid[], $2::text[]) AS asked (order_id, key)
JOIN order_events AS event ON event.order_id = asked.order_id AND event.idempotency_key = asked.key
WHERE event.fingerprint IS NOT NULL
