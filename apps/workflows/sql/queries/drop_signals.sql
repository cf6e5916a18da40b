-- Forgets signals that this transaction has kept and then refused.
DELETE FROM signals
USING unnest($1::uuid[], $2::text[]) AS item (run_id, id)
WHERE signals.run_id = item.run_id AND signals.id = item.id
