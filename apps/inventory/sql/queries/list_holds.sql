-- One page of holds, the newest first. All list_holds queries take the same parameters, as list_products.
SELECT id, version, order_id, building_id, state, currency, lines, total, expires_at, confirmed_at, ended_at,
       release_reason, owner_user_id, owner_org_id, attributes, metadata, created_at, updated_at
FROM holds
WHERE id < $1::uuid AND ($3::uuid IS NULL OR order_id = $3) AND ($4::text IS NULL OR state = $4)
ORDER BY id DESC
LIMIT $2
