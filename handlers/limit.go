package handlers

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"hash/maphash"
	"net/netip"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/gofiber/fiber/v2"
	"golang.org/x/time/rate"

	"osbu/domain"
	"osbu/domain/proposal/assisted"
)

// Rate is so many in a period, all of them at once if need be; written 600/m.
// Zero, written off, is no limit.
type Rate struct {
	N   int
	Per time.Duration
}

// UnmarshalText reads 10/s, 600/m, 3600/h or off.
func (r *Rate) UnmarshalText(text []byte) error {
	if string(text) == "off" {
		*r = Rate{}
		return nil
	}
	count, unit, _ := strings.Cut(string(text), "/")
	n, err := strconv.Atoi(count)
	per := map[string]time.Duration{"s": time.Second, "m": time.Minute, "h": time.Hour}[unit]
	if err != nil || n < 1 || per == 0 {
		return fmt.Errorf("want a rate such as 10/s, 600/m, 3600/h, or off")
	}
	*r = Rate{n, per}
	return nil
}

// Limits are the paces that one may keep up. A library with one address for
// fifty people stays below them; ballots are not limited by address at all.
type Limits struct {
	Session    Rate // requests of one signed-in person
	Code       Rate // requests with one voting code
	Address    Rate // requests of visitors, by address
	Receipt    Rate // looks at receipts in the box, by address
	SignIn     Rate // sign-ins begun and finished, by address
	WrongCode  Rate // voting and claim codes that were none, by address
	WrongCodes Rate // voting codes that were none, in all

	Proposals, Texts, Images Rate // that one person adds
	Bytes                    Rate // of all that she adds

	// ballots, credentials and searches (exports among them) in hand at once; one
	// more is refused, a search once it has waited
	Casting, Issuing, Searching int
}

// Names of limits, in the log and in the metrics.
const (
	bySession   = "session"
	byCode      = "code"
	byAddress   = "address"
	byReceipt   = "receipt"
	bySignIn    = "sign_in"
	byWrongCode = "wrong_code"
	byPerson    = "person"
	byBytes     = "bytes"
)

type limiters struct {
	session, code, address, receipt, signIn, wrongCode, wrongCodes *limiter

	kept  map[Keeps]*limiter // by person
	bytes *limiter

	guesses turnstile    // codes looked at for addresses that guessed too often
	seed    maphash.Seed // of this process, for addresses at the box
}

// guessesAtOnce is how many codes are looked at at once for addresses that
// guessed too often: enough for a library, a fraction of the database's
// connections.
const guessesAtOnce = 4

func newLimiters(l Limits, now func() time.Time) limiters {
	return limiters{
		session: newLimiter(l.Session, now), code: newLimiter(l.Code, now), address: newLimiter(l.Address, now),
		receipt: newLimiter(l.Receipt, now), signIn: newLimiter(l.SignIn, now),
		wrongCode: newLimiter(l.WrongCode, now), wrongCodes: newLimiter(l.WrongCodes, now),
		kept: map[Keeps]*limiter{
			Proposals: newLimiter(l.Proposals, now), Texts: newLimiter(l.Texts, now), Images: newLimiter(l.Images, now),
		},
		bytes:   newLimiter(l.Bytes, now),
		guesses: newTurnstile(guessesAtOnce), seed: maphash.MakeSeed(),
	}
}

// office limits a request to the office by the narrowest name it has, and
// counts voting codes that turn out to be none. A code is a name only where it
// is looked at: anywhere else one could make up a new one for every request.
func (l limiters) office(c *fiber.Ctx, v visit, address string) error {
	var wait time.Duration
	var by string
	switch p := policyOf(c).Pace; {
	case p == BySignIn:
		wait, by = l.signIn.take(address), bySignIn
	case p == ByCode && v.votingCode != "":
		return l.withCode(c, v.votingCode, address)
	case p == ByClaim && v.token != "":
		return l.claiming(c, secretKey(string(v.token)), address)
	case v.token != "":
		wait, by = l.session.take(secretKey(string(v.token))), bySession
	default:
		wait, by = l.address.take(address), byAddress
	}
	if wait > 0 {
		return tooMany{wait, by}
	}
	return c.Next()
}

// withCode lets a code be looked at, at its own pace.
func (l limiters) withCode(c *fiber.Ctx, code, address string) error {
	if wait := l.code.take(secretKey(code)); wait > 0 {
		return tooMany{wait, byCode}
	}
	return l.guess(c, address, codeWrongSecret)
}

// claiming does the same for a claim code.
func (l limiters) claiming(c *fiber.Ctx, session, address string) error {
	if wait := l.session.take(session); wait > 0 {
		return tooMany{wait, bySession}
	}
	return l.guess(c, address, assisted.CodeClaim)
}

