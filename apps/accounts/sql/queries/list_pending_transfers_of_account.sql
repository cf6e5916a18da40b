-- One page of those of an account's transfers that wait to be resolved, the newest first.
WITH page AS MATERIALIZED (
    (SELECT transfer_id
     FROM pending_transfers
     WHERE (debit_account_id, transfer_id) < ($1::uuid, $2::uuid) AND debit_account_id >= $1
     ORDER BY debit_account_id DESC, transfer_id DESC
     LIMIT $3)
    UNION ALL
    (SELECT transfer_id
     FROM pending_transfers
     WHERE (credit_account_id, transfer_id) < ($1::uuid, $2::uuid) AND credit_account_id >= $1
     ORDER BY credit_account_id DESC, transfer_id DESC
     LIMIT $3)
    ORDER BY transfer_id DESC
    LIMIT $3
)
SELECT t.id, t.debit_account_id, t.credit_account_id, t.amount, t.currency, t.expires_at, t.order_id, t.linked_to,
       t.description, t.owner_user_id, t.owner_org_id, t.attributes, t.metadata, t.created_at, r.outcome,
       r.amount AS posted_amount, r.resolved_at
FROM page
JOIN transfers AS t ON t.id = page.transfer_id
LEFT JOIN transfer_resolutions AS r ON r.transfer_id = t.id
ORDER BY t.id DESC
