-- As lock_stock, without what somebody else has locked.
SELECT building_id, sku, id, version, on_hand, reserved, created_at, updated_at
FROM stock
WHERE (building_id, sku) IN (SELECT * FROM unnest($1::uuid[], $2::text[]))
ORDER BY building_id, sku
FOR NO KEY UPDATE SKIP LOCKED
