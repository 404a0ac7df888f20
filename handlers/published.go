package handlers

import (
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
