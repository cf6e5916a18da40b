-- It has been started; returns its schedule to the first who says so.
WITH done AS (
    DELETE FROM schedule_starts WHERE run_id = $1 RETURNING schedule_id, run_id
)
UPDATE schedules SET last_at = clock_timestamp(), last_workflow_id = done.run_id
FROM done
WHERE schedules.id = done.schedule_id
RETURNING schedules.id
