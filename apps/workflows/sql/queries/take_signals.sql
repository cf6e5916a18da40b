-- Notes which step has taken a signal.
UPDATE signals SET taken_by = item.path
FROM unnest($1::uuid[], $2::text[], $3::text[]) AS item (run_id, id, path)
WHERE signals.run_id = item.run_id AND signals.id = item.id
