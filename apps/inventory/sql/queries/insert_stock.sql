-- A place for a sku in a building, empty, if there is none.
INSERT INTO stock (building_id, sku, id, version, on_hand, reserved, created_at, updated_at)
SELECT $1, $2, $3, 1, 0, 0, clock.now, clock.now
FROM (SELECT clock_timestamp() AS now) AS clock
ON CONFLICT (building_id, sku) DO NOTHING
