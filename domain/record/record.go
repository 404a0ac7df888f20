// Package record takes a round through its steps: freeze, open, close, count,
// confirm, publish; and makes the record that anyone can check the round with.
// It is the only package that speaks to both the office and the box, and it
// never holds a person and a ballot together.
package record

import (
	"context"
	"io"
	"time"

	"osbu/domain"
	"osbu/domain/box"
	"osbu/domain/roll"
	"osbu/domain/round"
	"osbu/domain/tally"
)

// Office keeps rounds and their outcomes. Every change writes its audit entry
// in the same transaction.
type Office interface {
	// Round is one round and the database's clock, or NotFound.
	Round(ctx context.Context, id string) (round.At, error)
	// State is what the next step depends on.
	State(ctx context.Context, id string) (State, error)
	// FreezeRound lets freeze decide under the round's lock what is frozen, and
	// stores all of it or nothing.
	FreezeRound(ctx context.Context, id string, freeze func(State) (Frozen, error)) (round.At, error)
	// Frozen is what FreezeRound stored (without the issuer keys), or NotFound.
	Frozen(ctx context.Context, id string) (Frozen, error)
	Steps
	Outcomes
	Comparisons
	round.Chained
}

// Steps are changes of phase under the round's lock. Each is given a decision
// that sets the new phase, or refuses.
type Steps interface {
	// UpdateRound is a step that changes nothing but the round.
	UpdateRound(ctx context.Context, id string, change Change) (round.At, error)
	// StopPaper lets nobody mark a right as spent on paper any more, nor take a
	// mark back; when it returns nothing is in flight. It lasts until ResumePaper.
	// Both may be repeated; false: it was stopped before.
	StopPaper(ctx context.Context, id string) (bool, error)
	ResumePaper(ctx context.Context, id string) error
	// CloseRound destroys the issuer keys and puts the rights in random order
	// in the same transaction.
	CloseRound(ctx context.Context, id string, change Change) (round.At, error)
	// CountRound stores the outcomes, and what opening the ballots left, in the
	// same transaction; what is stored is never replaced.
	CountRound(
		ctx context.Context,
		id string,
		outcomes []Outcome,
		opened Opened,
		change Change,
	) (round.At, error)
	// PublishRound lets publish decide under the round's lock, keeps the parts
	// that it gives, and settles the proposals on the ballot as selected or
	// not, all in the same transaction. publish may be called more than once.
	PublishRound(
		ctx context.Context,
		id string,
		selected map[int]bool,
		publish func(r *round.Round, now time.Time, keep Keep) (round.Entry, error),
	) (round.At, error)
	// CorrectRound is a step that changes nothing but the decision's number.
	CorrectRound(ctx context.Context, id string, change Change) (round.At, error)
	// Corrections are the audit entries of CorrectRound, the first first, with
	// time and details alone.
	Corrections(ctx context.Context, id string) ([]round.Entry, error)
	// Note writes an audit entry of something that changes nothing.
	Note(ctx context.Context, e round.Entry) error
}

// Change decides under the round's lock, with the database's clock.
type Change = func(r *round.Round, now time.Time) (round.Entry, error)

// Outcomes reads what was counted and published.
type Outcomes interface {
	// Outcomes are the stored outcomes by the areas' position; none before the
	// count.
	Outcomes(ctx context.Context, id string) ([]Outcome, error)
	// Opened is what CountRound stored; zero before, and of rounds whose ballots
	// were not sealed.
	Opened(ctx context.Context, id string) (Opened, error)
	// Stored is a part of what was published, or NotFound.
	Stored(ctx context.Context, id string, p Part) (Stored, error)
	// Piece is the n-th piece of a stored part, from 0: PieceSize bytes, the
	// last one fewer.
	Piece(ctx context.Context, id string, p Part, n int) ([]byte, error)
}

// Gate opens and shuts the box. All of it may be repeated: what was done stays
// done.
type Gate interface {
	// Prepare makes the round's log key if there is none and answers its
	// verifier key for the manifest.
	Prepare(ctx context.Context, id string) (logKey string, err error)
	// Install signs and keeps the manifest; Conflict if another one is there.
	Install(ctx context.Context, id string, manifest []byte) error
	// Open lets ballots in from opens up to, and without, closes, by the box's
	// database clock.
	Open(ctx context.Context, id string, opens, closes time.Time) error
	// Close lets nobody in any more; when it returns nothing is in flight.
	Close(ctx context.Context, id string) error
	// DeclareBatch and LeaveOut account for rights that were spent on paper and
	// have no sheet.
	DeclareBatch(ctx context.Context, id string, b box.PaperBatch) error
	LeaveOut(ctx context.Context, id, batch, explanation string) error
	round.PublicLog
}

