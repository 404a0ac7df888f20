package paper

import (
	"encoding/base64"
	"errors"
	"io"
	"strconv"
	"strings"
	"time"

	"osbu/domain"
)

// lasts is how long a capability is good: for handing sheets in, mending them
// and handing them in again. The page asks for another one each time.
const lasts = time.Hour

// capabilities is what they are sealed for: nothing else that the same keys
// seal is taken for one.
const capabilities = "osbu/keying/v2"

// Config wires the service.
type Config struct {
	Places  Places
	Store   Store
	Batches Batches
	Box     Box
	Sealer  domain.Sealer // makes capabilities, and knows them again
	Now     func() time.Time
	Rand    io.Reader
}

// Service is what officers and officials do about paper.
type Service struct{ c Config }

// New makes the service.
func New(c Config) *Service { return &Service{c} }

// capability is what somebody may do with a batch: key it in as one of two, or
// put it into the log.
type capability struct {
	round, batch string
	attempt      int
	part         int // 1 or 2 keys it in; 0 puts it into the log
	until        time.Time
}

// seal makes it a text that is sealed and authenticated by AES-256-GCM.
func (s *Service) seal(c capability) string {
	text := strings.Join([]string{
		c.round, c.batch, strconv.Itoa(c.attempt), strconv.Itoa(c.part), c.until.UTC().Format(time.RFC3339),
	}, "\n")
	return base64.RawURLEncoding.EncodeToString(s.c.Sealer.Seal([]byte(text), capabilities))
}

// admits reads a capability that is good for this batch, now.
func (s *Service) admits(sealed, round, batch string) (c capability, err error) {
	refused := domain.Fail(domain.NotFound, domain.CodeNotFound, "no such batch, or no leave to key it in any more")
	bytes, err := base64.RawURLEncoding.DecodeString(sealed)
	if err != nil {
		return c, refused
	}
	text, err := s.c.Sealer.Unseal(bytes, capabilities)
	if err != nil {
		return c, refused
	}
	parts := strings.Split(string(text), "\n")
	if len(parts) != 5 || parts[0] != round || parts[1] != batch {
		return c, refused
	}
	c = capability{round: round, batch: batch}
	var faults [3]error
	c.attempt, faults[0] = strconv.Atoi(parts[2])
	c.part, faults[1] = strconv.Atoi(parts[3])
	c.until, faults[2] = time.Parse(time.RFC3339, parts[4])
	if errors.Join(faults[:]...) != nil || !s.c.Now().Before(c.until) {
		return c, refused
	}
	return c, nil
}
