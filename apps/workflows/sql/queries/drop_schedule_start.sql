-- It will not be started; returns it to the first who says so.
DELETE FROM schedule_starts WHERE run_id = $1 RETURNING run_id
