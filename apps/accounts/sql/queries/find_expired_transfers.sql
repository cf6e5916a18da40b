-- Transfers whose time is over, the longest first.
SELECT transfer_id
FROM pending_transfers
WHERE expires_at <= clock_timestamp()
ORDER BY expires_at
LIMIT $1
