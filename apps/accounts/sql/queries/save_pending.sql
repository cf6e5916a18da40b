-- New transfers that wait to be resolved.
INSERT INTO pending_transfers (transfer_id, expires_at)
SELECT * FROM unnest($1::uuid[], $2::timestamptz[])
