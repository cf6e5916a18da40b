-- One pick list by its id, for a transaction that does not lock it.
SELECT id, version, order_id, hold_id, building_id, state, workflow_id, lines, completed_at, cancelled_at,
       owner_user_id, owner_org_id, attributes, metadata, created_at, updated_at
FROM picks
WHERE id = $1
