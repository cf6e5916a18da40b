-- The steps of runs whose rows this transaction has locked.
SELECT run_id, path, state, attempt, failures, lease_losses, generation, is_uncertain, due_at, input, output, error,
       completed_as, child_id, session_id, changed_at
FROM steps
WHERE run_id = ANY ($1::uuid[])
ORDER BY run_id
