-- As list_customers, along the index by what contact infos are searched by, with the first that must be there.
WITH page AS (
    SELECT DISTINCT c.id
    FROM contact_infos AS hit
    JOIN customers AS c ON c.id = hit.customer_id
    WHERE hit.kind = ($5::text[])[1] AND hit.search_key = ($6::text[])[1] AND hit.deleted_at IS NULL
      AND hit.customer_id < $1 AND c.deleted_at IS NULL
      AND ($3::text IS NULL OR (c.name >= $3 AND c.name < $4))
      AND NOT EXISTS (SELECT FROM unnest($5::text[], $6::text[]) AS wanted (kind, search_key)
                      WHERE NOT EXISTS (SELECT FROM contact_infos AS i
                                        WHERE i.customer_id = c.id AND i.deleted_at IS NULL AND i.kind = wanted.kind
                                          AND i.search_key = wanted.search_key))
    ORDER BY c.id DESC
    LIMIT $2
)
SELECT found.*
FROM page
JOIN customer_rows AS found ON found.id = page.id
ORDER BY found.id DESC, found.contact_id
