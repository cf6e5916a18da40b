-- Locks runs, in the order of their ids so that nobody waits in a circle, and reads what decides what happens next.
-- With a session it also holds that against being declared lost until the end of the transaction; `is_live` tells
-- whether its lease still runs. The condition is the primary key's alone: with another one a partial index looks
-- cheaper on a table that has been filled and not yet been analyzed.
WITH session AS MATERIALIZED (
    SELECT expires_at > clock_timestamp() AND NOT is_lost AS is_live FROM sessions WHERE id = $2::uuid FOR KEY SHARE
)
SELECT id, version, definition, definition_version, name, key, status, priority, input, attributes, output, error,
       parent_id, parent_path, is_paused, ending, admitted_at IS NULL AS is_pending,
       limit_key IS NOT NULL AS is_limited, traceparent, created_at, clock_timestamp() AS now,
       coalesce((SELECT is_live FROM session), false) AS is_live
FROM workflows
WHERE id = ANY ($1::uuid[])
ORDER BY id
FOR NO KEY UPDATE OF workflows
