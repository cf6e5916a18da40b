-- As list_orders, of a customer at a building and these statuses: of each as many as a page has, along the index by
-- all three.
SELECT page.*
FROM unnest($3::text[]) AS asked (status)
CROSS JOIN LATERAL (
    SELECT id, version, status, customer_id, building_id, currency, lines, reasons, delivery_address, total, charged,
           refunded, workflow_id, hold_id, transfer_id, pick_id, delivery_id, events, owner_user_id, owner_org_id,
           attributes, metadata, created_at, updated_at, deleted_at
    FROM orders
    WHERE customer_id = $4::uuid AND building_id = $5::uuid AND orders.status = asked.status AND id < $1::uuid
    ORDER BY id DESC NULLS LAST
    LIMIT $2
) AS page
ORDER BY id DESC
LIMIT $2
