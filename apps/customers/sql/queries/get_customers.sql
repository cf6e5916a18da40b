-- Living customers with their contact infos in the order in which these were added.
SELECT * FROM customer_rows WHERE id = ANY ($1::uuid[]) AND deleted_at IS NULL ORDER BY id, contact_id
