-- As list_customers, along the index by name.
WITH page AS (
    SELECT c.id
    FROM customers AS c
    WHERE c.deleted_at IS NULL AND c.id < $1
      AND c.name >= $3::text AND c.name < $4::text
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
