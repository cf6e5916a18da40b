-- One version of a definition, or its newest.
SELECT id, name, version, document, created_at
FROM definitions
WHERE name = $1 AND ($2::bigint = 0 OR version = $2)
ORDER BY version DESC
LIMIT 1
