-- Stock that is locked, as it is from now on.
UPDATE stock
SET version = stock.version + 1, on_hand = item.on_hand, reserved = item.reserved, updated_at = clock_timestamp()
FROM unnest($1::uuid[], $2::text[], $3::bigint[], $4::bigint[]) AS item (building_id, sku, on_hand, reserved)
WHERE stock.building_id = item.building_id AND stock.sku = item.sku
