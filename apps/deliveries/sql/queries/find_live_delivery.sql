-- The one delivery of an order that is not cancelled.
SELECT id, state FROM deliveries WHERE order_id = $1 AND state <> 'cancelled'
