package roll

import (
	"context"
	"encoding/base32"
	"fmt"
	"io"
	"strings"
	"time"

	"osbu/domain"
	"osbu/domain/round"
)

// An official brings the roll's file to the page in parts (BeginUpload,
// AddPart), has it checked (CheckUpload), reads what it would change, and takes
// it (TakeUpload). The work itself is done behind the requests, by whichever
// server comes first (WorkUploads). Until then each part lies sealed in the
// office's database under a key made from the pepper: whoever has that key can
// already tell whose entry is whose. A file that was taken, has faults or was
// given up is gone at once, and one that nobody came back to after keepFile.

// PartBytes is how long each part of a file is but the last, and MostUpload how
// long a file may be: the roll of a million and a half people. A larger one is
// for the command.
const (
	PartBytes  = 1 << 20
	MostUpload = 64 << 20
)

// How long a file waits for its next step, what became of one can be read, and
// a server that works on one need not be heard of.
const (
	keepFile   = time.Hour
	keepResult = 24 * time.Hour
	leaseTime  = time.Minute
)

// Refusals of an upload: another is being worked on; parts of it are missing.
const (
	CodeImporting  domain.Code = "import_running"
	CodeIncomplete domain.Code = "upload_incomplete"
)

// UploadState is how far an upload has come.
type UploadState string

// The states. Of those after Taking nothing but numbers is kept.
const (
	Receiving   UploadState = "receiving"
	Checking    UploadState = "checking"
	Checked     UploadState = "checked" // it can be taken
	Taking      UploadState = "taking"
	Taken       UploadState = "taken"
	WithFaults  UploadState = "with_faults"
	Refused     UploadState = "refused"     // for Result.Refusal
	Failed      UploadState = "failed"      // the log says why
	Interrupted UploadState = "interrupted" // the server that worked on it stopped
)

// works tells whether a server works on it, or will.
func (s UploadState) works() bool { return s == Checking || s == Taking }

// HasFile tells whether the file is still there.
func (s UploadState) HasFile() bool { return s == Receiving || s == Checked || s.works() }

// Upload is a file on its way to the roll. A round has one at most.
type Upload struct {
	Round      string
	ID         string
	By         int64  // who sent it, an account
	Name       string // as the account was called then
	Size       int64  // bytes
	Received   int64  // of them
	Read       int64  // of them, by who works on it; Size while the roll is compared
	State      UploadState
	At         time.Time // of its last step
	Lease      time.Time // until when the server that works on it is to be heard of; zero: it waits for one
	Taker      string    // who has it taken, for the audit log
	RemoveUpTo int       // as Import has it
	Result     UploadResult
	Own        bool // sent by whoever reads this
}

// mostTold is how many faults a page tells.
const mostTold = 200

// UploadResult is what came of the last work on an upload.
type UploadResult struct {
	Change  Change      `json:"change"`
	Faults  []Fault     `json:"faults,omitempty"` // the first
	Total   int         `json:"total,omitempty"`  // how many there are
	Refusal domain.Code `json:"refusal,omitempty"`
}

// MayRemove is how many people may disappear from the roll without a word from
// the official.
func (r UploadResult) MayRemove() int { return r.Change.mayRemove() }

// Uploads keeps files on their way to the roll.
type Uploads interface {
	// Uploads are those of all rounds, and the database's clock.
	Uploads(ctx context.Context) ([]Upload, time.Time, error)
	// ChangeUpload lets change decide, under a lock on the round's upload (nil:
	// there is none), what it is from now on (nil: there is none any more). The
	// parts of another ID, and of one whose State has no file, go in the same
	// transaction.
	ChangeUpload(
		ctx context.Context,
		round string,
		change func(r round.Round, u *Upload, now time.Time) (*Upload, error),
	) error
	// AddPart keeps a sealed part of so many bytes, once more if it was sent
	// before, if allow, asked under the upload's lock, agrees.
	AddPart(ctx context.Context, round string, number, bytes int, sealed []byte, allow func(*Upload) error) error
	// Part is one of them; Conflict CodeEdited if it is there no more.
	Part(ctx context.Context, round, id string, number int) (sealed []byte, err error)
}

// Upload is what was sent last to a round, nil if nothing is left of it
// (officials).
func (s *Service) Upload(ctx context.Context, actor domain.Actor, id string) (*Upload, error) {
	if err := actor.Need(domain.Official); err != nil {
		return nil, err
	}
	if _, err := s.rounds.Round(ctx, id); err != nil {
		return nil, err
	}
	all, now, err := s.uploads.Uploads(ctx)
	if err != nil {
		return nil, err
	}
	for _, u := range all {
		if u.Round == id {
			u.Own = u.By == actor.ID
			if u.lapsed(now) { // nobody has swept it yet
				u.State = Interrupted
			}
			return &u, nil
		}
	}
	return nil, nil
}

