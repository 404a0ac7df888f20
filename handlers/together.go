package handlers

import (
	"bytes"
	"sync"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"
)

// together lets visitors who ask for the same at the same time share one
// answer: on the evening of a vote everybody opens the same lists. Whoever
// comes while an answer is being made waits for the next one with all others
// who came meanwhile, as in db.Shared: so nobody gets an answer that is older
// than her question, nothing is kept, and what is hidden or withdrawn is gone
// at once. It is for visitors alone, whom an operation cannot tell from each
// other; who is signed in, holds a voting code or stands at a kiosk asks for
// herself.
type together struct {
	pause time.Duration // from the beginning of one answer to that of the next

	mu    sync.Mutex
	turns map[string]*turn // that are under way, by what is asked
}

// turn is one answer, for all who waited when it was begun.
type turn struct {
	others int           // who wait for it beside the one who asks
	over   chan struct{} // closed when the next may begin
	next   *turn         // nil: nobody waits

	made   chan struct{} // closed when the answer is there
	answer *fasthttp.Response
}

// Bounds: a crowd's question is answered so many times a second at most, and
// addresses that are longer are not a crowd's.
const (
	togetherPause  = 20 * time.Millisecond
	longestAddress = 1 << 10
)

func newTogether(pause time.Duration) *together {
	return &together{pause: pause, turns: map[string]*turn{}}
}

// share is the middleware.
func (t *together) share(c *fiber.Ctx) error {
	v, address := visitFrom(c.UserContext()), c.Request().RequestURI()
	if !policyOf(c).Together || c.Method() != fiber.MethodGet || len(address) > longestAddress ||
		v.token != "" || v.votingCode != "" || v.kiosk != [32]byte{} {
		return c.Next()
	}
	key := string(address)
	mine, asks := t.join(key)
	if asks {
		return t.ask(c, key, mine)
	}
	select {
	case <-mine.made:
	case <-c.UserContext().Done():
		return c.UserContext().Err()
	}
	if mine.answer == nil { // there is none that could be shared
		return c.Next()
	}
	id := requestID(c)
	response := c.Response()
	mine.answer.Header.CopyTo(&response.Header)
	response.Header.Set(fiber.HeaderXRequestID, id)
	response.SetBodyRaw(mine.answer.Body())
	return nil
}

// join finds the turn that begins next, and tells whether it is the caller who
// asks in it; she may when join returns.
func (t *together) join(key string) (mine *turn, asks bool) {
	t.mu.Lock()
	now := t.turns[key]
	if now == nil {
		mine = newTurn()
		t.turns[key] = mine
		t.mu.Unlock()
		return mine, true
	}
	if now.next != nil {
		now.next.others++
		mine = now.next
		t.mu.Unlock()
		return mine, false
	}
	mine = newTurn()
	now.next = mine
	t.mu.Unlock()
	<-now.over // it has a deadline
	t.mu.Lock()
	t.turns[key] = mine
	t.mu.Unlock()
	return mine, true
}

func newTurn() *turn { return &turn{over: make(chan struct{}), made: make(chan struct{})} }

// ask makes the answer. Since the turn has begun, nobody joins it any more.
func (t *together) ask(c *fiber.Ctx, key string, mine *turn) error {
	began := time.Now()
	defer func() { // also where the operation panics
		close(mine.made)
		time.AfterFunc(t.pause-time.Since(began), func() { t.end(key, mine) })
	}()
	err := c.Next()
	response := c.Response()
	if err != nil || mine.others == 0 || response.IsBodyStream() || response.StatusCode() != fiber.StatusOK ||
		len(response.Header.Peek(fiber.HeaderSetCookie)) > 0 {
		return err
	}
	answer := new(fasthttp.Response)
	response.Header.CopyTo(&answer.Header)
	answer.SetBodyRaw(bytes.Clone(response.Body()))
	mine.answer = answer
	return nil
}

// end lets the next turn begin, or forgets the question.
func (t *together) end(key string, mine *turn) {
	t.mu.Lock()
	if mine.next == nil {
		delete(t.turns, key)
	}
	t.mu.Unlock()
	close(mine.over)
}
