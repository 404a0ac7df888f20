package record

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"io"
	"maps"
	"slices"
	"time"

	"golang.org/x/mod/sumdb/note"

	"osbu/domain"
	"osbu/domain/box"
	"osbu/domain/round"
)

// Part is one of the zips that a round's publication makes.
type Part string

// The parts.
const (
	Whole    Part = "record"   // for everybody
	Withheld Part = "withheld" // the ballots of areas with few of them: for sworn auditors
)

// PieceSize is how many bytes each stored piece of a part has; the last may
// have fewer.
const PieceSize = 1 << 20

// Stored is a part as it is kept.
type Stored struct {
	Size   int64
	Digest string // hex SHA-256
}

// Keep stores what write writes as a part, piece by piece as it comes.
type Keep = func(p Part, write func(io.Writer) error) (Stored, error)

// publish makes the record and shows it, the results and the turnout to
// everybody. The record streams from the box into the office's store within the
// step's transaction, so that it is there as a whole or not at all: after a
// crash the step is taken again, and makes the same bytes.
func (t taking) publish(ctx context.Context) (round.At, error) {
	state, err := t.Office.State(ctx, t.round)
	if err != nil {
		return round.At{}, err
	}
	outcomes, err := t.Office.Outcomes(ctx, t.round)
	if err != nil {
		return round.At{}, err
	}
	opened, err := t.Office.Opened(ctx, t.round)
	if err != nil {
		return round.At{}, err
	}
	signed, err := t.Box.Manifest(ctx, t.round)
	if err != nil {
		return round.At{}, err
	}
	m, err := openManifest(signed)
	if err != nil {
		return round.At{}, err
	}
	key, err := openingOf(m, opened.Key)
	if err != nil {
		return round.At{}, err
	}
	batches, err := t.Box.PaperBatches(ctx, t.round)
	if err != nil {
		return round.At{}, err
	}
	batchText, err := batchLines(batches)
	if err != nil {
		return round.At{}, err
	}
	selected := map[int]bool{}
	for _, o := range outcomes {
		for _, p := range o.Result.Projects {
			number, err := number(p.ID)
			if err != nil {
				return round.At{}, err
			}
			selected[number] = p.Selected
		}
	}
	b := bundling{
		taking:    t,
		ctx:       ctx,
		note:      signed,
		manifest:  m,
		opener:    newOpener(m, key),
		published: publication(m, state, outcomes, opened),
		outcomes:  outcomes,
		batches:   batchText,
		room:      heldBallots,
	}
	return t.finish(ctx, func() (round.At, error) {
		return t.Office.PublishRound(
			ctx,
			t.round,
			selected,
			func(r *round.Round, _ time.Time, keep Keep) (round.Entry, error) {
				if err := t.move(r); err != nil {
					return round.Entry{}, err
				}
				if r.ConfirmDecision != state.Round.ConfirmDecision {
					return round.Entry{}, errDecisionChanged(round.CodeStepChanged)
				}
				// Under the round's lock, so that no correction comes between what
				// the log vouches for and what the record tells.
				if err := round.Vouch(ctx, t.Office, t.Gate, t.round); err != nil {
					return round.Entry{}, err
				}
				if b.steps, err = readSteps(ctx, t.Office, t.round); err != nil {
					return round.Entry{}, err
				}
				details, err := b.keep(keep)
				if err != nil {
					return round.Entry{}, err
				}
				r.CopiesDestroyed = t.Copies
				details["copies"] = t.Copies
				return t.entry(details)
			},
		)
	})
}

// bundling is one record being made.
type bundling struct {
	taking
	ctx       context.Context
	note      []byte
	manifest  round.Manifest
	opener    opener
	published Published
	outcomes  []Outcome
	steps     []byte            // log/steps.txt
	batches   []byte            // paper/batches.txt
	room      int               // how many ballots may be held
	held      map[string][]byte // lines of files whose turn comes later
}

// keep stores the record, and the auditors' part if anything is withheld;
// details are for the audit log.
func (b bundling) keep(keep Keep) (details map[string]any, err error) {
	b.held = map[string][]byte{} // anew when the transaction is run again
	record, err := keep(Whole, b.record)
	if err != nil {
		return nil, err
	}
	details = map[string]any{"record": record.Digest, "bytes": record.Size}
	if slices.ContainsFunc(b.published.Areas, func(a PublishedArea) bool { return a.Withheld }) {
		part, err := keep(Withheld, b.auditorsPart)
		if err != nil {
			return nil, err
		}
		details["withheld"] = part.Digest
	}
	return details, nil
}

