-- The workflows that something is to be done with, the newest first.
SELECT id
FROM workflows
WHERE deleted_at IS NULL
  AND id < $1::uuid
  AND ($2::text IS NULL OR status = $2)
  AND ($3::text IS NULL OR definition = $3)
  AND ($4::bigint IS NULL OR definition_version = $4)
  AND ($5::jsonb IS NULL OR attributes @> $5)
  AND ($6::timestamptz IS NULL OR created_at >= $6)
  AND ($7::timestamptz IS NULL OR created_at < $7)
  AND ($8::text IS NULL OR starts_with(key, $8))
ORDER BY id DESC
LIMIT $9
