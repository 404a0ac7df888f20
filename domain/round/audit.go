package round

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strconv"
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
	Salt     [16]byte
	Previous [32]byte
	Hash     [32]byte
}

// Private is what is said in public of who acted and why: SHA-256 over
// netstrings (length ":" bytes ",") of salt in hex, actor and reason. Nobody
// can guess what is behind it, for the salt is the database's and random.
func (e Entry) Private() [32]byte {
	return netstrings(hex.EncodeToString(e.Salt[:]), e.Actor, e.Reason)
}

// Body is what is said in public of an entry that is no step: SHA-256 over
// netstrings of "osbu/audit/v2", round, sequence number, UTC time with
// microseconds, action, details, and Private in hex.
func (e Entry) Body() [32]byte { return e.BodyWith(e.Private()) }

// BodyWith is Body of an entry of which only Private is known.
func (e Entry) BodyWith(private [32]byte) [32]byte {
	return netstrings(
		"osbu/audit/v2", e.Round, strconv.FormatInt(e.Seq, 10), e.At.UTC().Format(AuditTime), e.Action, e.Details,
		hex.EncodeToString(private[:]),
	)
}

// AuditTime is how the time of an entry is hashed and published.
const AuditTime = "2006-01-02T15:04:05.000000Z"

// Digest is what Hash must be.
func (e Entry) Digest() [32]byte { return Link(e.Body(), e.Previous) }

// Link is the hash of an entry with this body after the previous one: SHA-256
// over netstrings of both in hex. The first entry's previous hash is zero.
func Link(body, previous [32]byte) [32]byte {
	return netstrings(hex.EncodeToString(body[:]), hex.EncodeToString(previous[:]))
}

func netstrings(words ...string) [32]byte {
	var b strings.Builder
	for _, w := range words {
		fmt.Fprintf(&b, "%d:%s,", len(w), w)
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
