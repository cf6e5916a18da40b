-- As list_picks, along the index by order, which has few.
SELECT id, version, order_id, hold_id, building_id, state, workflow_id, lines, completed_at, cancelled_at,
       owner_user_id, owner_org_id, attributes, metadata, created_at, updated_at
FROM picks
WHERE id < $1::uuid AND order_id = $3::uuid AND ($4::uuid IS NULL OR building_id = $4)
  AND ($5::text IS NULL OR state = $5)
ORDER BY id DESC
LIMIT $2
