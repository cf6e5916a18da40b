-- Transfers by their ids: all that are asked for at the same moment in one statement.
SELECT t.id, t.debit_account_id, t.credit_account_id, t.amount, t.currency, t.expires_at, t.order_id, t.linked_to,
       t.description, t.owner_user_id, t.owner_org_id, t.attributes, t.metadata, t.created_at, r.outcome,
       r.amount AS posted_amount, r.resolved_at
FROM transfers AS t
LEFT JOIN transfer_resolutions AS r ON r.transfer_id = t.id
WHERE t.id = ANY ($1::uuid[])
