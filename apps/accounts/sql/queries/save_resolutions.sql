-- What has become of transfers. The primary key sees to it that it is one thing only.
WITH resolved AS (
    DELETE FROM pending_transfers WHERE transfer_id = ANY ($1::uuid[])
)
INSERT INTO transfer_resolutions (transfer_id, outcome, amount, resolved_at, debit_account_id, credit_account_id)
SELECT * FROM unnest($1::uuid[], $2::text[], $3::bigint[], $4::timestamptz[], $5::uuid[], $6::uuid[])
