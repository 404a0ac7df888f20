package record

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"osbu/domain/ballot"
	"osbu/domain/box"
	"osbu/domain/round"
)

// Unpacked is a record that was read; nothing in it is checked beyond its shape
// and the signatures of manifest and outcome.
type Unpacked struct {
	Note      []byte // the manifest as a signed note
	Manifest  round.Manifest
	Published Published
	zip       *archive
}

// Open reads a record's manifest and outcome.
func Open(record Source) (o Unpacked, err error) {
	if o.zip, err = openArchive(record); err != nil {
		return o, err
	}
	if o.Note, err = o.zip.read(manifestFile); err != nil {
		return o, err
	}
	if o.Manifest, err = openManifest(o.Note); err != nil {
		return o, within(manifestFile, err)
	}
	outcome, err := o.zip.read(outcomeFile)
	if err != nil {
		return o, err
	}
	if o.Published, err = decodePublished(outcome); err != nil {
		return o, within(outcomeFile, err)
	}
	signature, err := o.zip.read(signatureFile)
	if err != nil {
		return o, err
	}
	verifier, err := note.NewVerifier(o.Manifest.LogKey)
	if err != nil {
		return o, within(manifestFile, err)
	}
	n, err := openNote(signature, verifier)
	if err != nil {
		return o, within(signatureFile, atSignatures(signature, err))
	}
	return o, o.statement(n.Text, outcome)
}

// statement is nil if the text that signature.txt signs is of the files here.
func (o Unpacked) statement(signed string, outcome []byte) error {
	what := box.Statement{Outcome: sha256.Sum256(outcome)}
	for name, into := range map[string]*[32]byte{
		checkpointsFile: &what.Checkpoints, witnessesFile: &what.Witnesses, batchesFile: &what.Batches,
	} {
		r, err := o.zip.open(name)
		if err != nil {
			return err
		}
		hash := sha256.New()
		_, err = io.Copy(hash, r)
		if err := errors.Join(err, r.Close()); err != nil {
			return within(name, err)
		}
		*into = [32]byte(hash.Sum(nil))
	}
	want := []byte(what.Text(o.Manifest.Round))
	at := differ([]byte(signed), want)
	if at < 0 {
		return nil
	}
	text := "not what is signed of a record"
	if of := []string{checkpointsFile, witnessesFile, batchesFile, outcomeFile}; at >= 3 && at <= 6 {
		text = "not the SHA-256 of this " + of[at-3] //nolint:gosec // of has as many as the condition lets pass
	}
	return fault(signatureFile, at, "%s", text)
}

// Votes are those of an area's ballots, in the order of the log; an error if
// they are withheld.
func (o Unpacked) Votes(area string) (votes []ballot.Vote, err error) {
	paper := paperOf(o.Manifest, area)
	err = o.zip.lines(openingsFile(area), longestOpening, func(n int, line []byte) error {
		opening, err := parseOpening(line, sealedLength(paper), paper.Form.VoteKind())
		if err != nil {
			return fault(openingsFile(area), n, "%v", err)
		}
		votes = append(votes, opening.vote)
		return nil
	})
	return votes, err
}

// Input is an area's .pb file.
func (o Unpacked) Input(area string) ([]byte, error) { return o.zip.read(inputFile(area)) }

// Options of a check.
type Options struct {
	// Key is the round's log key, from elsewhere than the record; empty: any
	// key will do, and whose record it is remains to be found out.
	Key string
	// Auditors is the auditors' part; nil: what is withheld is checked as far
	// as the record's totals go.
	Auditors Source
	// Progress is told, from one goroutine, how much of a stage is done. May be
	// nil.
	Progress func(s Stage, done, total int64)
}

// Stage is a part of a check that may take seconds.
type Stage string

// The stages, in their order.
const (
	CheckingLog     Stage = "log"
	CheckingBallots Stage = "ballots"
	Counting        Stage = "areas"
)

// Confirmed is a record in which everything fits together.
type Confirmed struct {
	Unpacked
	CheckCode   string // of the manifest, as it stands on posters and pages
	Leaves      int64
	Root        tlog.Hash // of the whole tree
	Checkpoints int
	Steps       []Step       // from the freeze on, that the log vouches for
	Corrections []Correction // of the decision's number, among the steps
	Witnesses   []Witness
	Batches     []box.PaperBatch // of sheets of paper
	// Unchecked are the areas whose ballots are withheld and were not given;
	// Unrecounted those of them whose outcome cannot be counted from their
	// totals.
	Unchecked, Unrecounted []string
}

// Step is a step of the round, and when it was taken.
type Step struct {
	round.Step
	At time.Time
}

// Witness is somebody whose key is in the record, and how many checkpoints she
// cosigned.
type Witness struct {
	Key         string
	Checkpoints int
}

// Verify recomputes everything that a record says, from the record alone: the
// signatures of manifest and checkpoints, the tree, every ballot's place in it,
// credential, signature and form, doubles, the ballots against the credentials
// issued, the count of every area under its rule, and the zip's own bytes. It
// returns what was confirmed, or the first fault in the order of README.md: the
// same, however many cores look for it. Ending ctx ends it.
func Verify(ctx context.Context, record Source, o Options) (Confirmed, error) {
	v, err := verified(ctx, record, o)
	if err != nil {
		return Confirmed{}, err
	}
	return v.Confirmed, nil
}

