-- For the answer to a repeated request: the customer whom it has deleted.
SELECT * FROM customer_rows WHERE id = $1::uuid AND deleted_at IS NOT NULL ORDER BY contact_id
