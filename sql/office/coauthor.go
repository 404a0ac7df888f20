package office

import "osbu/domain/proposal"

// coauthors are those who joined a proposal's first author, by the names that their accounts have now.
const coauthors = `(SELECT jsonb_agg(jsonb_build_object('id', a.id, 'name', a.name) ORDER BY w.joined_at, w.account)
	FROM author w JOIN account a ON a.id = w.account WHERE w.proposal = p.id AND w.account IS DISTINCT FROM p.author) AS coauthors`

func personsOf(rows []personRow) []proposal.Person {
	persons := make([]proposal.Person, len(rows))
	for i, row := range rows {
		persons[i] = proposal.Person(row)
	}
	return persons
}
