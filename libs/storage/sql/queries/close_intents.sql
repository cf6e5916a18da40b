-- An intent is gone once it is answered. One that another has closed before is not there any more, which is as good.
DELETE FROM intents
WHERE id = ANY ($1::uuid[])
