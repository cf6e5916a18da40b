-- The pick list of a hold that is locked and has none.
INSERT INTO picks (id, version, order_id, hold_id, building_id, state, workflow_id, lines, owner_user_id, owner_org_id,
                   attributes, metadata, created_at, updated_at)
SELECT $1, 1, $2, $3, $4, 'open', $5, $6, $7, $8, $9, $10, clock.now, clock.now
FROM (SELECT clock_timestamp() AS now) AS clock
RETURNING id, version, order_id, hold_id, building_id, state, workflow_id, lines, completed_at, cancelled_at,
          owner_user_id, owner_org_id, attributes, metadata, created_at, updated_at
