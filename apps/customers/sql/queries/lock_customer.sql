-- The first half of a change of a customer or of its contact infos.
SELECT id FROM customers WHERE id = $1 AND deleted_at IS NULL FOR NO KEY UPDATE
