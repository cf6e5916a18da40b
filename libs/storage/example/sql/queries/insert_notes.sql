-- A batch of notes in one statement and one commit. Ids are made by the caller, so that a batch whose outcome was lost
-- may be sent again.
INSERT INTO notes (id, text)
SELECT * FROM unnest($1::uuid[], $2::text[])
ON CONFLICT (id) DO NOTHING
