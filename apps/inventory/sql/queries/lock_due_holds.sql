-- Holds that nobody has confirmed in time, and that nobody else is at.
SELECT id, version, order_id, building_id, state, currency, lines, total, expires_at, confirmed_at, ended_at,
       release_reason, owner_user_id, owner_org_id, attributes, metadata, created_at, updated_at
FROM holds
WHERE state = 'held' AND expires_at <= now()
ORDER BY expires_at
LIMIT $1
FOR NO KEY UPDATE SKIP LOCKED
