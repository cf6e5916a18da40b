-- One intent by primary key, for the operator who has just asked for it to be tried again.
SELECT id, subject, resource_id, state, attempts, next_attempt_at, last_error, created_at
FROM intents
WHERE id = $1::uuid
