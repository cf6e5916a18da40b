-- The steps of a run in the order in which they began, with who has them.
SELECT s.sequence, s.path, s.state, s.attempt, s.failures, s.due_at, s.changed_at, s.started_at, s.input, s.output, s.error,
       s.child_id, CASE WHEN s.state = 'claimed' THEN x.replica END AS worker
FROM steps AS s
LEFT JOIN sessions AS x ON x.id = s.session_id
WHERE s.run_id = $1 AND s.sequence > $2 AND s.state <> 'pending'
ORDER BY s.sequence
LIMIT $3
