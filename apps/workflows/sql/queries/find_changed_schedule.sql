-- The schedule that a repeated request has changed or deleted.
SELECT id, version, name, definition, definition_version, cron, time_zone, input, overlap, catch_up_window, is_paused,
       owner_user_id, owner_org_id, attributes, metadata, next_at, last_at, last_workflow_id, created_at, updated_at,
       deleted_at
FROM schedules
WHERE id = $1
