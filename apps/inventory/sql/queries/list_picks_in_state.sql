-- As list_picks, along the index by state.
SELECT id, version, order_id, hold_id, building_id, state, workflow_id, lines, completed_at, cancelled_at,
       owner_user_id, owner_org_id, attributes, metadata, created_at, updated_at
FROM picks
WHERE (state, id) < ($3::text, $1::uuid) AND state >= $3
ORDER BY state DESC, id DESC
LIMIT $2
