-- Transfers whose time is over, the longest first: those behind the transfer $1, if any.
SELECT transfer_id
FROM pending_transfers
WHERE expires_at <= statement_timestamp()
  AND (expires_at, transfer_id) > (coalesce((SELECT expires_at FROM transfers WHERE id = $1::uuid), '-infinity'),
                                   coalesce($1, '00000000-0000-0000-0000-000000000000'))
ORDER BY expires_at, transfer_id
LIMIT $2
