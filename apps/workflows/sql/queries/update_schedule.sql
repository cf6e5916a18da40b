-- A schedule that is locked, as it is from now on. With $14 its time is another: $15, or none.
UPDATE schedules
SET version = version + 1, definition = $2, definition_version = $3, cron = $4, time_zone = $5, input = $6,
    overlap = $7, catch_up_window = $8, is_paused = $9, owner_user_id = $10, owner_org_id = $11, attributes = $12,
    metadata = $13, updated_at = clock_timestamp(),
    next_at = CASE WHEN $14 THEN $15::timestamptz ELSE next_at END
WHERE id = $1
RETURNING id, version, name, definition, definition_version, cron, time_zone, input, overlap, catch_up_window,
          is_paused,
          owner_user_id, owner_org_id, attributes, metadata, next_at, last_at, last_workflow_id, created_at, updated_at,
          deleted_at
