-- One page of an account's transfers, the newest first: those that take from it and those that give to it.
(SELECT t.id, t.debit_account_id, t.credit_account_id, t.amount, t.currency, t.expires_at, t.order_id, t.linked_to,
       t.description, t.owner_user_id, t.owner_org_id, t.attributes, t.metadata, t.created_at, r.outcome,
       r.amount AS posted_amount, r.resolved_at
 FROM transfers AS t
 LEFT JOIN transfer_resolutions AS r ON r.transfer_id = t.id
 WHERE (t.debit_account_id, t.id) < ($1::uuid, $2::uuid) AND t.debit_account_id >= $1
 ORDER BY t.debit_account_id DESC, t.id DESC
 LIMIT $3)
UNION ALL
(SELECT t.id, t.debit_account_id, t.credit_account_id, t.amount, t.currency, t.expires_at, t.order_id, t.linked_to,
       t.description, t.owner_user_id, t.owner_org_id, t.attributes, t.metadata, t.created_at, r.outcome,
       r.amount AS posted_amount, r.resolved_at
 FROM transfers AS t
 LEFT JOIN transfer_resolutions AS r ON r.transfer_id = t.id
 WHERE (t.credit_account_id, t.id) < ($1::uuid, $2::uuid) AND t.credit_account_id >= $1
 ORDER BY t.credit_account_id DESC, t.id DESC
 LIMIT $3)
ORDER BY id DESC
LIMIT $3
