-- The answer to a repeated request: what its key had started, and what it had been asked with. The key outlives the
-- workflow, so that the latter may be missing.
SELECT keys.fingerprint, w.id, w.version, w.name, w.status, w.definition, w.definition_version, w.key, w.priority, w.building_id, w.building_id_is_integer,
       w.owner_user_id, w.owner_org_id, w.attributes, w.metadata, w.input, w.output, w.error, w.parent_id, w.created_at, w.updated_at,
       w.deleted_at, w.finished_at
FROM idempotency_keys AS keys
LEFT JOIN workflows AS w ON w.id = keys.resource_id
WHERE keys.scope = 'workflows.create' AND keys.key = $1
