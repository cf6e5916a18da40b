-- A schedule that is locked starts nothing any more.
UPDATE schedules
SET version = version + 1, deleted_at = clock_timestamp(), updated_at = clock_timestamp(), next_at = NULL
WHERE id = $1
RETURNING id, version, name, definition, definition_version, cron, time_zone, input, overlap, catch_up_window,
          is_paused,
          owner_user_id, owner_org_id, attributes, metadata, next_at, last_at, last_workflow_id, created_at, updated_at,
          deleted_at
