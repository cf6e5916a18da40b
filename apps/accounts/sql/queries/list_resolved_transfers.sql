-- One page of the transfers that came to this end, the newest first.
SELECT t.id, t.debit_account_id, t.credit_account_id, t.amount, t.currency, t.expires_at, t.order_id, t.linked_to,
       t.description, t.owner_user_id, t.owner_org_id, t.attributes, t.metadata, t.created_at, r.outcome,
       r.amount AS posted_amount, r.resolved_at
FROM transfer_resolutions AS r
JOIN transfers AS t ON t.id = r.transfer_id
WHERE (r.outcome, r.transfer_id) < ($1::text, $2::uuid) AND r.outcome >= $1
ORDER BY r.outcome DESC, r.transfer_id DESC
LIMIT $3
