-- A batch in one statement and one commit. The ids come from the caller, so that it may be sent again.
INSERT INTO notes (id, building_id, text, created_at)
SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::timestamptz[])
ON CONFLICT (id) DO NOTHING
