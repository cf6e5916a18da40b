-- As list_workflows, along the index by building.
SELECT id, version, name, status, building_id, building_id_is_integer, owner_user_id, owner_org_id, attributes,
       metadata, created_at, updated_at, deleted_at
FROM workflows
WHERE deleted_at IS NULL
  AND building_id = $5
  AND id < $1::uuid
  AND ($2::text IS NULL OR status = $2)
  AND ($3::text IS NULL OR name = $3)
ORDER BY id DESC
LIMIT $4
