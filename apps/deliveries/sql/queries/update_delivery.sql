-- A delivery that is locked, as it is from now on.
UPDATE deliveries
SET version = $2, state = $3, carrier = $4, carrier_reference = $5, attempts = $6, is_final = $7, updated_at = $8
WHERE id = $1
