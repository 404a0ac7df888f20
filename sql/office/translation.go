package office

import (
	"context"
	"time"

	"github.com/uptrace/bun/dialect/pgdialect"

	"osbu/domain/proposal/translation"
)

// Translators implements translation.Store.
func (s *Store) Translators(
	ctx context.Context,
	versions []translation.Version,
) (map[translation.Version]translation.Translator, error) {
	proposals, numbers := make([]int64, len(versions)), make([]int, len(versions))
	for i, v := range versions {
		proposals[i], numbers[i] = v.Proposal, v.Number
	}
	var rows []struct {
		Proposal int64     `bun:"proposal"`
		Version  int       `bun:"version"`
		Name     string    `bun:"by_name"`
		At       time.Time `bun:"at"`
	}
	err := s.db.NewRaw(`SELECT v.proposal, v.version, v.by_name, v.at FROM proposal_version v
		JOIN unnest(?::bigint[], ?::int[]) AS wanted (proposal, version) USING (proposal, version)`,
		pgdialect.Array(proposals), pgdialect.Array(numbers)).Scan(ctx, &rows)
	by := make(map[translation.Version]translation.Translator, len(rows))
	for _, r := range rows {
		by[translation.Version{Proposal: r.Proposal, Number: r.Version}] = translation.Translator{Name: r.Name, At: r.At}
	}
	return by, err
}
