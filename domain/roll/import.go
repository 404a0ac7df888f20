package roll

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"

	"osbu/domain"
	"osbu/domain/round"
	"osbu/domain/sheet"
)

// Import is a roll to be taken into a round.
type Import struct {
	Round   string
	File    io.Reader
	Command string // who does it, for the audit log
	// Upload is the number of the upload that the file came by, which is taken in
	// the moment the roll is changed, or Conflict CodeEdited if it is there no
	// more; empty: the file came by the command.
	Upload string
	Check  bool // only tell what would change
	// Read is told from time to time which share of the file has been read, 0 to
	// 1; nil: nobody asks.
	Read func(share float64)
	// RemoveUpTo is how many people may disappear from the roll; negative: one
	// in twenty. A truncated file must not take the vote from a city.
	RemoveUpTo int
}

// Change is what an import does, in people.
type Change struct {
	Before  int // on the roll until now
	Added   int
	Removed int
	Changed int // birthday, municipality, area or protection
	Recoded int // came under another identity code than before; still the same person with the same rights
	// Encoding is how the file was written.
	Encoding sheet.Encoding
}

// CodeManyRemoved is the refusal of a file that would take more people from the
// roll than it was said it may.
const CodeManyRemoved domain.Code = "many_removed"

// mayRemove is how many may disappear from the roll though nobody said so.
func (c Change) mayRemove() int { return c.Before / 20 }

// After is how many the roll will have.
func (c Change) After() int { return c.Before + c.Added - c.Removed }

// errChecked ends a check without a change.
var errChecked = errors.New("checked only")

// Import replaces a round's roll by a CSV file: all of it, or nothing. A file
// with bad rows gives Faults, with every one of them. Rights hang on the person
// and not on the roll's entry: neither leaving and coming back nor a new
// identity code gives a second one.
func (s *Service) Import(ctx context.Context, in Import) (Change, error) {
	r, err := s.rounds.Round(ctx, in.Round)
	if err != nil {
		return Change{}, err
	}
	areas := map[string]bool{}
	for _, a := range r.Settings.Areas {
		areas[a.ID] = true
	}
	var faults Faults
	digest := sha256.New()
	rows, err := newReader(io.TeeReader(in.File, digest), s.pepper, areas, faults.add)
	if err != nil {
		return Change{}, err
	}
	var change Change
	err = s.register.Replace(
		ctx,
		in.Round,
		in.Upload,
		rows.telling(in.Read),
		func(r round.Round, c Change, between Faults) (round.Entry, error) {
			change = c
			if err := rollTakesChanges(r); err != nil {
				return round.Entry{}, err
			}
			if all := faults.with(between); all.Total > 0 {
				return round.Entry{}, all
			}
			allowed := in.RemoveUpTo
			if allowed < 0 {
				allowed = c.mayRemove()
			}
			if c.Removed > allowed {
				return round.Entry{}, domain.Fail(
					domain.Conflict,
					CodeManyRemoved,
					"%d of %d people would be removed, and only %d may: is the file whole? If it is, allow it with --remove-up-to %d",
					c.Removed,
					c.Before,
					allowed,
					c.Removed,
				)
			}
			if in.Check {
				return round.Entry{}, errChecked
			}
			return importEntry(in, c, digest.Sum(nil))
		},
	)
	change.Encoding = rows.text.Encoding
	if errors.Is(err, errChecked) {
		err = nil
	}
	return change, err
}

// importEntry tells the audit log which file was taken in, and what it did, in
// numbers.
func importEntry(in Import, c Change, digest []byte) (round.Entry, error) {
	details, err := json.Marshal(map[string]any{
		"sha256": hex.EncodeToString(
			digest,
		), "entries": c.After(), "added": c.Added, "removed": c.Removed, "changed": c.Changed, "recoded": c.Recoded,
	})
	return round.Entry{Round: in.Round, Actor: in.Command, Action: "import roll", Details: string(details)}, err
}
