-- What is to be started now: what the caller has just noted, and what others have left.
SELECT owed.run_id, owed.tick, owed.is_trigger, owed.other_id, owed.is_too_late, run.id IS NOT NULL AS is_started,
       s.name, s.definition, s.definition_version, s.input, s.overlap, s.owner_user_id, s.owner_org_id, s.attributes
FROM actionable_schedule_starts AS owed
JOIN schedules AS s ON s.id = owed.schedule_id
LEFT JOIN workflows AS run ON run.id = owed.run_id
WHERE owed.run_id = ANY ($1::uuid[]) OR owed.created_at < clock_timestamp() - interval '1 second'
ORDER BY owed.run_id = ANY ($1::uuid[]) DESC, owed.created_at
LIMIT $2
