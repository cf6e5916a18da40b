-- A new delivery, unless its order has one that is not cancelled.
INSERT INTO deliveries (id, version, order_id, customer_id, workflow_id, recipient, address, lines, state, attempts,
                        owner_user_id, owner_org_id, attributes, metadata, created_at, updated_at)
VALUES ($1, 1, $2, $3, $4, $5, $6, $7, $8, 0, $9, $10, $11, $12, $13, $13)
ON CONFLICT (order_id) WHERE state <> 'cancelled' DO NOTHING
RETURNING id
