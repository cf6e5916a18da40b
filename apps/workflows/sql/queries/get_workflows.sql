-- Point reads by primary key, coalesced: all that are asked for at the same moment in one statement. The condition is
-- the primary key's alone, as in lock_runs.
SELECT id, version, name, status, definition, definition_version, key, priority, building_id, building_id_is_integer,
       owner_user_id, owner_org_id, attributes, metadata, input, output, error, parent_id, created_at, updated_at,
       deleted_at, finished_at
FROM workflows
WHERE id = ANY ($1::uuid[])
