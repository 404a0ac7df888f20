package record

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"osbu/domain/box"
	"osbu/domain/round"
)

// Opened is a record that was read; nothing in it is checked beyond its shape
// and the signatures of manifest and outcome.
type Opened struct {
	Note      []byte // the manifest as a signed note
	Manifest  round.Manifest
	Published Published
	zip       *archive
}

// Open reads a record's manifest and outcome.
func Open(record Source) (o Opened, err error) {
	if o.zip, err = openArchive(record); err != nil {
		return Opened{}, err
	}
	if o.Note, err = o.zip.read(manifestFile); err != nil {
		return Opened{}, err
	}
	if o.Manifest, err = openManifest(o.Note); err != nil {
		return Opened{}, within(manifestFile, err)
	}
	outcome, err := o.zip.read(outcomeFile)
	if err != nil {
		return Opened{}, err
	}
	if o.Published, err = decodePublished(outcome); err != nil {
		return Opened{}, within(outcomeFile, err)
	}
	signature, err := o.zip.read(signatureFile)
	if err != nil {
		return Opened{}, err
	}
	verifier, err := note.NewVerifier(o.Manifest.LogKey)
	if err != nil {
		return Opened{}, within(manifestFile, err)
	}
	n, err := openNote(signature, verifier)
	if err == nil && n.Text != box.RecordText(o.Manifest.Round, sha256.Sum256(outcome)) {
		err = errors.New("not of this outcome.json")
	}
	return o, within(signatureFile, err)
}

// Choices are those of an area's ballots, in the order of the log; an error if
// they are withheld.
func (o Opened) Choices(area string) (choices [][]int, err error) {
	err = o.zip.lines(openingsFile(area), longestOpening, func(n int, line []byte) error {
		opening, err := parseOpening(line)
		if err != nil {
			return fault(openingsFile(area), n, "%v", err)
		}
		choices = append(choices, opening.choices)
		return nil
	})
	return choices, err
}

// Input is an area's .pb file.
func (o Opened) Input(area string) ([]byte, error) { return o.zip.read(inputFile(area)) }

// Options of a check.
type Options struct {
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
	Opened
	Leaves      int64
	Root        tlog.Hash // of the whole tree
	Checkpoints int
	Witnesses   []Witness
	// Unchecked are the areas whose ballots are withheld and were not given;
	// Unrecounted those of them whose outcome cannot be counted from their
	// totals.
	Unchecked, Unrecounted []string
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
	v := &verifying{Options: o}
	if v.Progress == nil {
		v.Progress = func(Stage, int64, int64) {}
	}
	for _, check := range []func() error{
		func() (err error) { v.Opened, err = Open(record); return err },
		v.shape,
		func() error { return v.log(ctx) },
		func() error { return v.ballots(ctx) },
		v.numbers,
		func() error { return v.areas(ctx) },
		func() error { return v.zip.canonical(names(v.Published), v.Manifest.Closes) },
		v.auditorsBytes,
	} {
		if err := check(); err != nil {
			return Confirmed{}, err
		}
		if err := ctx.Err(); err != nil {
			return Confirmed{}, err
		}
	}
	return v.Confirmed, nil
}

// verifying is one check as far as it has come.
type verifying struct {
	Options
	Confirmed
	auditors *archive
	leaves   []leaf
	choices  [][][]int // by area, of the ballots that count; nil where they are withheld and not given
}

// openManifest checks the note's signature with the log key that the manifest
// itself names: whoever has the manifest from elsewhere compares the two.
func openManifest(signed []byte) (round.Manifest, error) {
	end := bytes.Index(signed, []byte("\n\n"))
	if end < 0 {
		return round.Manifest{}, errors.New("not a signed note")
	}
	text := signed[:end+1]
	m, err := round.DecodeManifest(text)
	if err != nil {
		return round.Manifest{}, err
	}
	verifier, err := note.NewVerifier(m.LogKey)
	if err != nil {
		return round.Manifest{}, fmt.Errorf("log key: %w", err)
	}
	if _, err = openNote(signed, verifier); err != nil {
		return round.Manifest{}, err
	}
	again, err := m.Encode()
	if err == nil && !bytes.Equal(again, text) {
		err = fmt.Errorf("not written as a manifest is")
	}
	return m, err
}

// openNote opens a signed note all of whose signatures are by the keys given,
// the first by the first, and which is written as notes are.
func openNote(signed []byte, first note.Verifier, others ...note.Verifier) (*note.Note, error) {
	n, err := note.Open(signed, note.VerifierList(append([]note.Verifier{first}, others...)...))
	if err != nil {
		return nil, err
	}
	if len(n.UnverifiedSigs) > 0 {
		return nil, fmt.Errorf(
			"a signature by the unknown key %s+%08x",
			n.UnverifiedSigs[0].Name,
			n.UnverifiedSigs[0].Hash,
		)
	}
	if n.Sigs[0].Name != first.Name() || n.Sigs[0].Hash != first.KeyHash() {
		return nil, fmt.Errorf("the first signature is not by %s", first.Name())
	}
	var again strings.Builder
	again.WriteString(n.Text + "\n")
	for _, s := range n.Sigs {
		signature, err := base64.StdEncoding.DecodeString(s.Base64)
		if err != nil {
			return nil, err
		}
		again.WriteString(
			"— " + s.Name + " " + base64.StdEncoding.EncodeToString(signature) + "\n",
		) // without stray bits
	}
	if again.String() != string(signed) {
		return nil, errors.New("not written as a signed note is")
	}
	return n, nil
}

