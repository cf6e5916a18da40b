-- New transfers, in the order in which they were made.
INSERT INTO transfers (id, debit_account_id, credit_account_id, amount, currency, expires_at, order_id, linked_to,
                       description, owner_user_id, owner_org_id, attributes, metadata, created_at)
SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::bigint[], $5::text[], $6::timestamptz[], $7::uuid[],
                     $8::uuid[], $9::text[], $10::text[], $11::text[], $12::text[], $13::text[], $14::timestamptz[])
