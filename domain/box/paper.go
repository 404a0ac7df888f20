package box

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"

	"osbu/domain"
	"osbu/domain/ballot"
)

// How a vote on paper gets into the log. A sheet has no key, no credential and
// no signature: what stands for them is that the sheet lies in a batch, whose
// sheets two people counted and keyed in.
//
//	DeclareBatch  a stack of sheets of one paper is there; the close waits for it
//	KeySheets     what one of two people keyed in of it is kept, until it is settled
//	ReopenBatch   two others begin to key it in again
//	SealBatch     its sheets were keyed in twice and agree: they go into the log, shuffled
//	LeaveOut      or it does not count, and the record says why
//
// Batches and what became of their sheets are in the record
// (paper/batches.txt): all rights that were marked as spent on paper are those
// of some batch.

// PaperBatch is a stack of sheets of one paper, from one place and day.
type PaperBatch struct {
	Batch string     // its name
	Paper string     // whose sheets they are
	Place string     // where they were cast
	Day   string     // 2006-01-02
	State BatchState // set by the box
	// Attempt is the how manyth time it is keyed in, from 1: set by the box, and
	// not in the record.
	Attempt int
	// Rights that were marked as spent on paper, and that this batch answers for.
	// Without sheets it may be below zero: others answer for so many too much.
	Marked   int
	Declared int // sheets, as whoever took them out of the ballot box counted them
	BatchCount
}

// BatchCount is what became of a batch's sheets. Zero while it is open.
type BatchCount struct {
	Agreed    int            // keyed in twice alike; they count
	Decided   map[string]int // by reason: doubtful, and decided to count
	Uncounted map[string]int // by reason: doubtful, and decided not to count
	Spoiled   int            // given back by their voters, who took no other one
	TakenAway int            // carried out of the place
	// Explanation is why the numbers do not agree, or why the batch is left out:
	// for everybody to read.
	Explanation string
	// Attempt is the one in which the sheets were keyed in, if another one must
	// not have begun; not in the record.
	Attempt int
}

// KeyedSheets are what one of the two people who key a batch in says of it. The
// box knows them by a number.
type KeyedSheets struct {
	Batch   string
	Attempt int
	Part    int      // 1 or 2
	Version int      // from 1: what she corrected is another one
	Sheets  []string // a line each, in the order of their serials, which tells no order of keying
}

// BatchState is where a batch stands.
type BatchState string

// The states.
const (
	BatchDeclared BatchState = "open"
	BatchSealed   BatchState = "sealed"
	BatchLeftOut  BatchState = "left_out"
)

// PaperSheet is a sheet as it was keyed in.
type PaperSheet struct {
	Batch, Serial string
	Commit        [32]byte // SHA-256 of Payload
	Payload       []byte   // canonical bytes (domain/ballot)
}

// Batches keeps paper.
type Batches interface {
	// DeclareBatch keeps an open batch, or changes one that is still open.
	// Conflict CodeBatch if it is settled; Closed after the close of the vote;
	// NotFound if the vote was never opened.
	DeclareBatch(ctx context.Context, round string, b PaperBatch) error
	// KeySheets keeps a version of what was keyed in of an open batch. Conflict
	// CodeReopened if the batch is being keyed in anew, CodeEdited if that version
	// is there already; refusals else as SealBatch's.
	KeySheets(ctx context.Context, round string, k KeyedSheets) error
	// KeyedSheets are the last versions of both in the current attempt, of one
	// batch, or of all with no name; none of what is settled.
	KeyedSheets(ctx context.Context, round, batch string) ([]KeyedSheets, error)
	// ReopenBatch begins another attempt of an open batch whose attempt is this
	// one: what was keyed in stays, and is not looked at any more. Twice is as
	// once. Refusals as SealBatch's.
	ReopenBatch(ctx context.Context, round, batch string, attempt int) error
	// Logged are those serials that sheets in the log have.
	Logged(ctx context.Context, round string, serials []string) ([]string, error)
	// SealBatch gives the sheets' leaves to extend as an Extend does, and keeps
	// what it answers, the sheets and the count in one transaction, after which
	// the batch is sealed. A batch that is sealed with these very sheets is left
	// as it is: nil, without a call of extend. It waits for another Extend.
	//
	//	nil       durable
	//	NotFound  there is no such batch
	//	Conflict  CodeBatch: it is settled, otherwise; CodeSerial: a sheet has a serial that is in the log;
	//	          CodeReopened: another attempt than the count's has begun
	//	Closed    the vote is closed
	//	others    all of it or nothing
	SealBatch(ctx context.Context, round, batch string, sheets []PaperSheet, count BatchCount,
		extend func(Batch) (Extension, error)) error
	// LeaveOut settles an open batch without a sheet in the log; the same
	// explanation once more changes nothing. Refusals as SealBatch's.
	LeaveOut(ctx context.Context, round, batch, explanation string) error
	// PaperBatches are all, by name.
	PaperBatches(ctx context.Context, round string) ([]PaperBatch, error)
}