// guess lets a code be looked at, and counts wrong ones. A right one always
// passes, from whatever address: a library's is one for all who vote there, and
// somebody who guesses among them must not keep them from voting. A voting code
// has 80 bits and a claim code 60, so that guessing is hopeless however often
// one may; what is bounded is what it costs. Beyond the pace, a few codes are
// looked at at once, and a wrong one is told to come back later. While wrong
// codes pour in from everywhere, this holds for any address that guessed wrong
// at all.
func (l limiters) guess(c *fiber.Ctx, address string, wrong domain.Code) error {
	if l.wrongCode.wait(address) > 0 || l.wrongCodes.wait("") > 0 && !l.wrongCode.untouched(address) {
		select {
		case l.guesses.places <- struct{}{}:
			defer func() { <-l.guesses.places }()
		case <-c.UserContext().Done():
			return tooMany{time.Second, byWrongCode}
		}
	}
	err := c.Next()
	if domain.CodeOf(err) == wrong || domain.KindOf(err) == domain.NotFound { // where nothing is no code is right
		if wait := max(l.wrongCode.take(address), l.wrongCodes.take("")); wait > 0 {
			return tooMany{wait, byWrongCode}
		}
	}
	return err
}

// keeps limits how much one person adds to what is kept, however many sessions
// she has.
func (l limiters) keeps(c *fiber.Ctx) error {
	limit, ok := l.kept[policyOf(c).Keeps]
	if !ok {
		return c.Next()
	}
	v := visitFrom(c.UserContext())
	person := secretKey(string(v.token)) // until she has an account
	if !v.session.Anonymous() {
		person = fmt.Sprint(v.session.ID)
	}
	if wait := l.bytes.takeN(person, len(c.Request().Body())); wait > 0 {
		return tooMany{wait, byBytes}
	}
	if wait := limit.take(person); wait > 0 {
		return tooMany{wait, byPerson}
	}
	return c.Next()
}

// looksUp limits how fast one address looks receipts up, each of which takes
// the box a proof. The box keeps no address, not even in memory: what is
// counted is a number made from it with this process's seed.
func (l limiters) looksUp(address string) error {
	key := strconv.FormatUint(maphash.String(l.seed, address), 36)
	if wait := l.receipt.take(key); wait > 0 {
		return tooMany{wait, byReceipt}
	}
	return nil
}

// secretKey keeps secrets out of the limiter's memory.
func secretKey(secret string) string {
	digest := sha256.Sum256([]byte(secret))
	return string(digest[:])
}

// limiter is a token bucket for each key. Buckets that are full again are
// forgotten.
type limiter struct {
	rate Rate
	now  func() time.Time

	mu      sync.Mutex
	buckets map[string]*rate.Limiter
	swept   time.Time
}

func newLimiter(r Rate, now func() time.Time) *limiter {
	return &limiter{rate: r, now: now, buckets: map[string]*rate.Limiter{}, swept: now()}
}

func (l *limiter) perSecond() rate.Limit { return rate.Limit(float64(l.rate.N) / l.rate.Per.Seconds()) }

// take takes one from the key's bucket; if it is empty, it takes nothing and
// says how long until there is one.
func (l *limiter) take(key string) time.Duration { return l.takeN(key, 1) }

// takeN takes n, or, if there are not so many, nothing. More than a bucket
// holds are never there.
func (l *limiter) takeN(key string, n int) time.Duration {
	if l.rate.N == 0 {
		return 0
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.now()
	l.sweep(now)
	b := l.buckets[key]
	if b == nil {
		b = rate.NewLimiter(l.perSecond(), l.rate.N)
		l.buckets[key] = b
	}
	if b.AllowN(now, n) {
		return 0
	}
	return l.missing(b, now, n)
}

// wait is how long until the key's bucket has one; it takes nothing.
func (l *limiter) wait(key string) time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	b := l.buckets[key]
	if b == nil || b.TokensAt(l.now()) >= 1 {
		return 0
	}
	return l.missing(b, l.now(), 1)
}

// untouched tells whether the key's bucket is full.
func (l *limiter) untouched(key string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	b := l.buckets[key]
	return b == nil || b.TokensAt(l.now()) >= float64(l.rate.N)
}

func (l *limiter) missing(b *rate.Limiter, now time.Time, n int) time.Duration {
	seconds := (float64(n) - b.TokensAt(now)) / float64(l.perSecond())
	return max(time.Duration(seconds*float64(time.Second)), time.Millisecond)
}

func (l *limiter) sweep(now time.Time) {
	if now.Sub(l.swept) < l.rate.Per {
		return
	}
	l.swept = now
	for key, b := range l.buckets {
		if b.TokensAt(now) >= float64(l.rate.N) {
			delete(l.buckets, key)
		}
	}
}

// address is who sends the request, as far as limits go: the last hop that is
// no trusted proxy. Of IPv6 the network counts (/64), because one machine owns
// all of it.
func (s *Server) address(c *fiber.Ctx) string {
	remote, ok := netip.AddrFromSlice(c.Context().RemoteIP())
	if !ok {
		return ""
	}
	// All lines of the header: a proxy may add its own below the one that the
	// visitor wrote.
	lines := c.Request().Header.PeekAll(fiber.HeaderXForwardedFor)
	hops := strings.Split(string(bytes.Join(lines, []byte(","))), ",")
	for i := len(hops) - 1; i >= 0 && s.trusts(remote.Unmap()); i-- {
		hop, err := netip.ParseAddr(strings.TrimSpace(hops[i]))
		if err != nil {
			break
		}
		remote = hop
	}
	remote = remote.Unmap()
	if remote.Is6() {
		network, _ := remote.WithZone("").Prefix(64)
		return network.String()
	}
	return remote.String()
}

func (s *Server) trusts(a netip.Addr) bool {
	for _, p := range s.config.TrustedProxies {
		if p.Contains(a) {
			return true
		}
	}
	return false
}
