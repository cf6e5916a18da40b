-- One replica at a time admits runs of a definition. A statement of its own: the next one must see what the last holder
-- has written.
SELECT pg_advisory_xact_lock(hashtextextended('limits/' || $1::text, 0))
