package round

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"osbu/domain"
)

// Entry is one line of a round's audit log. The database numbers, dates and
// chains it; nobody can change it afterwards.
type Entry struct {
	Round    string
	Seq      int64 // from 1
	At       time.Time
	Actor    string // a staff account or a command; never a resident
	Name     string // of the account, as it is called today; no part of the hash
	Action   string
	Reason   string
	Details  string // JSON text, hashed as it is
	Previous [32]byte
	Hash     [32]byte
}

// Digest is what Hash must be: SHA-256 over netstrings (length ":" bytes ",")
// of "osbu/audit/v1", round, sequence number, UTC time with microseconds,
// actor, action, reason, details and the previous hash in hex. The first
// entry's previous hash is zero.
func (e Entry) Digest() [32]byte {
	var b strings.Builder
	for _, s := range []string{
		"osbu/audit/v1", e.Round, fmt.Sprint(e.Seq), e.At.UTC().Format("2006-01-02T15:04:05.000000Z"),
		e.Actor, e.Action, e.Reason, e.Details, hex.EncodeToString(e.Previous[:]),
	} {
		fmt.Fprintf(&b, "%d:%s,", len(s), s)
	}
	return sha256.Sum256([]byte(b.String()))
}

// Chain checks that entries follow each other from previous (zero for the
// first) without a gap or a change.
func Chain(previous [32]byte, seq int64, entries []Entry) error {
	for _, e := range entries {
		seq++
		if e.Seq != seq || e.Previous != previous || e.Digest() != e.Hash {
			return fmt.Errorf("audit log of %s is broken at entry %d", e.Round, seq)
		}
		previous = e.Hash
	}
	return nil
}

// Signature is how the audit log names an actor: role and account number, no
// name.
func Signature(a domain.Actor) string {
	if len(a.Roles) == 0 {
		return fmt.Sprintf("account %d", a.ID)
	}
	return fmt.Sprintf("%s %d", a.Roles[len(a.Roles)-1], a.ID)
}

// NewEntry is a staff member's step in the round, as it is added to the audit
// log. Details are written as JSON: numbers, addresses and settings, nothing of
// residents.
func NewEntry[A ~string](r Round, actor domain.Actor, action A, reason string, details any) *Entry {
	text, err := json.Marshal(details)
	if err != nil {
		panic(err) // plain values only
	}
	return &Entry{
		Round:   r.ID,
		Actor:   Signature(actor),
		Action:  string(action),
		Reason:  reason,
		Details: string(text),
	}
}
