-- The first half of a change.
SELECT id FROM deliveries WHERE id = $1 FOR NO KEY UPDATE
