-- The sweep goes on behind the last hold it has seen, also where many are due at the same time.
CREATE INDEX holds_due_in_order ON holds (expires_at, id) WHERE state = 'held';
DROP INDEX holds_due;

-- Lists read what they are asked for, however many other rows there are. NULLS LAST is an order that the primary keys do
-- not have, or the planner would rather walk those, from the newest row of all on.
CREATE INDEX stock_movements_by_building ON stock_movements (building_id, id);
CREATE INDEX stock_movements_by_place ON stock_movements (sku, building_id, id DESC NULLS LAST);
DROP INDEX stock_movements_by_sku;
CREATE INDEX picks_by_building_and_state ON picks (building_id, state, id DESC NULLS LAST);
DROP INDEX picks_by_building;
