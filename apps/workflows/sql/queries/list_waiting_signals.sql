-- How many signals wait for a run, and which: as load_signals, for runs that have no step for any of them.
SELECT run_id, id, name FROM signals WHERE run_id = ANY ($1::uuid[]) AND taken_by IS NULL ORDER BY sequence
