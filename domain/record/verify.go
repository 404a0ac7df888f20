package record

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"

	"golang.org/x/mod/sumdb/note"

	"osbu/domain/ballot"
	"osbu/domain/pabulib"
	"osbu/domain/round"
)

// Opened is a record that was read; nothing in it is checked beyond its shape.
type Opened struct {
	Note      []byte // the manifest as a signed note
	Manifest  round.Manifest
	Published Published
	Inputs    [][]byte // the .pb files, in the order of Published.Areas
}

// most is how many bytes of one file of a record are read: several times a city of a million voters.
const most = 1 << 30

// Open reads a record's zip: exactly the files that Published names, README.txt, manifest.txt and outcome.json.
func Open(record []byte) (Opened, error) {
	z, err := zip.NewReader(bytes.NewReader(record), int64(len(record)))
	if err != nil {
		return Opened{}, fmt.Errorf("no zip: %w", err)
	}
	content := map[string][]byte{}
	for _, f := range z.File {
		if _, twice := content[f.Name]; twice {
			return Opened{}, fmt.Errorf("%s is there twice", f.Name)
		}
		if content[f.Name], err = read(f); err != nil {
			return Opened{}, fmt.Errorf("%s: %w", f.Name, err)
		}
	}
	var o Opened
	o.Note = content["manifest.txt"]
	if o.Manifest, err = openManifest(o.Note); err != nil {
		return Opened{}, fmt.Errorf("manifest.txt: %w", err)
	}
	d := json.NewDecoder(bytes.NewReader(content["outcome.json"]))
	d.DisallowUnknownFields()
	if err := d.Decode(&o.Published); err != nil {
		return Opened{}, fmt.Errorf("outcome.json: %w", err)
	}
	for _, a := range o.Published.Areas {
		input, there := content[a.File]
		if !there {
			return Opened{}, fmt.Errorf("outcome.json: there is no file %s", a.File)
		}
		o.Inputs = append(o.Inputs, input)
	}
	return o, nil
}

func read(f *zip.File) ([]byte, error) {
	if f.UncompressedSize64 > most {
		return nil, errors.New("too large")
	}
	r, err := f.Open()
	if err != nil {
		return nil, err
	}
	text, err := io.ReadAll(io.LimitReader(r, most+1))
	return text, errors.Join(err, r.Close())
}

// openManifest checks the note's signature with the log key that the manifest itself names: whoever has the manifest from elsewhere compares the two.
func openManifest(signed []byte) (round.Manifest, error) {
	text, _, found := bytes.Cut(signed, []byte("\n\n"))
	if !found {
		return round.Manifest{}, errors.New("not a signed note")
	}
	m, err := round.DecodeManifest(append(slices.Clone(text), '\n'))
	if err != nil {
		return round.Manifest{}, err
	}
	verifier, err := note.NewVerifier(m.LogKey)
	if err != nil {
		return round.Manifest{}, fmt.Errorf("log key: %w", err)
	}
	_, err = note.Open(signed, note.VerifierList(verifier))
	return m, err
}

// Verify recomputes everything that a record says, from the record alone: the manifest's signature, the lot's commitment, every ballot's form, the
// ballots against the rights spent, the count of every area under its rule, and the record's own bytes. It returns what it read, or the first fault.
func Verify(ctx context.Context, record []byte) (Opened, error) {
	o, err := Open(record)
	if err != nil {
		return Opened{}, err
	}
	if err := o.check(ctx); err != nil {
		return Opened{}, err
	}
	again, err := bundle(o.Note, o.Manifest.Closes, o.Published, o.Inputs)
	if err != nil {
		return Opened{}, err
	}
	if !bytes.Equal(again, record) {
		return Opened{}, errors.New("the zip holds more than, or not quite, what its content makes")
	}
	return o, nil
}

