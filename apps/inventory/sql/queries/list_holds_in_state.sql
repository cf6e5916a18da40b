-- As list_holds, along the index by state.
SELECT id, version, order_id, building_id, state, currency, lines, total, expires_at, confirmed_at, ended_at,
       release_reason, owner_user_id, owner_org_id, attributes, metadata, created_at, updated_at
FROM holds
WHERE (state, id) < ($4::text, $1::uuid) AND state >= $4 AND ($3::uuid IS NULL OR order_id = $3)
ORDER BY state DESC, id DESC
LIMIT $2