var (
	batchName  = regexp.MustCompile(`^[A-Z0-9]{1,12}$`)
	serialName = regexp.MustCompile(`^[0-9A-HJKMNP-TV-Z]{8}$`) // Crockford's base 32, as domain.DrawCode's
	reasonName = regexp.MustCompile(`^[a-z][a-z_]{0,39}$`)
)

// NameSheet is nil if batch and serial can be a sheet's.
func NameSheet(batch, serial string) error {
	switch {
	case !batchName.MatchString(batch):
		return fmt.Errorf("batch %.20q, want 1 to 12 of A-Z and 0-9", batch)
	case !serialName.MatchString(serial):
		return fmt.Errorf("serial %.20q, want 8 of 0-9 and A-Z without I, L, O and U", serial)
	}
	return nil
}

// mostSheets bounds a batch, and longestText what is said of it, in bytes.
const (
	mostSheets  = 1_000_000
	longestText = 2000
)

// Counted is how many of the batch's sheets count.
func (c BatchCount) Counted() int { return c.Agreed + sum(c.Decided) }

// Missing is how many of the declared sheets nobody keyed in; below zero there
// were more than was declared.
func (b PaperBatch) Missing() int { return b.Declared - b.Counted() - sum(b.Uncounted) }

// Difference is how many of the rights that were marked as spent on paper have
// neither a sheet that was declared nor one that was spoiled or taken away.
func (b PaperBatch) Difference() int { return b.Marked - b.Declared - b.Spoiled - b.TakenAway }

func sum(by map[string]int) (n int) {
	for _, k := range by {
		n += k
	}
	return n
}

// Check is nil if the batch is one whose numbers fit together, and says so in
// words where they do not agree.
func (b PaperBatch) Check() error {
	day, err := time.Parse(time.DateOnly, b.Day)
	switch {
	case !batchName.MatchString(b.Batch):
		return fmt.Errorf("batch %.20q, want 1 to 12 of A-Z and 0-9", b.Batch)
	case !sentence(b.Place) || b.Place == "":
		return errors.New("place: no text of one line")
	case err != nil || day.Format(time.DateOnly) != b.Day:
		return fmt.Errorf("day %.20q, want YYYY-MM-DD", b.Day)
	case !sentence(b.Explanation):
		return errors.New("explanation: no text of one line")
	}
	for name, n := range map[string]int{
		"marked": max(b.Marked, -b.Marked), "declared": b.Declared, "agreed": b.Agreed,
		"spoiled": b.Spoiled, "taken_away": b.TakenAway,
	} {
		if n < 0 || n > mostSheets {
			return fmt.Errorf("%s: not a number from 0 to %d", name, mostSheets)
		}
	}
	if b.Marked < 0 && (b.Declared > 0 || b.State == BatchSealed) {
		return errors.New("marked: below zero, and there are sheets")
	}
	for _, by := range []map[string]int{b.Decided, b.Uncounted} {
		for reason, n := range by {
			if !reasonName.MatchString(reason) || n < 1 || n > mostSheets {
				return fmt.Errorf("reason %.40q with %d sheets", reason, n)
			}
		}
	}
	return b.explained()
}

// explained is nil if what is said of a settled batch suffices.
func (b PaperBatch) explained() error {
	switch b.State {
	case BatchDeclared:
	case BatchSealed:
		if (b.Missing() != 0 || b.Difference() != 0) && b.Explanation == "" {
			return errors.New("the numbers do not agree, and no explanation says why")
		}
	case BatchLeftOut:
		if b.Counted() > 0 {
			return errors.New("left out, and has sheets that count")
		}
		if b.Explanation == "" {
			return errors.New("left out, and no explanation says why")
		}
	default:
		return fmt.Errorf("state %.20q", b.State)
	}
	return nil
}

// sentence tells whether a text can stand on a line.
func sentence(text string) bool {
	return len(text) <= longestText && strings.TrimSpace(text) == text && !strings.ContainsFunc(text, unicode.IsControl) &&
		strings.ToValidUTF8(text, "") == text
}

func invalid(err error) error { return domain.Fail(domain.Invalid, domain.CodeInvalid, "%v", err) }

// DeclareBatch tells the box that a batch is there. Until it is settled the
// vote cannot be closed.
func (s *Service) DeclareBatch(ctx context.Context, round string, b PaperBatch) error {
	r, err := s.reading(ctx, round)
	if err != nil {
		return err
	}
	b.State, b.BatchCount = BatchDeclared, BatchCount{}
	if err := b.Check(); err != nil {
		return invalid(err)
	}
	if _, ok := r.papers[b.Paper]; !ok {
		return domain.Problems{{Path: "paper", Code: "unknown"}}.Err()
	}
	return s.Store.DeclareBatch(ctx, r.manifest.Round, b)
}

