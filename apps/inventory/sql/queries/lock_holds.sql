-- Holds to be changed, locked in the order of their ids so that nobody waits in a circle. The condition is the primary
-- key's alone.
SELECT id, version, order_id, building_id, state, currency, lines, total, expires_at, confirmed_at, ended_at,
       release_reason, owner_user_id, owner_org_id, attributes, metadata, created_at, updated_at
FROM holds
WHERE id = ANY ($1::uuid[])
ORDER BY id
FOR NO KEY UPDATE