// Box gives out what the box holds. Each of its lists stops at the error of its
// function.
type Box interface {
	// Ballots gives every ballot in the order of the log, with the index of its
	// leaf; an error while the box is not closed.
	Ballots(ctx context.Context, id string, each func(box.Entry) error) error
	// Leaves gives the leaves of the log from, and without, to, each as its
	// line, in order.
	Leaves(ctx context.Context, id string, from, to int64, each func(leaf string) error) error
	// Checkpoints gives every checkpoint that was ever published as a signed
	// note with its cosignatures, the oldest first.
	Checkpoints(ctx context.Context, id string, each func(note []byte) error) error
	// SignRecord signs the digests of the record's files with the round's log
	// key; the same digests have the same note.
	SignRecord(ctx context.Context, id string, what box.Statement) ([]byte, error)
	// Manifest is the signed note, or NotFound.
	Manifest(ctx context.Context, id string) ([]byte, error)
	// CastByPaper counts the ballots that came with a credential, also before the
	// close.
	CastByPaper(ctx context.Context, id string) (map[string]int, error)
	// PaperBatches are the batches of sheets of paper, by name, and what became of
	// them.
	PaperBatches(ctx context.Context, id string) ([]box.PaperBatch, error)
}

// State is where a round stands before its next step.
type State struct {
	Round     round.Round
	Now       time.Time // the database's clock
	Undecided int       // proposals submitted but not decided
	Projects  []Project // on the ballot, by number
	Conflicts []round.ManifestConflict
	Rights    map[string]int   // by paper: people on the roll, and codes that are used
	Codes     int              // voting codes that are not void
	Spent     map[string]Spent // by paper

	// Batches of paper, where the next step is the close.
	Batches []box.PaperBatch
	// OneCluster is true where the two databases must be parted before the vote
	// opens.
	OneCluster bool
}

// Spent are a paper's rights that were spent, by channel. Replaced are
// credentials issued a second time for a right, in person, to somebody whose
// browser lost the first.
type Spent struct{ Online, Assisted, OnPaper, Replaced int }

// Rights are how many were spent.
func (s Spent) Rights() int { return s.Online + s.Assisted + s.OnPaper }

// Credentials are how many were issued: there may be no more ballots in the
// box, beside those on paper.
func (s Spent) Credentials() int { return s.Online + s.Assisted + s.Replaced }

// Project is a project as the count needs it.
type Project struct {
	Number    int
	Area      string
	Title     domain.Text
	Text      domain.Text  // its description
	Cost      domain.Cents // reserved
	Withdrawn bool         // by its author, during the vote: it keeps its place and cannot be funded
	// Votes are those that the service told that held the round, and Selected
	// tells whether the project won there; nil: it was counted here, or they were
	// not told.
	Votes    *int
	Selected bool
}

// Frozen is what the freeze makes.
type Frozen struct {
	Manifest []byte // canonical bytes, see round.Manifest
	Lot      []byte // the seed that breaks ties, sealed until the count
	Opening  []byte // where the service keeps the key to the ballots: that, sealed until the count; else nil
	Issuers  []roll.Issuer
	Decision string
	Entry    round.Entry
}

// Outcome is the count of one area.
type Outcome struct {
	Area    string
	Input   []byte // the area's .pb file; its SHA-256 is what the outcome is an outcome of
	Ballots int    // blank ones included
	Blank   int
	Sheets  int    // of Ballots, those on paper
	Seed    string // of the lot, hex: what round.Manifest.LotCommitment committed to
	Rule    round.Rule
	Result  tally.Outcome
}

// Config is what the service needs.
type Config struct {
	Office   Office
	Gate     Gate
	Box      Box
	Counts   Counts
	Sealer   domain.Sealer
	Rand     io.Reader
	Now      func() time.Time
	TimeZone *time.Location  // whose calendar dates are
	Wrapping roll.Wrapping   // keeps the keys of issuer keys
	Closed   func(id string) // told when a round closes, after its keys were destroyed
	// Witnesses are those whose cosignatures are published; others' could not
	// be checked.
	Witnesses []box.Witness

	// OneCluster tells whether office and box lie in one cluster of PostgreSQL,
	// whose write-ahead log then holds the commits of both in their order;
	// Accepted that the city lets a vote open all the same.
	OneCluster         func(context.Context) (bool, error)
	OneClusterAccepted bool

	Pool             Pool                 // between two moments of release, public numbers stand still
	MostReplacements func(rights int) int // of credentials in a round of so many rights
	Counted          func(Numbers)        // told whenever a round's numbers were counted
}

// Service takes steps and shows results and numbers.
type Service struct {
	Config
	recent    recent
	explained explanations
}

// New makes the service.
func New(c Config) *Service { return &Service{Config: c} }
