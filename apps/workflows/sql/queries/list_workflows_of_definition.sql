-- As list_workflows, along the index by definition.
SELECT id, version, name, status, definition, definition_version, key, priority, building_id, building_id_is_integer,
       owner_user_id, owner_org_id, attributes, metadata, error, parent_id, created_at, updated_at,
       deleted_at, finished_at
FROM workflows
WHERE deleted_at IS NULL
  AND (definition, id) < ($4, $1::uuid)
  AND ($2::text IS NULL OR status = $2)
  AND ($3::text IS NULL OR name = $3)
  AND ($4::text IS NULL OR definition = $4)
  AND ($5::bigint IS NULL OR definition_version = $5)
  AND ($6::text IS NULL OR key = $6)
  AND ($7::jsonb IS NULL OR attributes @> $7)
  AND ($8::timestamptz IS NULL OR created_at >= $8)
  AND ($9::timestamptz IS NULL OR created_at < $9)
  AND ($10::uuid IS NULL OR parent_id = $10)
  AND ($11::text IS NULL OR building_id = $11)
  AND definition >= $4
ORDER BY definition DESC, id DESC
LIMIT $12
