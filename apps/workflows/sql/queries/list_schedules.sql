-- One page of schedules, the newest first.
SELECT id, version, name, definition, definition_version, cron, time_zone, input, overlap, catch_up_window, is_paused,
       owner_user_id, owner_org_id, attributes, metadata, next_at, last_at, last_workflow_id, created_at, updated_at,
       deleted_at
FROM schedules
WHERE deleted_at IS NULL AND id < $1
ORDER BY id DESC
LIMIT $2
