package handlers

import (
	"context"
	"sync"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"

	"osbu/domain"
	"osbu/domain/account"
)

// Bytes of bodies in memory at once, read or being read: fasthttp takes the
// memory for a body when its length is announced. Large ones are refused at
// half and texts at three quarters, so that people with ballots go on, whatever
// others announce and never send.
const (
	mostInFlight      = 256 << 20
	mostTextsInFlight = mostInFlight / 4 * 3
	mostLargeInFlight = mostInFlight / 2
	largeBody         = textBody
	smallBody         = 2 * ballotBody // as far as one is read
)

// How long a request may take to come, and how long one waits for the session
// of somebody who announces a large body.
const (
	readTimeout   = 30 * time.Second
	lookUpTimeout = 5 * time.Second
)

// takes is the longest body that is looked at.
func (p Policy) takes() int {
	if p.Body == 0 {
		return strayBody
	}
	return p.Body
}

// reads is the longest body that is read: one that is only a little too long is
// read, so that its sender surely hears of the refusal.
func (p Policy) reads() int { return p.takes() + min(max(p.takes(), strayBody), 8*strayBody) }

// announced decides on a request's body by its header: what is too long for its
// operation, or large and from somebody who may not, or one too many, is
// refused unread. After such a refusal fasthttp closes the connection, so
// nothing of the body is taken for another request.
func (s *Server) announced(h *fasthttp.RequestHeader) fasthttp.RequestConfig {
	s.bodies.release(h)
	var p Policy
	if o := s.operations.find(string(h.Method()), pathOf(h)); o != nil {
		p = o.policy
	}
	config := fasthttp.RequestConfig{MaxRequestBodySize: p.reads()}
	length := h.ContentLength()
	switch {
	case length == -1: // chunked: it may become as long as is read
		length = p.reads()
	case length <= 0 || length > p.reads():
		return config
	}
	if length > largeBody {
		if err := s.admitsLarge(h, p.Audience); err != nil {
			return s.bodies.refuse(h, err)
		}
	}
	if !s.bodies.take(h, length) {
		return s.bodies.refuse(h, domain.Fail(
			domain.Busy, domain.CodeBusy, "too much is being sent at once; this was not taken: come back a little later",
		))
	}
	return config
}

// pathOf is the path as Fiber reads it.
func pathOf(h *fasthttp.RequestHeader) string {
	uri := fasthttp.AcquireURI()
	defer fasthttp.ReleaseURI(uri)
	if uri.Parse(h.Host(), h.RequestURI()) != nil {
		return ""
	}
	return string(uri.PathOriginal())
}

// admitsLarge looks up who announces a large body.
func (s *Server) admitsLarge(h *fasthttp.RequestHeader, a Audience) error {
	var actor domain.Actor
	if token := account.Token(h.Cookie(s.cookieName(sessionCookie))); token != "" {
		ctx, cancel := context.WithTimeout(context.Background(), lookUpTimeout)
		defer cancel()
		session, err := s.config.Accounts.Session(ctx, token)
		if err != nil && domain.KindOf(err) != domain.Unauthenticated {
			return err
		}
		actor = session.Actor
	}
	return a.admits(actor)
}

// bodies counts the bytes of bodies in memory. A request's header stays where
// it is in memory from its arrival to its answer, so it serves as its name; a
// connection has one after another. Of one that breaks off nothing is heard: it
// counts until the time to send it has passed.
type bodies struct {
	mu    sync.Mutex
	now   func() time.Time
	held  map[*fasthttp.RequestHeader]held
	bytes int
	swept time.Time
}

type held struct {
	bytes   int
	until   time.Time // zero: its handler runs
	refusal error
}

func newBodies(now func() time.Time) *bodies {
	return &bodies{now: now, held: map[*fasthttp.RequestHeader]held{}, swept: now()}
}

// take tells whether so many bytes more are bearable, and counts them.
func (b *bodies) take(h *fasthttp.RequestHeader, bytes int) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	now := b.now()
	most := mostInFlight
	switch {
	case bytes > largeBody:
		most = mostLargeInFlight
	case bytes > smallBody:
		most = mostTextsInFlight
	}
	if b.bytes+bytes > most || now.Sub(b.swept) > readTimeout {
		b.sweep(now)
	}
	if b.bytes+bytes > most {
		return false
	}
	b.bytes += bytes
	b.held[h] = held{bytes: bytes, until: now.Add(readTimeout)}
	return true
}

func (b *bodies) sweep(now time.Time) {
	b.swept = now
	for h, one := range b.held {
		if !one.until.IsZero() && now.After(one.until) {
			b.bytes -= one.bytes
			delete(b.held, h)
		}
	}
}

// refuse has fasthttp refuse the body, and keeps the reason for the answer.
func (b *bodies) refuse(h *fasthttp.RequestHeader, err error) fasthttp.RequestConfig {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.held[h] = held{until: b.now().Add(readTimeout), refusal: err}
	return fasthttp.RequestConfig{MaxRequestBodySize: 1}
}

// refusal is why a body was refused; nil if only its length was wrong.
func (b *bodies) refusal(h *fasthttp.RequestHeader) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.held[h].refusal
}

// work keeps the bytes counted until release, however long the handler takes.
func (b *bodies) work(h *fasthttp.RequestHeader) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if one, ok := b.held[h]; ok {
		one.until = time.Time{}
		b.held[h] = one
	}
}

func (b *bodies) release(h *fasthttp.RequestHeader) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.bytes -= b.held[h].bytes
	delete(b.held, h)
}

// counted counts the body until its request is answered.
func (s *Server) counted(next fasthttp.RequestHandler) fasthttp.RequestHandler {
	return func(r *fasthttp.RequestCtx) {
		h := &r.Request.Header
		s.bodies.work(h)
		defer s.bodies.release(h)
		next(r)
	}
}

// refusedBody is the reason for which announced had fasthttp refuse the body.
func (s *Server) refusedBody(c *fiber.Ctx) error { return s.bodies.refusal(&c.Request().Header) }
