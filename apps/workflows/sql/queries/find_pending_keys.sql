-- Limit keys of which runs are pending, in their order, beginning with one of them: a few at a time however many there are.
WITH RECURSIVE keys (key, place) AS (
    (SELECT limit_key, 1 FROM workflows
     WHERE status = 'pending' AND definition = $1 AND limit_key >= $2 ORDER BY limit_key LIMIT 1)
    UNION ALL
    SELECT (SELECT limit_key FROM workflows
            WHERE status = 'pending' AND definition = $1 AND limit_key > keys.key ORDER BY limit_key LIMIT 1), place + 1
    FROM keys WHERE keys.key IS NOT NULL AND keys.place < $3
)
SELECT key FROM keys WHERE key IS NOT NULL
