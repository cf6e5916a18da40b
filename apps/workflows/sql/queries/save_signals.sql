-- Keeps signals; returns those that had not come before.
INSERT INTO signals (run_id, id, name, payload, received_at)
SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::timestamptz[])
ON CONFLICT (run_id, id) DO NOTHING
RETURNING run_id, id
