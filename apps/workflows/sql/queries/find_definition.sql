-- The definition that a repeated request has stored.
SELECT id, name, version, document, created_at
FROM definitions
WHERE id = $1
