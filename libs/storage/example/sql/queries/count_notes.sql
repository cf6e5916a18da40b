-- Reads the whole table; for an example that will do.
SELECT count(*) AS notes FROM notes