// record writes the record's zip.
func (b bundling) record(w io.Writer) error {
	outcome, err := b.published.encode()
	if err != nil {
		return err
	}
	witnesses, err := b.witnesses()
	if err != nil {
		return err
	}
	var keys []byte
	for _, w := range witnesses {
		keys = append(keys, w.Key+"\n"...)
	}
	checkpoints := sha256.New()
	files := []file{
		text(readmeFile, readme(b.published)), text(manifestFile, b.note),
		{leavesFile, b.leaves},
		{checkpointsFile, func(w io.Writer) error { return b.checkpoints(io.MultiWriter(w, checkpoints), witnesses) }},
		text(witnessesFile, keys), text(stepsFile, b.steps), text(batchesFile, b.batches),
	}
	for _, a := range b.published.Areas {
		write := func(w io.Writer) error { return b.openings(w, openingsFile(a.Area)) }
		if a.Withheld {
			write = func(w io.Writer) error { return b.proofs(w, a.Area) }
		}
		files = append(files, file{ballotsFile(a), write})
	}
	for _, name := range voidFiles(b.published) {
		files = append(files, file{name, func(w io.Writer) error { return b.openings(w, name) }})
	}
	for i, a := range b.published.Areas {
		if !a.Withheld {
			files = append(files, text(inputFile(a.Area), b.outcomes[i].Input))
		}
	}
	sign := func(w io.Writer) error { // the last file, so that all others are known
		signature, err := b.Box.SignRecord(b.ctx, b.round, box.Statement{
			Checkpoints: [32]byte(checkpoints.Sum(nil)), Witnesses: sha256.Sum256(keys), Batches: sha256.Sum256(b.batches),
			Outcome: sha256.Sum256(outcome),
		})
		if err != nil {
			return err
		}
		_, err = w.Write(signature)
		return err
	}
	return bundle(w, b.manifest.Closes, append(files, text(outcomeFile, outcome), file{signatureFile, sign}))
}

// witnesses are those that the service knows and those that the manifest names.
func (b bundling) witnesses() ([]box.Witness, error) {
	all := slices.Clone(b.Witnesses)
	for _, key := range b.manifest.Witnesses {
		w, err := box.NewWitness(key)
		if err != nil {
			return nil, err
		}
		all = append(all, w)
	}
	return sorted(all), nil
}

// sorted are witnesses in the order in which they are published: by their keys,
// each once.
func sorted(witnesses []box.Witness) []box.Witness {
	byKey := func(v, w box.Witness) int { return cmp.Compare(v.Key, w.Key) }
	return slices.CompactFunc(slices.SortedFunc(slices.Values(witnesses), byKey),
		func(v, w box.Witness) bool { return v.Key == w.Key })
}

// auditorsPart writes the zip of what is withheld.
func (b bundling) auditorsPart(w io.Writer) error {
	files := []file{text(readmeFile, auditorsReadme(b.published))}
	var inputs []file
	for i, a := range b.published.Areas {
		if a.Withheld {
			files = append(files, file{openingsFile(a.Area), func(w io.Writer) error {
				return b.openings(w, openingsFile(a.Area))
			}})
			inputs = append(inputs, text(inputFile(a.Area), b.outcomes[i].Input))
		}
	}
	return bundle(w, b.manifest.Closes, append(files, inputs...))
}

// proofs writes the lines of an area's ballots without salt and choices. There
// are few of them, so they may be held.
func (b bundling) proofs(w io.Writer, area string) error {
	var whole bytes.Buffer
	if err := b.openings(&whole, openingsFile(area)); err != nil {
		return err
	}
	for line := range bytes.Lines(whole.Bytes()) {
		if _, err := w.Write(proofOf(line, b.opener.key != nil)); err != nil {
			return err
		}
	}
	return nil
}

func (b bundling) leaves(w io.Writer) error {
	var last []byte
	if err := b.Box.Checkpoints(b.ctx, b.round,
		func(signed []byte) error { last = append(last[:0], signed...); return nil }); err != nil {
		return err
	}
	c, err := box.OpenCheckpoint(last, b.manifest.LogKey)
	if err != nil {
		return err
	}
	return b.Box.Leaves(
		b.ctx,
		b.round,
		0,
		c.Size,
		func(leaf string) error { _, err := io.WriteString(w, leaf+"\n"); return err },
	)
}

// checkpoints writes each with the cosignatures of the witnesses that are still
// known, in their order: others' could not be checked.
func (b bundling) checkpoints(w io.Writer, witnesses []box.Witness) error {
	known := make([]note.Verifier, 1, 1+len(witnesses))
	var err error
	if known[0], err = note.NewVerifier(b.manifest.LogKey); err != nil {
		return err
	}
	for _, w := range witnesses {
		known = append(known, w)
	}
	place := func(s note.Signature) int {
		return slices.IndexFunc(known, func(v note.Verifier) bool { return v.Name() == s.Name && v.KeyHash() == s.Hash })
	}
	gap := ""
	return b.Box.Checkpoints(b.ctx, b.round, func(signed []byte) error {
		n, err := note.Open(signed, note.VerifierList(known...))
		if err != nil {
			return err
		}
		slices.SortFunc(n.Sigs, func(s, t note.Signature) int { return cmp.Compare(place(s), place(t)) })
		if signed, err = note.Sign(&note.Note{Text: n.Text, Sigs: n.Sigs}); err != nil {
			return err
		}
		_, err = io.WriteString(w, gap+string(signed))
		gap = "\n"
		return err
	})
}

