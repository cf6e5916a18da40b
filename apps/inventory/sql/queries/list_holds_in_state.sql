-- As list_holds, along the index by state.
SELECT id, version, order_id, building_id, state, currency, lines, total, expires_at, confirmed_at, ended_at,
       release_reason, owner_user_id, owner_org_id, attributes, metadata, created_at, updated_at
FROM holds
WHERE id < $1::uuid AND ($3::uuid IS NULL OR order_id = $3) AND state = $4::text
ORDER BY id DESC
LIMIT $2
