-- The newest version of each definition.
SELECT id, name, version, document, created_at
FROM definitions AS d
WHERE id > $1 AND version = (SELECT max(version) FROM definitions WHERE name = d.name)
ORDER BY id
LIMIT $2
