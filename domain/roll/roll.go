// Package roll is the office's half of the secret ballot: who is on the roll,
// who may vote, and the one blind signature per person and paper. It never sees
// a ballot.
package roll

import (
	"context"
	"io"
	"time"

	"osbu/domain"
	"osbu/domain/account"
	"osbu/domain/round"
)

// Rounds reads rounds.
type Rounds interface {
	// Round is one round and the database's clock, or NotFound.
	Round(ctx context.Context, id string) (round.At, error)
}

// Rights is where rights are spent.
type Rights interface {
	// Holder is what the office knows of a right-holder in a round, at the
	// database's clock; NotFound if there is no such round.
	Holder(ctx context.Context, round string, holder account.Ref) (State, error)
	// Spend enters a right for good, if allow, asked under locks on the round
	// and the holder's entry, agrees. If it was spent before, by whatever
	// channel, nothing is entered and the right as it stands is returned with
	// first false. Without an error the right is durable, whoever entered it.
	Spend(
		ctx context.Context,
		round string,
		holder account.Ref,
		right Right,
		allow func(State) error,
	) (stored Right, first bool, err error)
	// Shuffle writes the spent rights of all rounds anew in random order, so
	// that neither place nor transaction tells when one was spent, and counts
	// them. Credentials being issued wait meanwhile.
	Shuffle(ctx context.Context) (rows int, err error)
	// Issuer is a paper's key, or NotFound before the freeze and after the
	// close.
	Issuer(ctx context.Context, round, paper string) (Issuer, error)
}

// Register is where the roll, codes and counts are kept.
type Register interface {
	// Replace makes the roll of a round what next gives (nil ends it), all in
	// one transaction. approve sees, under locks, the round, what would change
	// and the faults that show between rows; if it returns an error nothing
	// changes and Replace returns that error. The upload (empty: none) is Taken
	// in the same transaction; Conflict CodeEdited if it is Taking no more.
	Replace(
		ctx context.Context,
		round, upload string,
		next func() (*Row, error),
		approve func(round.Round, Change, Faults) (round.Entry, error),
	) error
	// AddCodes keeps new voting codes if allow, asked under the round's lock
	// with the request that waits (nil: none), agrees: in the batch of that
	// number, or for 0 in a new one, made on the day that allow tells. The
	// request is done then. A label that another batch has is Invalid.
	AddCodes(
		ctx context.Context,
		round string,
		batch Batch,
		codes []account.Ref,
		allow func(r round.Round, waiting *Asked, now time.Time) (day time.Time, err error),
		by func(number int) round.Entry,
	) (number int, err error)
	// AskedCodes is the request that waits in a round; nil: none. One query
	// without a lock.
	AskedCodes(ctx context.Context, round string) (*Asked, error)
	// ChangeAskedCodes lets change decide under the round's lock what waits from
	// now on (nil: nothing). The other officials are told of a new request by
	// e-mail, after the commit.
	ChangeAskedCodes(
		ctx context.Context,
		round string,
		change func(r round.Round, waiting *Asked, now time.Time) (*Asked, round.Entry, error),
	) error
	// VoidBatch makes a batch void on the day that allow tells, asked under the
	// round's lock, which waits for credentials that are being issued. NotFound
	// if there is no such batch, Conflict CodeVoid if it is void already.
	VoidBatch(
		ctx context.Context,
		round string,
		number int,
		allow func(round.At) (day time.Time, err error),
		by round.Entry,
	) error
	// Status counts.
	Status(ctx context.Context, round string) (Status, error)
}

// Config is what the service needs.
type Config struct {
	Rounds       Rounds
	Rights       Rights
	Register     Register
	Uploads      Uploads
	KioskCodes   KioskCodes
	Recoveries   Recoveries // keeps what a browser leaves in case it is lost
	Replacements Replacements
	Wrapping     Wrapping       // keeps the keys of issuer keys
	Pepper       []byte         // keys every reference to a person or code; changing it forgets everybody
	TimeZone     *time.Location // whose calendar decides on birthdays: Europe/Helsinki
	Rand         io.Reader
	// ReplacementShare of a round's rights, 0 to 1, but at least
	// LeastReplacements, is how many lost credentials may be replaced.
	ReplacementShare float64
	// Spent is told of each right spent, after it is stored.
	Spent func(round, paper string, channel Channel)
}

// Service keeps the roll and issues credentials.
type Service struct {
	rounds           Rounds
	rights           Rights
	register         Register
	uploads          Uploads
	uploadSealer     domain.Sealer
	kioskCodes       KioskCodes
	recoveries       Recoveries
	replacements     Replacements
	replacementShare float64
	pepper           []byte
	timeZone         *time.Location
	rand             io.Reader
	spent            func(round, paper string, channel Channel)
	keys             keyring
	mixing           mixing
}

// New makes the service.
func New(c Config) *Service {
	key := keyed(c.Pepper, "osbu/roll-upload/v1")
	sealer, err := domain.NewSealer(key[:])
	if err != nil {
		panic(err) // only for a key of another length
	}
	return &Service{
		rounds: c.Rounds, rights: c.Rights, register: c.Register, uploads: c.Uploads, uploadSealer: sealer,
		kioskCodes: c.KioskCodes,
		recoveries: c.Recoveries, replacements: c.Replacements, replacementShare: c.ReplacementShare,
		pepper: c.Pepper, timeZone: c.TimeZone, rand: c.Rand, spent: c.Spent,
		keys:   keyring{wrapping: c.Wrapping, rights: c.Rights},
		mixing: mixing{unmixed: 1}, // by whoever ran before
	}
}

// Forget drops the keys of a round: call it when the round closes.
func (s *Service) Forget(round string) { s.keys.forget(round) }

// rollTakesChanges: people and codes are added, removed and voided until the
// vote closes.
func rollTakesChanges(r round.Round) error {
	if r.Phase.Reached(round.Closed) {
		return domain.Fail(domain.Closed, domain.CodePhase, "the vote of %s is closed, its roll stays as it is", r.ID)
	}
	return nil
}
