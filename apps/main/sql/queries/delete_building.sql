-- Soft: the row stays for its children, its workflows and whoever has to explain them.
UPDATE buildings
SET version = version + 1, deleted_at = $2, updated_at = $2
WHERE id = $1::uuid
