-- The answer to a repeated request: what its key had created, unless it has been deleted since.
SELECT s.id, s.version, s.name, s.definition, s.definition_version, s.cron, s.time_zone, s.input, s.overlap,
       s.catch_up_window, s.is_paused, s.owner_user_id, s.owner_org_id, s.attributes, s.metadata, s.next_at,
       s.last_at, s.last_workflow_id, s.created_at, s.updated_at, s.deleted_at
FROM idempotency_keys AS keys
JOIN schedules AS s ON s.id = keys.resource_id
WHERE keys.scope = 'schedules.create' AND keys.key = $1 AND s.deleted_at IS NULL
