-- Writes back what has changed of runs.
UPDATE workflows
SET version = workflows.version + 1, status = item.status, output = item.output, error = item.error,
    is_paused = item.is_paused, ending = item.ending, updated_at = item.now,
    finished_at = CASE WHEN item.is_final THEN item.now END,
    admitted_at = CASE WHEN NOT item.is_pending THEN coalesce(admitted_at, item.now) END
FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::boolean[], $6::text[], $7::boolean[],
            $8::timestamptz[], $9::boolean[])
    AS item (id, status, output, error, is_paused, ending, is_final, now, is_pending)
WHERE workflows.id = item.id
