-- What lost sessions had claimed, with the locks of the runs.
SELECT s.run_id, s.path, s.attempt
FROM steps AS s
JOIN sessions AS l ON l.id = s.session_id
JOIN workflows AS w ON w.id = s.run_id
WHERE s.state = 'claimed' AND l.is_lost
LIMIT $1
FOR NO KEY UPDATE OF w SKIP LOCKED
