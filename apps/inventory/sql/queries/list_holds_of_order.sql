-- As list_holds, along the index by order.
SELECT id, version, order_id, building_id, state, currency, lines, total, expires_at, confirmed_at, ended_at,
       release_reason, owner_user_id, owner_org_id, attributes, metadata, created_at, updated_at
FROM holds
WHERE id < $1::uuid AND order_id = $3::uuid AND ($4::text IS NULL OR state = $4)
ORDER BY id DESC
LIMIT $2
