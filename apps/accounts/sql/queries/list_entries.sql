-- One page of a statement, the oldest entry first: after that of the transfer $4, if any.
WITH start AS (
    SELECT posted_at, sequence FROM entries WHERE account_id = $1 AND transfer_id = $4::uuid
)
SELECT e.sequence, e.transfer_id, e.side, e.amount, e.balance, e.posted_at, t.order_id, t.description,
       CASE e.side WHEN 'debit' THEN t.credit_account_id ELSE t.debit_account_id END AS other_account_id
FROM entries AS e
JOIN transfers AS t ON t.id = e.transfer_id
WHERE e.account_id = $1 AND e.posted_at >= coalesce($2::timestamptz, '-infinity')
  AND e.posted_at < coalesce($3::timestamptz, 'infinity')
  AND (e.posted_at, e.sequence) >
      (coalesce((SELECT posted_at FROM start), '-infinity'), coalesce((SELECT sequence FROM start), 0))
ORDER BY e.posted_at, e.sequence
LIMIT $5
