-- New transfers that wait to be resolved.
INSERT INTO pending_transfers (transfer_id, expires_at, debit_account_id, credit_account_id)
SELECT * FROM unnest($1::uuid[], $2::timestamptz[], $3::uuid[], $4::uuid[])
