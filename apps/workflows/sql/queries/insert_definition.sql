-- A version of a definition, unless it is there; the next one when no version is given.
INSERT INTO definitions (id, name, version, document, created_at)
SELECT $1, $2, coalesce($3::bigint, (SELECT coalesce(max(version), 0) + 1 FROM definitions WHERE name = $2)), $4,
       clock_timestamp()
ON CONFLICT (name, version) DO NOTHING
RETURNING version
