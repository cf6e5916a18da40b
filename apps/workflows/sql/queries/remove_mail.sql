-- With the transition that has done what it says.
DELETE FROM mail WHERE id = ANY ($1::uuid[])