// BeginUpload makes room for a file of so many bytes and gives the number by
// which its parts come. Whatever was sent before is forgotten, unless it is
// being worked on: Conflict CodeImporting.
func (s *Service) BeginUpload(ctx context.Context, actor domain.Actor, id string, size int64) (string, error) {
	if err := actor.Need(domain.Official); err != nil {
		return "", err
	}
	random := make([]byte, 17) // 136 bits, of which the letters hold 130
	if _, err := io.ReadFull(s.rand, random); err != nil {
		return "", err
	}
	number := strings.ToLower(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(random))[:26]
	return number, s.uploads.ChangeUpload(ctx, id, func(r round.Round, u *Upload, now time.Time) (*Upload, error) {
		if err := rollTakesChanges(r); err != nil {
			return nil, err
		}
		if u != nil && u.State.works() && !u.lapsed(now) {
			return nil, domain.Fail(domain.Conflict, CodeImporting, "a roll is being imported to %s", id)
		}
		return &Upload{
			Round: id, ID: number, By: actor.ID, Name: actor.Name, Size: size, State: Receiving, At: now,
		}, nil
	})
}

// AddPart takes a part of the file, from 1; each is PartBytes long but the last
// one.
func (s *Service) AddPart(ctx context.Context, actor domain.Actor, id, upload string, number int, data []byte) error {
	if err := actor.Need(domain.Official); err != nil {
		return err
	}
	sealed := s.uploadSealer.Seal(data, partContext(upload, number))
	return s.uploads.AddPart(ctx, id, number, len(data), sealed, func(u *Upload) error {
		if err := u.is(upload, Receiving); err != nil {
			return err
		}
		if want := min(PartBytes, u.Size-int64(number-1)*PartBytes); int64(len(data)) != want {
			return domain.Fail(domain.Invalid, domain.CodeInvalid,
				"part %d of %d bytes has %d bytes, and not %d", number, u.Size, len(data), want)
		}
		return nil
	})
}

// CheckUpload has the file checked: nothing is changed. Conflict CodeIncomplete
// unless all of it is there.
func (s *Service) CheckUpload(ctx context.Context, actor domain.Actor, id, upload string) error {
	if err := actor.Need(domain.Official); err != nil {
		return err
	}
	return s.uploads.ChangeUpload(ctx, id, func(r round.Round, u *Upload, now time.Time) (*Upload, error) {
		if err := rollTakesChanges(r); err != nil {
			return nil, err
		}
		if err := u.is(upload, Receiving, Checked); err != nil {
			return nil, err
		}
		if u.Received != u.Size {
			return nil, domain.Fail(domain.Conflict, CodeIncomplete, "%d of %d bytes are there", u.Received, u.Size)
		}
		return u.wanted(Checking, now), nil
	})
}

// TakeUpload has the file that was checked made the round's roll. As many
// people may disappear from it as the official says, or one in twenty:
// Conflict CodeManyRemoved.
func (s *Service) TakeUpload(ctx context.Context, actor domain.Actor, id, upload string, removeUpTo int) error {
	if err := actor.Need(domain.Official); err != nil {
		return err
	}
	return s.uploads.ChangeUpload(ctx, id, func(r round.Round, u *Upload, now time.Time) (*Upload, error) {
		if err := rollTakesChanges(r); err != nil {
			return nil, err
		}
		if err := u.is(upload, Checked); err != nil {
			return nil, err
		}
		c := u.Result.Change
		removeUpTo = max(removeUpTo, c.mayRemove())
		if c.Removed > removeUpTo {
			return nil, domain.Fail(domain.Conflict, CodeManyRemoved,
				"%d of %d people would be removed, and only %d may", c.Removed, c.Before, removeUpTo)
		}
		u = u.wanted(Taking, now)
		u.Taker, u.RemoveUpTo = round.Signature(actor), removeUpTo
		return u, nil
	})
}

// DropUpload stops whatever is done with an upload and forgets it. The roll
// stays as it was, unless it has been taken: Conflict CodeEdited.
func (s *Service) DropUpload(ctx context.Context, actor domain.Actor, id, upload string) error {
	if err := actor.Need(domain.Official); err != nil {
		return err
	}
	return s.uploads.ChangeUpload(ctx, id, func(_ round.Round, u *Upload, _ time.Time) (*Upload, error) {
		return nil, u.is(upload, Receiving, Checking, Checked, Taking, WithFaults, Refused, Failed, Interrupted)
	})
}

// is nil if this is the upload of that number, in one of the states.
func (u *Upload) is(id string, states ...UploadState) error {
	if u == nil || u.ID != id {
		return domain.Fail(domain.Conflict, domain.CodeEdited, "the upload %s is there no more", id)
	}
	for _, state := range states {
		if u.State == state {
			return nil
		}
	}
	return domain.Fail(domain.Conflict, domain.CodeEdited, "the upload %s is %s", id, u.State)
}

// lapsed tells whether the server that worked on it is gone.
func (u *Upload) lapsed(now time.Time) bool {
	return u.State.works() && !u.Lease.IsZero() && now.After(u.Lease)
}

// wanted is the upload as it waits for a server.
func (u *Upload) wanted(state UploadState, now time.Time) *Upload {
	w := u.settled(state, now)
	w.Read = 0
	return w
}

// partContext ties a part to its place.
func partContext(upload string, number int) string {
	return fmt.Sprintf("upload %s part %d", upload, number)
}
