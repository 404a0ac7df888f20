package handlers

import (
	"context"
	"encoding/json"
	"sync"
	"time"

	"github.com/gofiber/fiber/v2"

	"osbu/handlers/api"
)

// keptFor is how long a published answer stands before it is made again:
// outcomes never change, but a rehearsal may start over, and a text or the
// decision's number be corrected, also by another server.
const keptFor = 10 * time.Second

// published keeps answers that everybody gets alike, as files: when results
// come out the whole city asks, and then nothing is read from the database.
type published struct {
	mu  sync.Mutex
	all map[string]*publishedAnswer
}

type publishedAnswer struct {
	*file
	until time.Time
}

// find is the answer kept under the key, or nil.
func (p *published) find(key string, now time.Time) *publishedAnswer {
	p.mu.Lock()
	defer p.mu.Unlock()
	if a := p.all[key]; a != nil && now.Before(a.until) {
		return a
	}
	return nil
}

// keep writes an answer and keeps it. What has had its time is dropped.
func (p *published) keep(key string, now time.Time, answer any) (*publishedAnswer, error) {
	body, err := json.Marshal(answer)
	if err != nil {
		return nil, err
	}
	f := newFile("", body)
	f.kind = fiber.MIMEApplicationJSON
	return p.put(key, now, f), nil
}

// mostPublished bounds how many files are kept at once.
const mostPublished = 4096

// put keeps a file.
func (p *published) put(key string, now time.Time, f *file) *publishedAnswer {
	a := &publishedAnswer{f, now.Add(keptFor)}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.all == nil || len(p.all) >= mostPublished {
		p.all = map[string]*publishedAnswer{}
	}
	for k, old := range p.all {
		if !now.Before(old.until) {
			delete(p.all, k)
		}
	}
	p.all[key] = a
	return a
}

// drop has an answer made again.
func (p *published) drop(key string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.all, key)
}

func (a *publishedAnswer) send(c *fiber.Ctx) error {
	c.Set(fiber.HeaderCacheControl, "public, max-age=10")
	return a.file.send(c)
}

// VisitGetResultsResponse implements api.GetResultsResponseObject.
func (a *publishedAnswer) VisitGetResultsResponse(c *fiber.Ctx) error { return a.send(c) }

// VisitExplainResultsResponse implements api.ExplainResultsResponseObject.
func (a *publishedAnswer) VisitExplainResultsResponse(c *fiber.Ctx) error { return a.send(c) }

// unpublished is an answer for officials alone.
type unpublished struct{ answer any }

func (u unpublished) send(c *fiber.Ctx) error {
	c.Set(fiber.HeaderCacheControl, noStore)
	return c.JSON(u.answer)
}

// VisitGetResultsResponse implements api.GetResultsResponseObject.
func (u unpublished) VisitGetResultsResponse(c *fiber.Ctx) error { return u.send(c) }

// VisitExplainResultsResponse implements api.ExplainResultsResponseObject.
func (u unpublished) VisitExplainResultsResponse(c *fiber.Ctx) error { return u.send(c) }

var (
	_ api.GetResultsResponseObject     = unpublished{}
	_ api.ExplainResultsResponseObject = unpublished{}
)

// rushed is an answer about a round whose results are out, for whoever is not
// signed in: kept as the results are, for the page that shows them asks for it
// as well. A browser asks again each time, and is told if nothing is new.
type rushed struct{ *publishedAnswer }

// rush is the answer kept for a visitor about a round whose results are kept,
// or nil.
func (s *Server) rush(ctx context.Context, id, what string) *rushed {
	now := s.config.Now()
	if !actorFrom(ctx).Anonymous() || s.published.find(id, now) == nil {
		return nil
	}
	if kept := s.published.find(what+" "+id, now); kept != nil {
		return &rushed{kept}
	}
	return nil
}

// keepForRush keeps an answer for the visitors to come, if the round's results
// are kept.
func (s *Server) keepForRush(ctx context.Context, id, what string, answer any) (*rushed, error) {
	now := s.config.Now()
	if !actorFrom(ctx).Anonymous() || s.published.find(id, now) == nil {
		return nil, nil //nolint:nilnil // there is none
	}
	kept, err := s.published.keep(what+" "+id, now, answer)
	return &rushed{kept}, err
}

func (r *rushed) send(c *fiber.Ctx) error {
	c.Set(fiber.HeaderCacheControl, "no-cache")
	return r.file.send(c)
}

// VisitGetRoundResponse implements api.GetRoundResponseObject.
func (r *rushed) VisitGetRoundResponse(c *fiber.Ctx) error { return r.send(c) }

// VisitGetNumbersResponse implements api.GetNumbersResponseObject.
func (r *rushed) VisitGetNumbersResponse(c *fiber.Ctx) error { return r.send(c) }

// VisitListProjectsResponse implements api.ListProjectsResponseObject.
func (r *rushed) VisitListProjectsResponse(c *fiber.Ctx) error { return r.send(c) }
