package event

import (
	"context"
	"time"

	"osbu/domain"
	"osbu/domain/round"
)

// Note is what an arranger wrote down for colleagues, about one of the round's
// proposals or about none. Residents never see it.
type Note struct {
	ID       int64
	At       time.Time
	By       string
	Text     string
	Proposal Link // zero: none
}

// NoteStore keeps notes.
type NoteStore interface {
	// AddNote keeps one. NotFound if the round has no such public proposal.
	AddEventNote(ctx context.Context, round string, event int64, by domain.Actor, text string, proposal int64) error
	// EventNotes are an event's, oldest first.
	EventNotes(ctx context.Context, event int64) ([]Note, error)
}

// File is what arrangers see beside the event.
type File struct {
	Participants []Participant
	Notes        []Note
}

// FileOf is an event's file (those who arrange it).
func (s *Service) FileOf(ctx context.Context, actor domain.Actor, roundID string, id int64) (f File, err error) {
	if _, err = s.arranged(ctx, actor, roundID, id); err != nil {
		return f, err
	}
	if f.Participants, err = s.c.Seats.Participants(ctx, id); err != nil {
		return f, err
	}
	f.Notes, err = s.c.Notes.EventNotes(ctx, id)
	return f, err
}

// AddNote adds a note.
func (s *Service) AddNote(
	ctx context.Context,
	actor domain.Actor,
	roundID string,
	id int64,
	text string,
	proposal int64,
) error {
	r, err := s.arranged(ctx, actor, roundID, id)
	if err != nil {
		return err
	}
	if r.Phase == round.Archived {
		return domain.Fail(domain.Closed, domain.CodePhase, "round %s is archived", r.ID)
	}
	var problems domain.Problems
	if text = problems.Body("text", text, maxJotting); text == "" {
		problems.Add("text", "required", "")
	}
	if err := problems.Err(); err != nil {
		return err
	}
	return s.c.Notes.AddEventNote(ctx, roundID, id, actor, text, proposal)
}

// arranged finds an event that the actor arranges.
func (s *Service) arranged(ctx context.Context, actor domain.Actor, roundID string, id int64) (round.Round, error) {
	r, e, err := s.find(ctx, actor, roundID, id)
	switch {
	case err != nil:
		return r.Round, err
	case actor.Anonymous():
		return r.Round, domain.Fail(domain.Unauthenticated, domain.CodeSignIn, "sign in first")
	case !arranges(actor, e.Text.Area):
		return r.Round, domain.Fail(domain.Forbidden, domain.CodeNotAllowed, "the file of event %d is its arrangers'", id)
	}
	return r.Round, nil
}
