-- Deliveries with what happened to them, the oldest event of each first.
SELECT * FROM delivery_rows WHERE id = ANY ($1::uuid[]) ORDER BY id, sequence
