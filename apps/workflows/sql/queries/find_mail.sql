-- Commands that nobody has carried out, the oldest first: what is left over when a worker dies between two transactions.
-- Whoever carries one out removes it; twice does no harm.
SELECT id, command
FROM mail
WHERE created_at < statement_timestamp() - interval '1 second'
ORDER BY created_at
LIMIT $1
