-- Under the lock of the order, whose lines say what may still come back.
INSERT INTO order_returns (id, order_id, version, status, lines, amount, currency, reason, owner_user_id, owner_org_id,
                           attributes, metadata, created_at, updated_at)
VALUES ($1, $2, 1, 'requested', $3::jsonb, $4, $5, $6, $7, $8, $9::jsonb, $10::jsonb, $11, $11)
