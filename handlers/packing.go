package handlers

import (
	"crypto/sha256"
	"slices"
	"sync"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"
)

// packing compresses answers, those to visitors once for all who get the same:
// when a crowd comes, everybody is shown the same lists. An answer is found
// again by what is in it, so none is ever an old one; those to somebody who is
// signed in or has a voting code are not kept.
type packing struct {
	compress fasthttp.RequestHandler

	mu   sync.Mutex
	size int
	kept map[packingKey]packed
}

type packingKey struct {
	plain   [sha256.Size]byte
	accepts string // Accept-Encoding
}

type packed struct {
	body           []byte
	encoding, vary string
}

// Bounds of what is kept: of all bodies, of one before it is compressed, and of
// the header by which it is found. What is full is begun anew.
const (
	mostPacked     = 8 << 20
	largestPacked  = 1 << 20
	smallestPacked = 1 << 10
	longestAccepts = 64
)

func newPacking() *packing {
	nothing := func(*fasthttp.RequestCtx) {}
	return &packing{
		compress: fasthttp.CompressHandlerBrotliLevel(nothing, fasthttp.CompressBrotliBestSpeed, fasthttp.CompressBestSpeed),
	}
}

// pack is the middleware.
func (p *packing) pack(c *fiber.Ctx) error {
	if !policyOf(c).Compress {
		return c.Next()
	}
	if err := c.Next(); err != nil {
		return err
	}
	response, v := c.Response(), visitFrom(c.UserContext())
	accepts := string(c.Request().Header.Peek(fiber.HeaderAcceptEncoding))
	if !isRead(c) || response.StatusCode() != fiber.StatusOK || response.IsBodyStream() ||
		v.token != "" || v.votingCode != "" || accepts == "" || len(accepts) > longestAccepts ||
		len(response.Body()) < smallestPacked || len(response.Body()) > largestPacked {
		p.compress(c.Context())
		return nil
	}
	key := packingKey{sha256.Sum256(response.Body()), accepts}
	if a, ok := p.find(key); ok {
		response.SetBodyRaw(a.body)
		response.Header.Set(fiber.HeaderContentEncoding, a.encoding)
		if a.vary != "" {
			response.Header.Set(fiber.HeaderVary, a.vary)
		}
		return nil
	}
	p.compress(c.Context())
	if encoding := string(response.Header.ContentEncoding()); encoding != "" {
		p.keep(key, packed{slices.Clone(response.Body()), encoding, string(response.Header.Peek(fiber.HeaderVary))})
	}
	return nil
}

func (p *packing) find(key packingKey) (packed, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	a, ok := p.kept[key]
	return a, ok
}

func (p *packing) keep(key packingKey, a packed) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.kept == nil || p.size+len(a.body) > mostPacked {
		p.kept, p.size = map[packingKey]packed{}, 0
	}
	if _, twice := p.kept[key]; !twice {
		p.kept[key] = a
		p.size += len(a.body)
	}
}
