-- Holds that nobody has confirmed in time, and that nobody else is at: of those behind the hold $1, if any, the ones
-- that have been due the longest.
SELECT id, version, order_id, building_id, state, currency, lines, total, expires_at, confirmed_at, ended_at,
       release_reason, owner_user_id, owner_org_id, attributes, metadata, created_at, updated_at
FROM holds
WHERE state = 'held' AND expires_at <= now()
  AND (expires_at, id) > (coalesce((SELECT expires_at FROM holds WHERE id = $1::uuid), '-infinity'),
                          coalesce($1, '00000000-0000-0000-0000-000000000000'))
ORDER BY expires_at, id
LIMIT $2
FOR NO KEY UPDATE SKIP LOCKED
