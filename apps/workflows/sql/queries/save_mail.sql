-- Leaves commands for other runs.
INSERT INTO mail (id, run_id, command, created_at) SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::timestamptz[])
