-- Schedules whose time has come by the database's clock, each for one of those who look.
WITH clock AS MATERIALIZED (SELECT clock_timestamp() AS now)
SELECT s.id, s.name, s.cron, s.time_zone, s.overlap, s.catch_up_window, s.next_at, clock.now,
       (last.id IS NOT NULL AND last.finished_at IS NULL)
           OR EXISTS (SELECT FROM schedule_starts WHERE schedule_id = s.id AND NOT waits) AS is_under_way,
       EXISTS (SELECT FROM schedule_starts WHERE schedule_id = s.id AND waits) AS is_one_waiting
FROM schedules AS s
CROSS JOIN clock
LEFT JOIN workflows AS last ON last.id = s.last_workflow_id
WHERE s.next_at <= (SELECT now FROM clock)
ORDER BY s.next_at
LIMIT $1
FOR NO KEY UPDATE OF s SKIP LOCKED