// SealBatch puts a batch's sheets into the log, in random order and under a
// checkpoint of their own: after it nothing of the batch can change. Each sheet
// must be a ballot of the batch's paper that obeys its form. The same sheets
// once more change nothing.
func (s *Service) SealBatch(ctx context.Context, round, batch string, sheets []PaperSheet, count BatchCount) error {
	r, err := s.reading(ctx, round)
	if err != nil {
		return err
	}
	b, err := s.PaperBatch(ctx, round, batch)
	if err != nil {
		return err
	}
	b.State, b.BatchCount = BatchSealed, count
	if err := b.Check(); err != nil {
		return invalid(err)
	}
	if err := r.accepts(b, sheets); err != nil {
		return err
	}
	return s.Store.SealBatch(ctx, round, batch, sheets, count, func(at Batch) (Extension, error) {
		// A crash from here on: as in extend, nobody has seen what is signed.
		if err := shuffle(s.Rand, at.Ballots); err != nil {
			return Extension{}, err
		}
		before, tree, err := r.edge(ctx, at)
		if err != nil {
			return Extension{}, err
		}
		leaves := append(r.first(before), at.Ballots...)
		if len(leaves) == 0 { // no sheet counts
			return Extension{}, nil
		}
		return r.grown(before, tree, leaves)
	})
}

// PaperBatch is the one of that name, or NotFound.
func (s *Service) PaperBatch(ctx context.Context, round, name string) (PaperBatch, error) {
	all, err := s.Store.PaperBatches(ctx, round)
	if err != nil {
		return PaperBatch{}, err
	}
	i := slices.IndexFunc(all, func(b PaperBatch) bool { return b.Batch == name })
	if i < 0 {
		return PaperBatch{}, domain.Fail(domain.NotFound, domain.CodeNotFound, "no batch %.20q", name)
	}
	return all[i], nil
}

// accepts is nil if these can be the batch's sheets, all that count.
func (r *reading) accepts(b PaperBatch, sheets []PaperSheet) error {
	p, ok := r.papers[b.Paper]
	if !ok {
		return domain.Problems{{Path: "paper", Code: "unknown"}}.Err()
	}
	if len(sheets) != b.Counted() {
		return invalid(fmt.Errorf("%d sheets, but %d count", len(sheets), b.Counted()))
	}
	seen := map[string]bool{}
	for _, sheet := range sheets {
		err := NameSheet(sheet.Batch, sheet.Serial)
		switch {
		case err != nil:
		case sheet.Batch != b.Batch:
			err = fmt.Errorf("sheet %s is of batch %s", sheet.Serial, sheet.Batch)
		case seen[sheet.Serial]:
			err = fmt.Errorf("sheet %s is there twice", sheet.Serial)
		case sheet.Commit != ballot.Commitment(sheet.Payload):
			err = fmt.Errorf("sheet %s commits to another ballot", sheet.Serial)
		}
		if err != nil {
			return invalid(err)
		}
		seen[sheet.Serial] = true
		if err := p.obeyed(r.manifest.Round, sheet.Payload); err != nil {
			return fmt.Errorf("sheet %s: %w", sheet.Serial, err)
		}
	}
	return nil
}

// KeySheets keeps what one of two people keyed in of a batch.
func (s *Service) KeySheets(ctx context.Context, round string, k KeyedSheets) error {
	return s.Store.KeySheets(ctx, round, k)
}

// KeyedSheets are what was keyed in of a batch, or of all with no name.
func (s *Service) KeyedSheets(ctx context.Context, round, batch string) ([]KeyedSheets, error) {
	return s.Store.KeyedSheets(ctx, round, batch)
}

// ReopenBatch lets a batch be keyed in anew.
func (s *Service) ReopenBatch(ctx context.Context, round, batch string, attempt int) error {
	return s.Store.ReopenBatch(ctx, round, batch, attempt)
}

// Logged are those of the serials whose sheets are in the log.
func (s *Service) Logged(ctx context.Context, round string, serials []string) ([]string, error) {
	return s.Store.Logged(ctx, round, serials)
}

// LeaveOut settles a batch none of whose sheets count; everybody reads why.
func (s *Service) LeaveOut(ctx context.Context, round, batch, explanation string) error {
	b, err := s.PaperBatch(ctx, round, batch)
	if err != nil {
		return err
	}
	b.State, b.BatchCount = BatchLeftOut, BatchCount{Explanation: explanation}
	if err := b.Check(); err != nil {
		return invalid(err)
	}
	return s.Store.LeaveOut(ctx, round, batch, explanation)
}

// PaperBatches are a round's batches, by name, and what became of them.
func (s *Service) PaperBatches(ctx context.Context, round string) ([]PaperBatch, error) {
	return s.Store.PaperBatches(ctx, round)
}
