-- The newest first: ids are in the order of their making (UUID version 7). Walks the primary key from the last
-- page's end, so that every page costs the same.
SELECT id, version, name, status, building_id, building_id_is_integer, owner_user_id, owner_org_id, attributes,
       metadata, created_at, updated_at, deleted_at
FROM workflows
WHERE deleted_at IS NULL
  AND id < $1::uuid
  AND ($2::text IS NULL OR status = $2)
  AND ($3::text IS NULL OR name = $3)
ORDER BY id DESC
LIMIT $4
