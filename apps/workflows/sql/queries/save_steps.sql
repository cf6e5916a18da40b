-- Writes steps that are new or have changed. The run's lock makes this the only writer. What becomes ready is put into
-- its lane; what is claimed at once needs none.
INSERT INTO steps AS s (run_id, path, state, priority, attempt, failures, lease_losses, generation, is_uncertain,
                        due_at, input, output, error, completed_as, child_id, session_id, started_at, changed_at,
                        dead_letter_id, lane)
SELECT run_id, path, state, priority, attempt, failures, lease_losses, generation, is_uncertain, due_at, input,
       output, error, completed_as, child_id, session_id, CASE WHEN session_id IS NOT NULL THEN changed_at END,
       changed_at, dead_letter_id,
       CASE WHEN state = 'ready'
            THEN (SELECT lane_of(w.definition, w.limit_key) FROM workflows AS w WHERE w.id = item.run_id) ELSE 0 END
FROM unnest($1::uuid[], $2::text[], $3::text[], $4::smallint[], $5::bigint[], $6::bigint[], $7::bigint[],
            $8::bigint[], $9::boolean[], $10::timestamptz[], $11::text[], $12::text[], $13::text[], $14::bigint[],
            $15::uuid[], $16::uuid[], $17::timestamptz[], $18::uuid[])
    AS item (run_id, path, state, priority, attempt, failures, lease_losses, generation, is_uncertain, due_at, input,
             output, error, completed_as, child_id, session_id, changed_at, dead_letter_id)
ON CONFLICT (run_id, path) DO UPDATE
SET state = EXCLUDED.state, attempt = EXCLUDED.attempt, failures = EXCLUDED.failures,
    lease_losses = EXCLUDED.lease_losses, generation = EXCLUDED.generation, is_uncertain = EXCLUDED.is_uncertain,
    due_at = EXCLUDED.due_at, input = EXCLUDED.input, output = EXCLUDED.output, error = EXCLUDED.error,
    completed_as = EXCLUDED.completed_as, child_id = EXCLUDED.child_id,
    session_id = coalesce(EXCLUDED.session_id, s.session_id), started_at = coalesce(EXCLUDED.started_at, s.started_at),
    changed_at = EXCLUDED.changed_at, dead_letter_id = EXCLUDED.dead_letter_id, lane = EXCLUDED.lane