// shape is nil if manifest, outcome and files speak of the same areas and
// papers.
func (v *verifying) shape() (err error) {
	m, p := v.Manifest, v.Published
	if err := checkManifest(m); err != nil {
		return within(manifestFile, err)
	}
	switch {
	case p.Round != m.Round:
		return fault(outcomeFile, 0, "of round %q, not %q", p.Round, m.Round)
	case p.Decision == "":
		return fault(outcomeFile, 0, "no decision confirmed the result")
	case !slices.EqualFunc(p.Areas, m.Areas, func(a PublishedArea, b round.ManifestArea) bool { return a.Area == b.ID }):
		return fault(outcomeFile, 0, "the areas are not the manifest's")
	case !slices.EqualFunc(p.Papers, m.Papers, func(a PublishedPaper, b round.ManifestPaper) bool { return a.Paper == b.ID }):
		return fault(outcomeFile, 0, "the papers are not the manifest's")
	}
	some := false
	for _, a := range p.Areas {
		if a.Withheld != withholds(m.OpeningsFrom, a.Ballots) {
			return fault(
				outcomeFile,
				0,
				"area %s has %d ballots: by the manifest's openings_from (%d), withheld must be %v",
				a.Area,
				a.Ballots,
				m.OpeningsFrom,
				!a.Withheld,
			)
		}
		if seed, err := hex.DecodeString(a.Lot); err != nil || hex.EncodeToString(seed) != a.Lot ||
			round.Commit(seed) != m.LotCommitment {
			return fault(outcomeFile, 0, "area %s: the lot's seed is not what the manifest committed to", a.Area)
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
		return errors.New("auditors' part: nothing is withheld in this record")
	}
	if v.auditors, err = openArchive(v.Auditors); err == nil {
		if err = v.auditors.holds(auditorsNames(p)); err == nil {
			err = v.auditors.same(readmeFile, auditorsReadme(p))
		}
	}
	return ofAuditors(err)
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

func ofAuditors(err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("auditors' part: %w", err)
}

// of is the zip that an area's files lie in, nil if they are withheld and not
// given.
func (v *verifying) of(a PublishedArea) *archive {
	if a.Withheld {
		return v.auditors
	}
	return v.zip
}

// checkManifest is nil if ballots can be held against the manifest: every name
// once, every area on one paper, every project in an area.
func checkManifest(m round.Manifest) error {
	areas, papers, on, numbers := map[string]bool{}, map[string]bool{}, map[string]bool{}, map[int]bool{}
	for _, a := range m.Areas {
		if !round.IsAddress(a.ID) || areas[a.ID] {
			return fmt.Errorf("area %q: no address, or there twice", a.ID)
		}
		areas[a.ID] = true
	}
	for _, p := range m.Papers {
		if !round.IsAddress(p.ID) || papers[p.ID] {
			return fmt.Errorf("paper %q: no address, or there twice", p.ID)
		}
		papers[p.ID] = true
		for _, a := range p.Areas {
			if !areas[a] || on[a] {
				return fmt.Errorf("paper %s: area %q is unknown, or on two papers", p.ID, a)
			}
			on[a] = true
		}
		if _, err := issuerOf(p); err != nil {
			return fmt.Errorf("paper %s: %w", p.ID, err)
		}
	}
	for _, a := range m.Areas {
		if !on[a.ID] {
			return fmt.Errorf("area %s is on no paper", a.ID)
		}
	}
	for _, p := range m.Projects {
		if !areas[p.Area] || numbers[p.Number] {
			return fmt.Errorf("project %d: its area is unknown, or its number there twice", p.Number)
		}
		numbers[p.Number] = true
	}
	for i, c := range m.Conflicts {
		for j, n := range c.Projects {
			if !numbers[n] || j > 0 && c.Projects[j-1] >= n {
				return fmt.Errorf("conflict %d: project %d is unknown, or not in ascending order", i+1, n)
			}
		}
		if len(c.Projects) < 2 {
			return fmt.Errorf("conflict %d is of fewer than two projects", i+1)
		}
	}
	return nil
}

// numbers is nil if the papers' numbers fit together, and no paper has more
// ballots than credentials.
func (v *verifying) numbers() error {
	ballots := map[string]int{}
	for _, a := range v.Published.Areas {
		ballots[paperOf(v.Manifest, a.Area).ID] += a.Ballots
	}
	for _, p := range v.Published.Papers {
		s := Spent{p.Online, p.Assisted, p.OnPaper, p.Replaced}
		switch {
		case min(p.Online, p.Assisted, p.OnPaper, p.Replaced) < 0:
			return fault(outcomeFile, 0, "paper %s: fewer than no rights were spent", p.Paper)
		case s.Rights() > p.Rights:
			return fault(
				outcomeFile,
				0,
				"paper %s: %d rights were spent, but there were only %d",
				p.Paper,
				s.Rights(),
				p.Rights,
			)
		case s.Credentials() != p.Credentials:
			return fault(
				outcomeFile,
				0,
				"paper %s: %d credentials, but online, assisted and replaced are %d",
				p.Paper,
				p.Credentials,
				s.Credentials(),
			)
		case ballots[p.Paper] != p.Ballots:
			return fault(
				outcomeFile,
				0,
				"paper %s: %d ballots, but its areas have %d",
				p.Paper,
				p.Ballots,
				ballots[p.Paper],
			)
		case p.Ballots > p.Credentials:
			return fault(
				outcomeFile,
				0,
				"paper %s: %d ballots, but only %d credentials were issued",
				p.Paper,
				p.Ballots,
				p.Credentials,
			)
		case p.Difference != p.Credentials-p.Ballots:
			return fault(
				outcomeFile,
				0,
				"paper %s: %d credentials and %d ballots do not differ by %d",
				p.Paper,
				p.Credentials,
				p.Ballots,
				p.Difference,
			)
		}
	}
	return nil
}
