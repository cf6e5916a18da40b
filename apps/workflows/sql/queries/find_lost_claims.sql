-- What lost sessions had claimed, with the locks of the runs; also what is claimed by a session that is not there, which
-- should never be.
SELECT s.run_id, s.path, s.attempt
FROM steps AS s
LEFT JOIN sessions AS l ON l.id = s.session_id
JOIN workflows AS w ON w.id = s.run_id
WHERE s.state = 'claimed' AND (l.id IS NULL OR l.is_lost)
LIMIT $1
FOR NO KEY UPDATE OF w SKIP LOCKED
