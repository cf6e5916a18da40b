-- A pick list that is locked, as it is from now on. $2 is its state, which it may have had before.
UPDATE picks
SET version = version + 1, state = $2, lines = $3, updated_at = clock_timestamp(),
    completed_at = CASE WHEN $2 = 'completed' THEN clock_timestamp() ELSE completed_at END,
    cancelled_at = CASE WHEN $2 = 'cancelled' THEN clock_timestamp() END
WHERE id = $1
RETURNING id, version, order_id, hold_id, building_id, state, workflow_id, lines, completed_at, cancelled_at,
          owner_user_id, owner_org_id, attributes, metadata, created_at, updated_at
