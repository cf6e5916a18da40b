-- Steps that wait for somebody to mend them.
SELECT s.dead_letter_id AS id, s.run_id, w.definition, s.path, s.error, s.attempt, s.input, s.changed_at
FROM steps AS s
JOIN workflows AS w ON w.id = s.run_id
WHERE s.state = 'dead' AND s.dead_letter_id > $1 AND ($2::text IS NULL OR w.definition = $2)
ORDER BY s.dead_letter_id
LIMIT $3
