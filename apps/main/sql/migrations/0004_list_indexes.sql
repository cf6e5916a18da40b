-- Lists read what they are asked for, however many other rows there are. Where no status is asked for, each has a walk of
-- its own along the same index, which costs less than another index that every transition writes to.
-- NULLS LAST is an order that the primary key does not have, or the planner would rather walk that, from the newest order
-- of all to the oldest where a customer has none: it knows only how common customers are, not which one is asked for.
CREATE INDEX orders_by_customer_and_status ON orders (customer_id, status, id DESC NULLS LAST);
CREATE INDEX orders_by_building_and_status ON orders (building_id, status, id DESC NULLS LAST);
CREATE INDEX orders_by_customer_and_building ON orders (customer_id, building_id, status, id DESC NULLS LAST);
DROP INDEX orders_by_customer;
DROP INDEX orders_by_building;

CREATE INDEX buildings_by_kind ON buildings (kind, id);
