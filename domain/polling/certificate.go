package polling

import (
	"context"
	"strconv"
	"time"

	"osbu/domain"
)

// CodeSameOfficer: nobody signs a certificate twice.
const CodeSameOfficer domain.Code = "same_officer"

// What a certificate may hold.
const (
	MostSheets  = 1_000_000
	MostExplain = 1000
)

// Tally is what the poll book says of a place's sheets of paper.
type Tally struct {
	Marked   int // rights, those that were taken back included
	Spoiled  int // of these
	Returned int
	Mistake  int
}

// Undone are the marks that were taken back.
func (t Tally) Undone() int { return t.Spoiled + t.Returned + t.Mistake }

// Certificate is a place's account of its sheets: marked = sheets + undone +
// taken away + difference.
type Certificate struct {
	Number         int // from 1 at its place; the highest holds
	Day            time.Time
	Marked, Undone int
	Sheets         int // that lay in the ballot box
	TakenAway      int // that voters carried out
	Reason         string
	First, Second  string // who signed; Second is empty until then
}

// Difference is what no other number explains: above zero sheets are missing,
// below it there are too many.
func (c Certificate) Difference() int { return c.Marked - c.Sheets - c.Undone - c.TakenAway }

// Certificates keeps certificates.
type Certificates interface {
	// TallyAt counts a place's marks, and reads its certificates, the last one
	// first.
	TallyAt(ctx context.Context, place int64) (Tally, []Certificate, error)
	// AddCertificate lets decide see the place and its marks, with the round held
	// and no other certificate of the place under way, and keeps what it makes
	// under the next number, signed by the account.
	AddCertificate(ctx context.Context, round string, place, account int64,
		decide func(Working, Tally) (Certificate, error)) error
	// SignCertificate lets allow see the place, its marks, the certificate, and
	// whether the account signed it first, and then signs. NotFound if the place
	// has none of that number, Conflict CodeEdited if it has a later one or this
	// one is signed.
	SignCertificate(ctx context.Context, round string, place, account int64, number int,
		allow func(w Working, t Tally, c Certificate, hers bool) error) error
}

// Certificate is what a place says of its sheets, for those who work there: the
// poll book's numbers, and the certificates, the last one first.
func (s *Service) Certificate(ctx context.Context, actor domain.Actor, id string, place int64) (
	t Tally, all []Certificate, err error,
) {
	if err := s.admit(ctx, actor, id, place); err != nil {
		return t, nil, err
	}
	return s.c.Store.TallyAt(ctx, place)
}

// Certify signs a place's account as the first of two. seen are the poll book's
// numbers that the officer had before her: with others she is told to look
// again.
func (s *Service) Certify(ctx context.Context, actor domain.Actor, id string, place int64, c Certificate) error {
	if err := s.admit(ctx, actor, id, place); err != nil {
		return err
	}
	var p domain.Problems
	for _, n := range []struct {
		path  string
		value int
	}{{"sheets", c.Sheets}, {"taken_away", c.TakenAway}} {
		switch {
		case n.value < 0:
			p.Add(n.path, "too_small", "0")
		case n.value > MostSheets:
			p.Add(n.path, "too_large", strconv.Itoa(MostSheets))
		}
	}
	c.Reason = p.Line("reason", c.Reason, MostExplain)
	if c.Difference() != 0 && c.Reason == "" {
		p.Add("reason", "required", "")
	}
	if err := p.Err(); err != nil {
		return err
	}
	return s.c.Store.AddCertificate(ctx, id, place, actor.ID, func(w Working, t Tally) (Certificate, error) {
		c.Day = s.day(w.Now)
		if err := w.permit(actor); err != nil {
			return c, err
		}
		return c, c.current(t)
	})
}

// CountersignCertificate signs as the second of two what another officer has
// signed, as it stands.
func (s *Service) CountersignCertificate(ctx context.Context, actor domain.Actor, id string, place int64, number int,
) error {
	if err := s.admit(ctx, actor, id, place); err != nil {
		return err
	}
	return s.c.Store.SignCertificate(ctx, id, place, actor.ID, number,
		func(w Working, t Tally, c Certificate, hers bool) error {
			if err := w.permit(actor); err != nil {
				return err
			}
			if hers {
				return domain.Fail(domain.Forbidden, CodeSameOfficer, "you have signed this: another officer signs, too")
			}
			return c.current(t)
		})
}

// current refuses numbers that the poll book does not have any more.
func (c Certificate) current(t Tally) error {
	if c.Marked != t.Marked || c.Undone != t.Undone() {
		return OutdatedCertificate()
	}
	return nil
}

// OutdatedCertificate refuses to sign what is not the last word.
func OutdatedCertificate() error {
	return domain.Fail(domain.Conflict, domain.CodeEdited, "the numbers have changed meanwhile: look at them again")
}
