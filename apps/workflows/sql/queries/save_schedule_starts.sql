-- Workflows that are to be started; written with what makes it so.
INSERT INTO schedule_starts (run_id, schedule_id, tick, is_trigger, waits, created_at)
SELECT run_id, schedule_id, tick, is_trigger, waits, clock_timestamp()
FROM unnest($1::uuid[], $2::uuid[], $3::timestamptz[], $4::boolean[], $5::boolean[])
    AS item (run_id, schedule_id, tick, is_trigger, waits)
