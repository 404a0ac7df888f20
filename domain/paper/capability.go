package paper

import (
	"encoding/base64"
	"io"
	"strings"
	"time"

	"osbu/domain"
)

// lasts is how long a capability is good: for checking two files, mending them
// and sending them again.
const lasts = time.Hour

// capabilities is what they are sealed for: nothing else that the same keys
// seal is taken for one.
const capabilities = "osbu/keying/v1"

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

// seal makes a capability: round, batch and until when, sealed and
// authenticated by AES-256-GCM.
func (s *Service) seal(round, batch string, until time.Time) string {
	text := strings.Join([]string{round, batch, until.UTC().Format(time.RFC3339)}, "\n")
	return base64.RawURLEncoding.EncodeToString(s.c.Sealer.Seal([]byte(text), capabilities))
}

// admits is nil if the capability is for this batch, now.
func (s *Service) admits(capability, round, batch string) error {
	refused := domain.Fail(domain.NotFound, domain.CodeNotFound, "no such batch, or no leave to key it in any more")
	sealed, err := base64.RawURLEncoding.DecodeString(capability)
	if err != nil {
		return refused
	}
	text, err := s.c.Sealer.Unseal(sealed, capabilities)
	if err != nil {
		return refused
	}
	parts := strings.Split(string(text), "\n")
	if len(parts) != 3 || parts[0] != round || parts[1] != batch {
		return refused
	}
	until, err := time.Parse(time.RFC3339, parts[2])
	if err != nil || !s.c.Now().Before(until) {
		return refused
	}
	return nil
}
