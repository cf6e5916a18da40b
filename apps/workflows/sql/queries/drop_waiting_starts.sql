-- Of a schedule that starts nothing any more.
DELETE FROM schedule_starts WHERE schedule_id = $1 AND waits
