-- Stock to be moved, locked in an order in which nobody waits in a circle. The condition is the primary key's alone.
SELECT building_id, sku, id, version, on_hand, reserved, created_at, updated_at
FROM stock
WHERE (building_id, sku) IN (SELECT * FROM unnest($1::uuid[], $2::text[]))
ORDER BY building_id, sku
FOR NO KEY UPDATE
