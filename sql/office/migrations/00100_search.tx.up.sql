-- The place is searched, too: rows stored before get it here, folded as well as SQL can, and exactly with their next change.
UPDATE proposal SET words = words || ' ' || lower(place) WHERE place <> '';
