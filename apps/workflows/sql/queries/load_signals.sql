-- The signals that no step has taken, in the order they came in. A statement of its own, after the lock: its snapshot
-- must hold what the last holder of the lock has written.
SELECT run_id, id, name, payload FROM signals WHERE run_id = ANY ($1::uuid[]) AND taken_by IS NULL ORDER BY sequence
