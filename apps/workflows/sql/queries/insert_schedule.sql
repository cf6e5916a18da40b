-- A schedule, unless its name is taken. $15 is its first time; NULL when it is paused.
INSERT INTO schedules (id, version, name, definition, definition_version, cron, time_zone, input, overlap,
                       catch_up_window, is_paused, owner_user_id, owner_org_id, attributes, metadata, next_at,
                       created_at, updated_at)
SELECT $1, 1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14,
       $15::timestamptz, clock.now, clock.now
FROM (SELECT clock_timestamp() AS now) AS clock
ON CONFLICT (name) WHERE deleted_at IS NULL DO NOTHING
RETURNING id, version, name, definition, definition_version, cron, time_zone, input, overlap, catch_up_window,
          is_paused,
          owner_user_id, owner_org_id, attributes, metadata, next_at, last_at, last_workflow_id, created_at, updated_at,
          deleted_at
