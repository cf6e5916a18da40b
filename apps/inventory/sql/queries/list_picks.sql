-- One page of pick lists, the newest first.
SELECT id, version, order_id, hold_id, building_id, state, workflow_id, lines, completed_at, cancelled_at,
       owner_user_id, owner_org_id, attributes, metadata, created_at, updated_at
FROM picks
WHERE id < $1::uuid
ORDER BY id DESC
LIMIT $2
