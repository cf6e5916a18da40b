-- The accounts that transfers name: by their ids, or by whose they are. What is read here never changes.
SELECT id, kind, currency, customer_id
FROM accounts
WHERE id = ANY ($1::uuid[])
UNION ALL
SELECT a.id, a.kind, a.currency, a.customer_id
FROM unnest($2::text[], $3::text[], $4::uuid[]) AS named (kind, currency, customer_id)
JOIN accounts AS a
  ON a.kind = named.kind AND a.currency = named.currency
 AND coalesce(a.customer_id, '00000000-0000-0000-0000-000000000000') =
     coalesce(named.customer_id, '00000000-0000-0000-0000-000000000000')
