-- Point reads by primary key, coalesced: all that are asked for at the same moment in one statement.
SELECT id, version, order_id, hold_id, building_id, state, workflow_id, lines, completed_at, cancelled_at,
       owner_user_id, owner_org_id, attributes, metadata, created_at, updated_at
FROM picks
WHERE id = ANY ($1::uuid[])
