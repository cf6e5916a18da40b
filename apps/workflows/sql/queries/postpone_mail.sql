-- Letters that could not be carried out now: others come first.
UPDATE mail SET created_at = statement_timestamp() WHERE id = ANY ($1::uuid[])
