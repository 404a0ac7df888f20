// Package person gives somebody what the city keeps of her, and erases it
// (Regulation (EU) 2016/679, Articles 15, 17 and 20): by herself, or by an
// official who leaves a reason. What the law keeps stays, and is told with why.
package person

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"osbu/domain"
	"osbu/domain/account"
	"osbu/domain/post"
)

// Erasure is what erasing does to a table's rows of somebody.
type Erasure string

// The erasures.
const (
	Erased  Erasure = "erased"
	Unnamed Erasure = "unnamed" // they stay, and her name does not
	Stays   Erasure = "stays"
)

// Basis is why rows stay.
type Basis string

// The bases.
const (
	// What is public and what others have answered, decided or voted on is an
	// official document (Act on the Openness of Government Activities 621/1999)
	// and is archived (Archives Act 831/1994): Article 17(3)(b) and (d).
	Document Basis = "official_document"
	// Who may vote and that a right was used, so that nobody votes twice:
	// Article 17(3)(b). It tells nothing of a ballot, and goes with the roll.
	Election Basis = "election"
	// What somebody did in the city's service, under her name.
	Office Basis = "office"
	// That this was asked for: Article 5(2).
	Trace Basis = "trace"
)

// Holding is what one table keeps of somebody.
type Holding struct {
	Table   string
	Erasure Erasure
	Basis   Basis // of Unnamed and Stays
	Rows    []map[string]any
}

// Archive is all that is kept of somebody.
type Archive struct {
	At       time.Time
	Holdings []Holding
}

// Subject is whose data is meant: the account, 0 for none, and how rolls know
// her, zero for one without an identity code.
type Subject struct {
	Account int64
	Ref     account.Ref
}

// What may be asked for; the words stand in the trace that it leaves.
const (
	Export = "export"
	Erase  = "erase"
)

// Request is what was asked for, and why where it was not she herself.
type Request struct {
	Action string // Export or Erase
	Reason string
}

// Store keeps what there is of people.
type Store interface {
	// Subject finds whose account has the reference; account 0 if none has: one
	// query without a lock.
	Subject(ctx context.Context, ref account.Ref) (Subject, error)
	// Holdings are all rows kept of somebody and the moment of reading, and the
	// request is noted if she has an account or it is an official's; all in one
	// transaction. Columns named address and email are sealed bytes.
	Holdings(ctx context.Context, who Subject, request Request) (Archive, error)
	// ErasePerson erases what does not stay, and notes the request; all in one
	// transaction, under the account's lock. Those who wait for a seat that
	// becomes free get it. Once more erases nothing.
	ErasePerson(ctx context.Context, who Subject, called map[domain.Language]string, request Request) error
}

// Config wires the service.
type Config struct {
	Store  Store
	Refer  func(identityCode string) (account.Ref, error)
	Sealer domain.Sealer
}

// Service gives and erases what is kept of people.
type Service struct{ c Config }

// New makes the service.
func New(c Config) *Service { return &Service{c} }

const maxReason = 300

// Export is everything that is kept of whoever is signed in.
func (s *Service) Export(ctx context.Context, session account.Session) (Archive, error) {
	who, err := herself(session)
	if err != nil {
		return Archive{}, err
	}
	return s.export(ctx, who, Request{Action: Export})
}

// Erase erases what is kept of whoever is signed in and does not stay, and ends
// the sessions of her account.
func (s *Service) Erase(ctx context.Context, session account.Session) error {
	who, err := herself(session)
	if err != nil || who.Account == 0 {
		return err
	}
	return s.c.Store.ErasePerson(ctx, who, names(), Request{Action: Erase})
}

// ExportOf is everything that is kept of whoever has the identity code, for an
// official who says why.
func (s *Service) ExportOf(ctx context.Context, identityCode, reason string) (Archive, error) {
	who, err := s.find(ctx, identityCode, reason)
	if err != nil {
		return Archive{}, err
	}
	return s.export(ctx, who, Request{Action: Export, Reason: reason})
}

// EraseOf erases what is kept of whoever has the identity code, for an official
// who says why, and tells what was there.
func (s *Service) EraseOf(ctx context.Context, identityCode, reason string) (Archive, error) {
	who, err := s.find(ctx, identityCode, reason)
	if err != nil {
		return Archive{}, err
	}
	kept, err := s.export(ctx, who, Request{Action: Export, Reason: reason})
	if err != nil || who.Account == 0 {
		return kept, err
	}
	return kept, s.c.Store.ErasePerson(ctx, who, names(), Request{Action: Erase, Reason: reason})
}

func herself(session account.Session) (Subject, error) {
	who := Subject{Account: session.ID, Ref: session.Ref}
	if session.ID == domain.NoAccount {
		who.Account = 0
	}
	return who, session.SignedIn()
}

func (s *Service) find(ctx context.Context, identityCode, reason string) (Subject, error) {
	var problems domain.Problems
	if problems.Line("reason", reason, maxReason) == "" {
		problems.Add("reason", "required", "")
	}
	ref, err := s.c.Refer(strings.TrimSpace(identityCode))
	if err != nil {
		problems.Add("identity_code", "bad_format", "")
	}
	if err := problems.Err(); err != nil {
		return Subject{}, err
	}
	return s.c.Store.Subject(ctx, ref)
}

// export opens the sealed addresses.
func (s *Service) export(ctx context.Context, who Subject, request Request) (Archive, error) {
	kept, err := s.c.Store.Holdings(ctx, who, request)
	if err != nil {
		return kept, err
	}
	for _, h := range kept.Holdings {
		for _, row := range h.Rows {
			for name, value := range row {
				sealed, ok := value.([]byte)
				if !ok {
					continue
				}
				if row[name], err = post.OpenAddress(s.c.Sealer, sealed); err != nil {
					return kept, fmt.Errorf("%s.%s: %w", h.Table, name, err)
				}
			}
		}
	}
	kept.Holdings = slices.DeleteFunc(kept.Holdings, func(h Holding) bool { return len(h.Rows) == 0 })
	return kept, nil
}

// names are what somebody is called whose name was erased.
func names() map[domain.Language]string {
	called := map[domain.Language]string{}
	for _, l := range []domain.Language{domain.Finnish, domain.Swedish, domain.English} {
		called[l] = account.Unnamed(l)
	}
	return called
}
