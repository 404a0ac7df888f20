// Package enquiry is what people ask a facilitator while they write a proposal,
// and the answers.
package enquiry

import (
	"context"
	"time"

	"osbu/domain"
	"osbu/domain/post"
	"osbu/domain/proposal"
	"osbu/domain/round"
)

// Enquiry is what somebody asks her facilitator while she writes, with the
// answer.
type Enquiry struct {
	ID         int64
	Area       string        // empty: none is chosen yet, and any facilitator may answer
	Proposal   int64         // 0: nothing is written yet
	Draft      proposal.Text // the proposal as it stands, for whoever answers
	By         proposal.Person
	At         time.Time
	Language   domain.Language
	Text       string
	Answer     string // empty: none yet
	AnsweredBy proposal.Person
	AnsweredAt time.Time
}

// Bounds of enquiries: how many of one person in a day, how many are shown at
// once, and how many characters they and their answers have.
const (
	mostEnquiriesInDay = 10
	mostEnquiries      = 100
	maxEnquiry         = 2000
	maxEnquiryAnswer   = 2000
)

// Store keeps what people ask.
type Store interface {
	// AddEnquiry calls build with the round, the database's clock and how many
	// enquiries the account has made in the last 24 hours, and stores the
	// enquiry; e-mails to the account get a mailbox. The account is locked, so
	// that two of its enquiries are counted one after the other, and the round
	// held in share mode, so that it cannot be frozen meanwhile; all in one
	// transaction. Twice asks twice.
	AddEnquiry(
		ctx context.Context,
		round string,
		by int64,
		build func(r round.At, recent int) (Enquiry, error),
	) (Enquiry, error)
	// EnquiriesBy are an account's, newest first: one query without a lock.
	EnquiriesBy(ctx context.Context, round string, by int64, limit int) ([]Enquiry, error)
	// Enquiries are those of these areas and of none (nil: all): the ones that
	// wait, oldest first, then the answered ones, newest first. One query
	// without a lock.
	Enquiries(ctx context.Context, round string, areas []string, limit int) ([]Enquiry, error)
	// AnswerEnquiry calls answer with the enquiry and the database's clock, and
	// stores the answer with the e-mail that tells of it. The enquiry is
	// locked; all in one transaction. NotFound if the round has none such.
	AnswerEnquiry(
		ctx context.Context,
		round string,
		id int64,
		answer func(now time.Time, e *Enquiry) error,
	) (Enquiry, error)
}

// Config wires the service.
type Config struct {
	proposal.Access
	Store Store
}

// Service is what people ask their facilitators, and what these answer.
type Service struct{ c Config }

// New makes the service.
func New(c Config) *Service { return &Service{c} }

// Enquire asks the district's facilitator, or any of them where no area is
// chosen. Whoever answers reads the draft, too.
func (s *Service) Enquire(ctx context.Context, actor domain.Actor, roundID string, e Enquiry) (Enquiry, error) {
	if err := actor.SignedIn(); err != nil {
		return Enquiry{}, err
	}
	if e.Proposal != 0 {
		_, p, err := s.c.Own(ctx, actor, roundID, e.Proposal)
		if err != nil {
			return Enquiry{}, err
		}
		e.Area = p.Text.Area
	}
	return s.c.Store.AddEnquiry(
		ctx,
		roundID,
		actor.ID,
		func(r round.At, recent int) (Enquiry, error) {
			if err := r.VisibleTo(actor); err != nil {
				return Enquiry{}, err
			}
			if !r.TakesVetting() {
				return Enquiry{}, domain.Fail(
					domain.Closed,
					domain.CodePhase,
					"nobody writes proposals of %s in phase %s",
					r.ID,
					r.Phase,
				)
			}
			var problems domain.Problems
			e.Text = problems.Body("text", e.Text, maxEnquiry)
			if e.Text == "" {
				problems.Add("text", "required", "")
			}
			if _, ok := r.Settings.Area(e.Area); e.Area != "" && !ok {
				problems.Add("area", "unknown", "")
			}
			if err := problems.Err(); err != nil {
				return Enquiry{}, err
			}
			if recent >= mostEnquiriesInDay {
				return Enquiry{}, domain.Fail(
					domain.Busy,
					post.CodeTooMany,
					"%d questions in a day are enough: the facilitator answers by phone, too",
					mostEnquiriesInDay,
				)
			}
			e.By, e.At = proposal.PersonOf(actor), r.Now
			return e, nil
		},
	)
}

// Mine are the actor's, newest first.
func (s *Service) Mine(ctx context.Context, actor domain.Actor, roundID string) ([]Enquiry, error) {
	if err := actor.SignedIn(); err != nil {
		return nil, err
	}
	if _, err := s.c.Round(ctx, actor, roundID); err != nil {
		return nil, err
	}
	return s.c.Store.EnquiriesBy(ctx, roundID, actor.ID, mostEnquiries)
}

// List are those that the actor may answer: of her districts and of none,
// all for an official. Her own are not among them.
func (s *Service) List(ctx context.Context, actor domain.Actor, roundID string) ([]Enquiry, error) {
	if !actor.Is(domain.Facilitator) && !actor.Is(domain.Official) {
		return nil, actor.Need(domain.Facilitator)
	}
	if _, err := s.c.Round(ctx, actor, roundID); err != nil {
		return nil, err
	}
	areas := actor.Districts()
	found, err := s.c.Store.Enquiries(ctx, roundID, areas, mostEnquiries)
	others := make([]Enquiry, 0, len(found))
	for _, e := range found {
		if e.By.ID != actor.ID {
			others = append(others, e)
		}
	}
	return others, err
}

// Answer answers, once; the one who asked hears of it by e-mail and
// where she asked.
func (s *Service) Answer(
	ctx context.Context,
	actor domain.Actor,
	roundID string,
	id int64,
	text string,
) (Enquiry, error) {
	if !actor.Is(domain.Facilitator) && !actor.Is(domain.Official) {
		return Enquiry{}, actor.Need(domain.Facilitator)
	}
	if _, err := s.c.Round(ctx, actor, roundID); err != nil {
		return Enquiry{}, err
	}
	return s.c.Store.AnswerEnquiry(ctx, roundID, id, func(now time.Time, e *Enquiry) error {
		if e.Area != "" {
			if err := proposal.WorksOn(actor, e.Area); err != nil {
				return err
			}
		}
		switch {
		case e.By.ID == actor.ID:
			return domain.Fail(domain.Forbidden, domain.CodeNotAllowed, "nobody answers her own question")
		case e.Answer != "":
			return domain.Fail(domain.Conflict, proposal.CodeState, "question %d is answered", id)
		}
		var problems domain.Problems
		e.Answer = problems.Body("text", text, maxEnquiryAnswer)
		if e.Answer == "" {
			problems.Add("text", "required", "")
		}
		e.AnsweredBy, e.AnsweredAt = proposal.PersonOf(actor), now
		return problems.Err()
	})
}
