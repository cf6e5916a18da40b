-- One page of the accounts of these kinds in a currency, the newest first: of each kind as many as a page has.
SELECT page.*
FROM unnest($1::text[]) AS asked (kind)
CROSS JOIN LATERAL (
    SELECT id, version, kind, currency, customer_id, name, credit_limit, debits_posted, credits_posted, debits_pending,
           credits_pending, owner_user_id, owner_org_id, attributes, metadata, created_at, updated_at
    FROM accounts
    WHERE accounts.kind = asked.kind AND currency = $2 AND id < $3
    ORDER BY id DESC NULLS LAST
    LIMIT $4
) AS page
ORDER BY id DESC
LIMIT $4
