-- Steps that have failed at least so often and are tried again, in the order in which they began.
SELECT s.sequence, s.run_id, w.definition, s.path, s.failures, s.error, s.started_at, s.due_at
FROM retrying_steps AS s
JOIN workflows AS w ON w.id = s.run_id
WHERE s.failures >= $1 AND s.sequence > $2 AND ($3::text IS NULL OR w.definition = $3)
ORDER BY s.sequence
LIMIT $4