func verified(ctx context.Context, record Source, o Options) (*verifying, error) {
	v := &verifying{Options: o}
	if v.Progress == nil {
		v.Progress = func(Stage, int64, int64) {}
	}
	for _, check := range []func() error{
		func() (err error) { v.Unpacked, err = Open(record); return err },
		v.key,
		v.shape,
		func() error { return v.log(ctx) },
		v.batches,
		func() error { return v.ballots(ctx) },
		v.numbers,
		func() error { return v.areas(ctx) },
		func() error { return v.zip.canonical(names(v.Published), v.Manifest.Closes) },
		v.auditorsBytes,
	} {
		if err := check(); err != nil {
			return nil, placed(err, v.zip, v.auditors)
		}
		if err := ctx.Err(); err != nil {
			return nil, err
		}
	}
	return v, nil
}

// verifying is one check as far as it has come.
type verifying struct {
	Options
	Confirmed
	auditors *archive
	outcome  []byte // outcome.json
	opener   opener
	leaves   []leaf
	heads    []head
	votes    []areaVotes        // by area, of the ballots that count; empty where they are withheld and not given
	byBatch  map[string]*sheets // of paper
}

// key is nil if the record is by the log key that was named, if one was.
func (v *verifying) key() error {
	if v.Key == "" || v.Key == v.Manifest.LogKey {
		return nil
	}
	return fault(manifestFile, lineOf(v.Note, "log_key"),
		"the log key is %s, not the %s that you named: it is somebody else's record", v.Manifest.LogKey, v.Key)
}

// wrong is a fault of outcome.json at the value at a path.
func (v *verifying) wrong(path, format string, args ...any) error {
	return fault(outcomeFile, lineOf(v.outcome, path), format, args...)
}

// shape is nil if manifest, outcome and files speak of the same areas and
// papers.
func (v *verifying) shape() (err error) {
	m, p := v.Manifest, v.Published
	if v.outcome, err = v.zip.read(outcomeFile); err != nil {
		return err
	}
	if err := checkManifest(m); err != nil {
		return within(manifestFile, &Fault{Line: lineOf(v.Note, err.path), Byte: nowhere, Text: err.text})
	}
	switch {
	case p.Round != m.Round:
		return v.wrong("round", "of round %q, not %q", p.Round, m.Round)
	case p.Decision == "":
		return v.wrong("decision", "no decision confirmed the result")
	case !slices.EqualFunc(p.Areas, m.Areas, func(a PublishedArea, b round.ManifestArea) bool { return a.Area == b.ID }):
		return v.wrong("areas", "the areas are not the manifest's, in its order")
	case !slices.EqualFunc(p.Papers, m.Papers,
		func(a PublishedPaper, b round.ManifestPaper) bool { return a.Paper == b.ID }):
		return v.wrong("papers", "the papers are not the manifest's, in its order")
	}
	if err := v.openingKey(); err != nil {
		return err
	}
	some := false
	for i, a := range p.Areas {
		at := fmt.Sprintf("areas/%d/", i)
		if err := v.within(at, []field{{"ballots", a.Ballots}, {"blank", a.Blank}, {"sheets", a.Sheets}}); err != nil {
			return err
		}
		if a.Withheld != withholds(m.OpeningsFrom, a.Ballots) {
			return v.wrong(
				at+"withheld",
				"area %s has %d ballots: by the manifest's openings_from (%d), withheld must be %v",
				a.Area,
				a.Ballots,
				m.OpeningsFrom,
				!a.Withheld,
			)
		}
		if seed, err := hex.DecodeString(a.Lot); err != nil || hex.EncodeToString(seed) != a.Lot ||
			len(seed) != seedLength || round.Commit(seed) != m.LotCommitment {
			return v.wrong(at+"lot_seed", "area %s: the lot's seed is not the %d bytes that the manifest committed to", a.Area,
				seedLength)
		}
		some = some || a.Withheld
	}
	if err := v.zip.holds(names(p)); err != nil {
		return err
	}
	if err := v.zip.same(readmeFile, readme(p)); err != nil || v.Auditors == nil {
		return err
	}
	if !some {
		return &Fault{Part: auditorsPartName, Byte: nowhere, Text: "nothing is withheld in this record"}
	}
	if v.auditors, err = openArchive(v.Auditors); err == nil {
		if err = v.auditors.holds(auditorsNames(p)); err == nil {
			err = v.auditors.same(readmeFile, auditorsReadme(p))
		}
	}
	return ofAuditors(err)
}

// openingKey is nil if the record has the key that opens its ballots, or none
// if they were not sealed.
func (v *verifying) openingKey() error {
	m, private := v.Manifest, v.Published.OpeningKey
	if (m.Sealing == nil) != (len(private) == 0) {
		return v.wrong("opening_key", "there is an opening_key exactly if the manifest has sealing")
	}
	key, err := openingOf(m, private)
	if err != nil {
		return v.wrong("opening_key", "not the private key to the manifest's sealing.key")
	}
	v.opener = newOpener(m, key)
	return nil
}

// same is nil if a file is what it must be.
func (a *archive) same(name string, want []byte) error {
	text, err := a.read(name)
	if err != nil {
		return err
	}
	if at := differ(text, want); at > 0 {
		return fault(name, at, "not what the rest of the record makes")
	}
	return nil
}

func (v *verifying) auditorsBytes() error {
	if v.auditors == nil {
		return nil
	}
	return ofAuditors(v.auditors.canonical(auditorsNames(v.Published), v.Manifest.Closes))
}

// of is the zip that an area's files lie in, nil if they are withheld and not
// given.
func (v *verifying) of(a PublishedArea) *archive {
	if a.Withheld {
		return v.auditors
	}
	return v.zip
}
