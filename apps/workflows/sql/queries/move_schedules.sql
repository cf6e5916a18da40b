-- The times that come next, of schedules that are locked.
UPDATE schedules SET next_at = item.next_at
FROM unnest($1::uuid[], $2::timestamptz[]) AS item (id, next_at)
WHERE schedules.id = item.id
