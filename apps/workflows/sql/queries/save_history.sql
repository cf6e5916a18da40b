-- Appends to histories. The run's lock makes the order of the sequence that of what happened.
INSERT INTO history (run_id, type, step, at, data)
SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[], $4::timestamptz[], $5::text[])