// heldBallots bounds how many ballots of later files are held (some 60 MB if
// they are sealed) while one file is written, so that the box is not read once
// for every file.
const heldBallots = 50_000

// openings writes the file of one area's ballots, or of a paper's void ones.
// The box gives ballots in the log's order, so those of the next files are kept
// as they pass, as far as they may be.
func (b bundling) openings(w io.Writer, name string) error {
	if kept, ok := b.held[name]; ok {
		delete(b.held, name)
		_, err := w.Write(kept)
		return err
	}
	passing := map[string][]byte{}
	room, later := b.room, false
	for _, f := range b.sizes() {
		if _, held := b.held[f.name]; later && held {
			room -= f.value
		} else if later && f.value <= room {
			passing[f.name] = nil
			room -= f.value
		}
		later = later || f.name == name
	}
	line := make([]byte, 0, longestOpening)
	err := b.opener.each(b.ctx, b.Box, b.round, func(r *readBallot) error {
		in, o := newOpening(r.Index, r, b.opener.key != nil)
		if kept, passes := passing[in]; passes {
			passing[in] = o.appendTo(kept)
			return nil
		}
		if in != name {
			return nil
		}
		line = o.appendTo(line[:0])
		_, err := w.Write(line)
		return err
	})
	maps.Copy(b.held, passing)
	return err
}

// sizes are the files of ballots in their order, with how many count, or are
// void.
func (b bundling) sizes() (files []field) {
	for _, a := range b.published.Areas {
		files = append(files, field{openingsFile(a.Area), a.Ballots})
	}
	for _, p := range b.published.Papers {
		files = append(files, field{voidFile(p.Paper), p.Void})
	}
	return files
}

// Record is what was published of a round.
func (s *Service) Record(ctx context.Context, id string) (Download, error) {
	r, err := s.Office.Round(ctx, id)
	if err == nil {
		err = r.VisibleTo(domain.Actor{})
	}
	if err != nil {
		return Download{}, err
	}
	if !r.Phase.Reached(round.Delivering) {
		return Download{}, domain.Fail(domain.Closed, CodeNotPublic, "the record of %s is not published yet", id)
	}
	return s.download(ctx, id, Whole)
}

// AuditorsPart is what the record withholds, for officials, who give it to
// sworn auditors; NotFound if nothing is withheld. That it was fetched is in
// the audit log.
func (s *Service) AuditorsPart(ctx context.Context, actor domain.Actor, id string) (Download, error) {
	if err := actor.Need(domain.Official); err != nil {
		return Download{}, err
	}
	r, err := s.Office.Round(ctx, id)
	if err != nil {
		return Download{}, err
	}
	if !r.Phase.Reached(round.Delivering) {
		return Download{}, domain.Fail(domain.Closed, CodeNotPublic, "the record of %s is not published yet", id)
	}
	d, err := s.download(ctx, id, Withheld)
	if err != nil {
		return Download{}, err
	}
	t := taking{Service: s, round: id, Request: Request{Step: "fetch withheld"}, actor: round.Signature(actor)}
	entry, err := t.entry(map[string]any{"withheld": d.Digest})
	if err != nil {
		return Download{}, err
	}
	return d, s.Office.Note(ctx, entry)
}

func (s *Service) download(ctx context.Context, id string, p Part) (Download, error) {
	stored, err := s.Office.Stored(ctx, id, p)
	return Download{
		Stored: stored,
		piece:  func(ctx context.Context, n int) ([]byte, error) { return s.Office.Piece(ctx, id, p, n) },
	}, err
}

// Download is a stored part that can be read from anywhere in it, one piece in
// memory at a time.
type Download struct {
	Stored
	piece func(ctx context.Context, n int) ([]byte, error)
}

// Reader reads the bytes from offset on, until limit.
func (d Download) Reader(ctx context.Context, offset, limit int64) io.Reader {
	return &pieces{Download: d, ctx: ctx, at: offset, limit: min(limit, d.Size)}
}

type pieces struct {
	Download
	ctx       context.Context
	at, limit int64
	rest      []byte // of the piece that at lies in
}

func (p *pieces) Read(into []byte) (int, error) {
	if p.at >= p.limit {
		return 0, io.EOF
	}
	if len(p.rest) == 0 {
		piece, err := p.piece(p.ctx, int(p.at/PieceSize))
		if err != nil {
			return 0, err
		}
		if p.at%PieceSize >= int64(len(piece)) {
			return 0, io.ErrUnexpectedEOF
		}
		p.rest = piece[p.at%PieceSize:]
	}
	n := copy(into[:min(int64(len(into)), p.limit-p.at)], p.rest)
	p.rest, p.at = p.rest[n:], p.at+int64(n)
	return n, nil
}
