-- What a session has claimed for longer than a while, to compare with what the worker knows of.
SELECT run_id, path, attempt
FROM steps
WHERE state = 'claimed' AND session_id = $1 AND changed_at < statement_timestamp() - $2::bigint * interval '1 millisecond'
