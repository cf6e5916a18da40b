-- What has moved, written with the stock.
INSERT INTO stock_movements (id, building_id, sku, kind, on_hand_change, reserved_change, on_hand, reserved, order_id,
                             hold_id, pick_id, reason, note, created_at)
SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::bigint[], $6::bigint[], $7::bigint[],
                     $8::bigint[], $9::uuid[], $10::uuid[], $11::uuid[], $12::text[], $13::text[], $14::timestamptz[])