func (o Opened) check(ctx context.Context) error {
	m, p := o.Manifest, o.Published
	if p.Format != PublishedFormat || p.Round != m.Round {
		return fmt.Errorf("outcome.json: format %q of round %q, not %q of %q", p.Format, p.Round, PublishedFormat, m.Round)
	}
	if p.Decision == "" {
		return errors.New("outcome.json: no decision confirmed the result")
	}
	if !slices.EqualFunc(p.Areas, m.Areas, func(a PublishedArea, b round.ManifestArea) bool { return a.Area == b.ID }) {
		return errors.New("outcome.json: the areas are not the manifest's")
	}
	if !slices.EqualFunc(p.Papers, m.Papers, func(a PublishedPaper, b round.ManifestPaper) bool { return a.Paper == b.ID }) {
		return errors.New("outcome.json: the papers are not the manifest's")
	}
	cast := map[string]int{}
	for i, a := range p.Areas {
		if err := o.checkArea(ctx, m.Areas[i], a, o.Inputs[i]); err != nil {
			return fmt.Errorf("%s: %w", a.File, err)
		}
		cast[paperOf(m, a.Area).ID] += a.Ballots
	}
	for _, paper := range p.Papers {
		if cast[paper.Paper] > paper.Spent {
			return fmt.Errorf("paper %s: %d ballots, but only %d rights were spent", paper.Paper, cast[paper.Paper], paper.Spent)
		}
	}
	return nil
}

func (o Opened) checkArea(ctx context.Context, a round.ManifestArea, said PublishedArea, input []byte) error {
	if said.File != fileOf(a.ID) || said.Input != digest(input) {
		return errors.New("not the file that outcome.json is about")
	}
	seed, err := hex.DecodeString(said.Lot)
	if err != nil || round.Commit(seed) != o.Manifest.LotCommitment || hex.EncodeToString(seed) != said.Lot {
		return errors.New("the lot's seed is not the one that the manifest committed to")
	}
	ballots, withdrawn, err := o.ballots(a, input)
	if err != nil {
		return err
	}
	counted, err := countArea(ctx, o.Manifest, a, ballots, withdrawn, said.Lot)
	if err != nil {
		return err
	}
	if !bytes.Equal(counted.Input, input) {
		return errors.New("not what the manifest and these ballots make")
	}
	if counted.Ballots != said.Ballots || counted.Blank != said.Blank {
		return fmt.Errorf("%d ballots, %d of them blank; outcome.json says %d and %d", counted.Ballots, counted.Blank, said.Ballots, said.Blank)
	}
	again, err := json.Marshal(counted.Result)
	if err != nil {
		return err
	}
	published, err := json.Marshal(said.Outcome)
	if err != nil {
		return err
	}
	if !bytes.Equal(again, published) {
		return errors.New("counting the ballots again gives another outcome than outcome.json")
	}
	return nil
}

// Ballots are an area's ballots, each held to the form of its paper.
func (o Opened) Ballots(area string) ([]ballot.Ballot, error) {
	for i, a := range o.Published.Areas {
		if m, known := o.Manifest.Area(area); known && a.Area == area {
			ballots, _, err := o.ballots(m, o.Inputs[i])
			return ballots, err
		}
	}
	return nil, fmt.Errorf("no area %s in the record", area)
}

// ballots reads an area's ballots, and which projects were withdrawn during the vote.
func (o Opened) ballots(a round.ManifestArea, input []byte) ([]ballot.Ballot, map[int]bool, error) {
	f, err := pabulib.Parse(string(input))
	if err != nil {
		return nil, nil, err
	}
	numbers := make([]int, len(f.Projects))
	withdrawn := map[int]bool{}
	flags := f.Column(pabulib.WithdrawnColumn)
	for i, p := range f.Projects {
		if numbers[i], err = number(p.ID); err != nil {
			return nil, nil, err
		}
		withdrawn[numbers[i]] = flags != nil && flags[i] == "1"
	}
	paper, costs := paperOf(o.Manifest, a.ID), o.Manifest.Costs(a.ID)
	ballots := make([]ballot.Ballot, len(f.Votes))
	for i, v := range f.Votes {
		b := ballot.Ballot{Round: o.Manifest.Round, Paper: paper.ID, Area: a.ID, Choices: make([]int, len(v.Picks))}
		for j, pick := range v.Picks {
			b.Choices[j] = numbers[pick]
		}
		if err := b.Validate(paper.Form, costs, a.Pot); err != nil {
			return nil, nil, fmt.Errorf("ballot %s: %w", strconv.Quote(v.Voter), err)
		}
		ballots[i] = b
	}
	return ballots, withdrawn, nil
}
