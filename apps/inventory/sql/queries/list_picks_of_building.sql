-- As list_picks, of a building and these states: of each as many as a page has, along the index by both.
SELECT page.*
FROM unnest($3::text[]) AS asked (state)
CROSS JOIN LATERAL (
    SELECT id, version, order_id, hold_id, building_id, state, workflow_id, lines, completed_at, cancelled_at,
           owner_user_id, owner_org_id, attributes, metadata, created_at, updated_at
    FROM picks
    WHERE building_id = $4::uuid AND picks.state = asked.state AND id < $1::uuid
    ORDER BY id DESC NULLS LAST
    LIMIT $2
) AS page
ORDER BY id DESC
LIMIT $2
