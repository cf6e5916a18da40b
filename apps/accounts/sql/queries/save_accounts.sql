-- The counters of accounts that are locked.
UPDATE accounts AS a
SET version = version + 1, debits_posted = item.debits_posted, credits_posted = item.credits_posted,
    debits_pending = item.debits_pending, credits_pending = item.credits_pending, entries = item.entries,
    updated_at = $7
FROM unnest($1::uuid[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[])
    AS item (id, debits_posted, credits_posted, debits_pending, credits_pending, entries)
WHERE a.id = item.id
