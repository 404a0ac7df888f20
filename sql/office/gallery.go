package office

import (
	"context"

	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/pgdialect"

	"osbu/domain"
	"osbu/domain/proposal"
	"osbu/domain/proposal/gallery"
	"osbu/domain/round"
	"osbu/sql/db"
)

// imageRow is an image as a query lists it.
type imageRow struct {
	ID     string `json:"id"`
	Alt    string `json:"alt"`
	Width  int    `json:"width"`
	Height int    `json:"height"`
}

// images are a proposal's in their order.
const images = `(SELECT jsonb_agg(jsonb_build_object('id', m.id, 'alt', m.alt, 'width', m.width, 'height', m.height)
	ORDER BY m.place)
	FROM image m WHERE m.proposal = p.id) AS images`

// firstImage is the first that everybody sees: one that somebody has described.
const firstImage = `(SELECT jsonb_build_object('id', m.id, 'alt', m.alt, 'width', m.width, 'height', m.height)
	FROM image m WHERE m.proposal = p.id AND m.alt <> '' ORDER BY m.place LIMIT 1) AS image`

func imagesOf(rows []imageRow) []proposal.Image {
	all := make([]proposal.Image, len(rows))
	for i, row := range rows {
		all[i] = proposal.Image(row)
	}
	return all
}

// ChangeImages implements gallery.Store.
func (s *Store) ChangeImages(ctx context.Context, roundID string, id, account int64,
	change func(round.At, *proposal.Proposal) (*round.Entry, error),
) (p proposal.Proposal, err error) {
	err = db.InTx(ctx, s.db, func(ctx context.Context, tx bun.Tx) error {
		var r round.At
		if r, p, err = lockProposal(ctx, tx, roundID, id); err != nil {
			return err
		}
		entry, err := change(r, &p)
		if err != nil {
			return err
		}
		ids := make([]string, len(p.Images))
		for i, one := range p.Images {
			ids[i] = one.ID
		}
		if _, err := tx.ExecContext(ctx, "DELETE FROM image WHERE proposal = ? AND id <> ALL (?)", id,
			pgdialect.Array(ids)); err != nil {
			return err
		}
		for i, one := range p.Images {
			_, err := tx.ExecContext(ctx, `
				WITH kept AS (UPDATE image SET place = ?2, alt = ?3 WHERE id = ?0 AND proposal = ?1 RETURNING id)
				INSERT INTO image (id, proposal, place, alt, width, height, by) SELECT ?0, ?1, ?2, ?3, ?4, ?5, ?6
				WHERE NOT EXISTS (SELECT FROM kept)`,
				one.ID, id, i+1, one.Alt, one.Width, one.Height, account)
			if err != nil {
				return roundRefusals.Explain(err)
			}
		}
		if entry == nil {
			return nil
		}
		return audit(ctx, tx, *entry)
	})
	return p, err
}

// KnownImages implements gallery.Store.
func (s *Store) KnownImages(ctx context.Context, ids []string) (known []string, err error) {
	err = s.db.NewSelect().TableExpr("image").Column("id").Where("id = ANY (?)", pgdialect.Array(ids)).Scan(ctx, &known)
	return known, err
}

// PublicImage implements gallery.Store. All who look at pictures at the same
// time share one query.
func (s *Store) PublicImage(ctx context.Context, id string) (gallery.Place, error) {
	place, ok, err := s.pictures.Get(ctx, id)
	if err == nil && !ok {
		err = domain.Fail(domain.NotFound, domain.CodeNotFound, "nobody sees an image %s", id)
	}
	return place, err
}

func (s *Store) publicImages(ctx context.Context, ids []string) (map[string]gallery.Place, error) {
	rows, err := s.db.QueryContext(ctx, `
		SELECT m.id, p.round, p.id FROM image AS m JOIN proposal AS p ON p.id = m.proposal JOIN round AS r ON r.id = p.round
		WHERE m.id = ANY (?) AND m.alt <> '' AND p.submitted_at IS NOT NULL AND p.hidden IS NULL AND r.phase <> ?`,
		pgdialect.Array(ids), string(round.Draft))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	found := map[string]gallery.Place{}
	for rows.Next() {
		var id string
		var at gallery.Place
		if err := rows.Scan(&id, &at.Round, &at.Proposal); err != nil {
			return nil, err
		}
		found[id] = at
	}
	return found, rows.Err()
}
