-- Of the orders that somebody waits for, those that are no longer only placed.
SELECT id FROM orders WHERE id = ANY ($1::uuid[]) AND status <> 'placed'
