-- The oldest first: what has waited longest is what an operator looks for.
SELECT id, subject, resource_id, state, attempts, next_attempt_at, left(last_error, 4000) AS last_error, created_at
FROM intents
WHERE id > $1::uuid
  AND ($3::text IS NULL OR state = $3)
ORDER BY id
LIMIT $2
