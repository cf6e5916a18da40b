-- Both sides of what was posted.
INSERT INTO entries (account_id, posted_at, sequence, transfer_id, side, amount, balance)
SELECT * FROM unnest($1::uuid[], $2::timestamptz[], $3::bigint[], $4::uuid[], $5::text[], $6::bigint[], $7::bigint[])
