-- Forgets keys whose workflows are gone and whose time is over.
DELETE FROM run_keys
WHERE (definition, key) IN (
    SELECT definition, key FROM run_keys AS k
    WHERE created_at < now() - $1::bigint * interval '1 millisecond'
      AND NOT EXISTS (SELECT FROM workflows WHERE id = k.run_id)
    ORDER BY created_at LIMIT $2 FOR UPDATE SKIP LOCKED
)
