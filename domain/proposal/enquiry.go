package proposal

import (
	"context"
	"time"

	"osbu/domain"
	"osbu/domain/post"
	"osbu/domain/round"
)

// Enquiry is what somebody asks her Stadiluotsi while she writes, with the
// answer.
type Enquiry struct {
	ID         int64
	Area       string // empty: none is chosen yet, and any Stadiluotsi may answer
	Proposal   int64  // 0: nothing is written yet
	Draft      Text   // the proposal as it stands, for whoever answers
	By         Person
	At         time.Time
	Language   domain.Language
	Text       string
	Answer     string // empty: none yet
	AnsweredBy Person
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

// EnquiryStore keeps what people ask.
type EnquiryStore interface {
	// AddEnquiry lets make decide, with the round held and the number of the
	// actor's enquiries since a day; her letters get a mailbox.
	AddEnquiry(
		ctx context.Context,
		round string,
		by int64,
		make func(r round.Round, now time.Time, recent int) (Enquiry, error),
	) (Enquiry, error)
	// EnquiriesBy are an account's, newest first.
	EnquiriesBy(ctx context.Context, round string, by int64, limit int) ([]Enquiry, error)
	// Enquiries are those of these areas and of none (nil: all): the ones that
	// wait, oldest first, then the answered ones, newest first.
	Enquiries(ctx context.Context, round string, areas []string, limit int) ([]Enquiry, error)
	// AnswerEnquiry lets answer decide under the enquiry's lock, keeps the
	// answer and writes the letter that tells of it. NotFound if the round has
	// none such.
	AnswerEnquiry(
		ctx context.Context,
		round string,
		id int64,
		answer func(now time.Time, e *Enquiry) error,
	) (Enquiry, error)
}

// Enquire asks the district's Stadiluotsi, or any of them where no area is
// chosen. Whoever answers reads the draft, too.
func (s *Service) Enquire(ctx context.Context, actor domain.Actor, roundID string, e Enquiry) (Enquiry, error) {
	if actor.Anonymous() {
		return Enquiry{}, domain.Fail(domain.Unauthenticated, domain.CodeSignIn, "sign in to ask")
	}
	if e.Proposal != 0 {
		_, p, err := s.c.Own(ctx, actor, roundID, e.Proposal)
		if err != nil {
			return Enquiry{}, err
		}
		e.Area = p.Text.Area
	}
	return s.c.Enquiries.AddEnquiry(
		ctx,
		roundID,
		actor.ID,
		func(r round.Round, now time.Time, recent int) (Enquiry, error) {
			if err := Visible(r, actor); err != nil {
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
					"%d questions in a day are enough: the Stadiluotsi answers by phone, too",
					mostEnquiriesInDay,
				)
			}
			e.By, e.At = PersonOf(actor), now
			return e, nil
		},
	)
}

// MyEnquiries are the actor's, newest first.
func (s *Service) MyEnquiries(ctx context.Context, actor domain.Actor, roundID string) ([]Enquiry, error) {
	if actor.Anonymous() {
		return nil, domain.Fail(domain.Unauthenticated, domain.CodeSignIn, "sign in first")
	}
	if _, _, err := s.c.Round(ctx, actor, roundID); err != nil {
		return nil, err
	}
	return s.c.Enquiries.EnquiriesBy(ctx, roundID, actor.ID, mostEnquiries)
}

// Enquiries are those that the actor may answer: of her districts and of none,
// all for an official. Her own are not among them.
func (s *Service) Enquiries(ctx context.Context, actor domain.Actor, roundID string) ([]Enquiry, error) {
	if !actor.Is(domain.Facilitator) && !actor.Is(domain.Official) {
		return nil, actor.Need(domain.Facilitator)
	}
	if _, _, err := s.c.Round(ctx, actor, roundID); err != nil {
		return nil, err
	}
	var areas []string
	if !actor.Is(domain.Official) {
		areas = append([]string{}, actor.Areas...)
	}
	found, err := s.c.Enquiries.Enquiries(ctx, roundID, areas, mostEnquiries)
	others := make([]Enquiry, 0, len(found))
	for _, e := range found {
		if e.By.ID != actor.ID {
			others = append(others, e)
		}
	}
	return others, err
}

// AnswerEnquiry answers, once; the one who asked hears of it by letter and
// where she asked.
func (s *Service) AnswerEnquiry(
	ctx context.Context,
	actor domain.Actor,
	roundID string,
	id int64,
	text string,
) (Enquiry, error) {
	if !actor.Is(domain.Facilitator) && !actor.Is(domain.Official) {
		return Enquiry{}, actor.Need(domain.Facilitator)
	}
	if _, _, err := s.c.Round(ctx, actor, roundID); err != nil {
		return Enquiry{}, err
	}
	return s.c.Enquiries.AnswerEnquiry(ctx, roundID, id, func(now time.Time, e *Enquiry) error {
		if e.Area != "" {
			if err := WorksOn(actor, e.Area); err != nil {
				return err
			}
		}
		switch {
		case e.By.ID == actor.ID:
			return domain.Fail(domain.Forbidden, domain.CodeNotAllowed, "nobody answers her own question")
		case e.Answer != "":
			return domain.Fail(domain.Conflict, CodeState, "question %d is answered", id)
		}
		var problems domain.Problems
		e.Answer = problems.Body("text", text, maxEnquiryAnswer)
		if e.Answer == "" {
			problems.Add("text", "required", "")
		}
		e.AnsweredBy, e.AnsweredAt = PersonOf(actor), now
		return problems.Err()
	})
}
