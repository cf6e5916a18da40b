-- One page of the transfers that wait to be resolved, the newest first.
SELECT t.id, t.debit_account_id, t.credit_account_id, t.amount, t.currency, t.expires_at, t.order_id, t.linked_to,
       t.description, t.owner_user_id, t.owner_org_id, t.attributes, t.metadata, t.created_at, r.outcome,
       r.amount AS posted_amount, r.resolved_at
FROM pending_transfers AS p
JOIN transfers AS t ON t.id = p.transfer_id
LEFT JOIN transfer_resolutions AS r ON r.transfer_id = t.id
WHERE p.transfer_id < $1
ORDER BY p.transfer_id DESC
LIMIT $2
