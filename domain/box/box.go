// Package box is where ballots lie. It sees ballots and never knows a person:
// it checks a credential without learning whose it is, keeps the ballot, and
// answers with a signed promise. The office (domain/roll) is never imported
// here, nor this package there.
package box

import (
	"context"
	"crypto/sha256"
	"io"
	"sync"
	"time"

	"osbu/domain"
)

// Config is what a Service needs.
type Config struct {
	Rand      io.Reader     // for the log keys, and to shuffle with
	Sealer    domain.Sealer // keeps the log keys at rest
	Store     Store
	Intake    Intake
	Witnesses []Witness // whose cosignatures are taken, see NewWitness
}

// Service is the box. It is safe for concurrent use, and several of them may
// share one Store.
type Service struct {
	Config
	mu    sync.RWMutex
	ready map[string]*reading // by round; manifests never change, so nothing is ever dropped
	tiles *kept
}

// New makes a Service.
func New(c Config) *Service {
	return &Service{Config: c, ready: map[string]*reading{}, tiles: &kept{tiles: map[keptTile][]byte{}}}
}

// Entry is a ballot as the box keeps it, with all that proves that it may lie
// there.
type Entry struct {
	Round, Paper string
	Nullifier    [32]byte // the voter's Ed25519 public key, which no person is known by
	Seq          int
	Commit       [32]byte // SHA-256 of the ballot's canonical bytes
	Randomizer   []byte   // the prefix of RSABSSA's prepared message
	Credential   []byte   // RSA-PSS signature
	Signature    []byte   // by the voter's key over (commit, seq), and over what is sealed
	Ballot       []byte   // canonical bytes (domain/ballot), or in a sealed round those sealed
	Index        int64    // of its leaf, once it is in the log; 0 before
	// Of a ballot that was cast on paper, instead of nullifier, seq, randomizer,
	// credential and signature; its bytes are never sealed.
	Batch, Serial string
}

// OnPaper tells whether the ballot was cast on paper.
func (e Entry) OnPaper() bool { return e.Serial != "" }

// Leaf is the entry's in the log.
func (e Entry) Leaf() Leaf {
	if e.OnPaper() {
		return Leaf{Type: PaperLeaf, Batch: e.Batch, Serial: e.Serial, Commit: e.Commit}
	}
	return Leaf{Type: BallotLeaf, Nullifier: sha256.Sum256(e.Nullifier[:]), Seq: e.Seq, Commit: e.Commit}
}

// Intake puts ballots in the box.
type Intake interface {
	// Append keeps the entry and everything it refers to until it is on disk.
	// The same commit under the same round, nullifier and seq is kept once,
	// however often it comes; the answer is then the same, after the close,
	// too.
	//
	//	nil      durable: it survives a crash of everything
	//	Conflict another ballot lies under this nullifier and seq
	//	Closed   the vote was not open, by the database's clock, when the entry would have been kept
	//	Busy     not kept; come back
	//	others   unknown, also when ctx ends: the same entry must be sent again, and will get the right answer
	Append(ctx context.Context, e Entry) error
}

// Log is the key that signs a round's manifest, promises and checkpoints.
type Log struct {
	Key    string // note verifier key (C2SP signed-note)
	Sealed []byte // note signer key, sealed
}

// Store keeps what the box knows of a round beside its ballots.
type Store interface {
	Logs
	Votes
	Ledger
	Lookup
	Batches
}

// Logs keeps keys and manifests. Both are written once.
type Logs interface {
	// KeepLog keeps the key unless the round has one, and answers with the one
	// it has.
	KeepLog(ctx context.Context, round string, l Log) (Log, error)
	// Log is NotFound if no key was kept.
	Log(ctx context.Context, round string) (Log, error)
	// KeepManifest keeps the signed note unless the round has one, and answers
	// with the one it has. The log key comes first: NotFound.
	KeepManifest(ctx context.Context, round string, note []byte) ([]byte, error)
	// Manifest is NotFound if none was kept.
	Manifest(ctx context.Context, round string) ([]byte, error)
}

// Votes opens and closes the box and counts what is in it.
type Votes interface {
	// Open lets ballots in from opens up to, and without, closes. Before the
	// close it may be called again, and sets both anew; after it, Closed.
	Open(ctx context.Context, round string, opens, closes time.Time) error
	// Close waits for the Appends that are being written. After it nothing is
	// kept any more. Once more changes nothing. Conflict while a batch of paper
	// is open.
	Close(ctx context.Context, round string) error
	// Entries gives every entry to each, in the order of their leaves, and
	// stops at its error. Before the log has ended it is Conflict.
	Entries(ctx context.Context, round string, each func(Entry) error) error
	// Cast counts the kept ballots by paper, but for those on paper.
	Cast(ctx context.Context, round string) (map[string]int, error)
}

// Codes of this package's refusals.
const (
	CodeCredential domain.Code = "credential_invalid" //nolint:gosec // an error's name
	CodeSignature  domain.Code = "signature_invalid"
	CodeNullifier  domain.Code = "nullifier_used"
	CodeBatch      domain.Code = "paper_batch_settled" // sealed or left out, otherwise than is asked for
	CodeSerial     domain.Code = "paper_serial_used"
	CodeReopened   domain.Code = "keying_reopened" // another attempt to key the batch in has begun
	CodeBatchOpen  domain.Code = "paper_batches_open"
)
