-- Whoever gives a building another parent does it alone: two such changes at once, each sound by itself, could close a
-- circle together. Released with the transaction.
SELECT pg_advisory_xact_lock(hashtext('buildings.parent_id'))
