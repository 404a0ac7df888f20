package box

import (
	"bytes"
	"context"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"fmt"
	"slices"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/note"

	"osbu/domain"
	"osbu/domain/ballot"
	"osbu/domain/round"
)

// Origin names a round's log: in its key, in checkpoints and in promises.
func Origin(round string) string { return "osbu/" + round }

func sealing(round string) string { return "log key of round " + round }

// Prepare makes the round's log key, once, and answers with its verifier key
// ("name+hash+base64", C2SP signed-note), which goes into the manifest.
func (s *Service) Prepare(ctx context.Context, id string) (logKey string, err error) {
	private, public, err := note.GenerateKey(s.Rand, Origin(id))
	if err != nil {
		return "", fmt.Errorf("make the log key: %w", err)
	}
	kept, err := s.Store.KeepLog(ctx, id, Log{Key: public, Sealed: s.Sealer.Seal([]byte(private), sealing(id))})
	return kept.Key, err
}

// Install checks the manifest (round.Manifest, encoded), signs it with the
// round's log key and keeps it for the browsers. The same manifest again
// changes nothing; another one is a Conflict. It is the log's first leaf.
func (s *Service) Install(ctx context.Context, id string, manifest []byte) error {
	log, err := s.Store.Log(ctx, id)
	if err != nil {
		return err
	}
	signer, err := s.signer(id, log)
	if err != nil {
		return err
	}
	m, err := round.DecodeManifest(manifest)
	if err != nil {
		return domain.Fail(domain.Invalid, domain.CodeInvalid, "%v", err)
	}
	if _, err := read(m); err != nil {
		return err
	}
	if again, err := m.Encode(); err != nil || !bytes.Equal(again, manifest) {
		return domain.Fail(domain.Invalid, domain.CodeInvalid, "the manifest is not encoded as published")
	}
	if m.Round != id || m.LogKey != log.Key {
		return domain.Fail(domain.Invalid, domain.CodeInvalid, "the manifest is of another round or log key")
	}
	signed, err := note.Sign(&note.Note{Text: string(manifest)}, signer)
	if err != nil {
		return fmt.Errorf("sign the manifest: %w", err)
	}
	kept, err := s.Store.KeepManifest(ctx, id, signed)
	if err == nil && !bytes.Equal(kept, signed) { // Ed25519 is deterministic: the same manifest has the same note
		err = domain.Fail(domain.Conflict, round.CodeFrozen, "round %s has another manifest already", id)
	}
	if err != nil {
		return err
	}
	// A crash here leaves a log without its first leaf: installing again, or
	// the next tick, adds it.
	_, err = s.extend(ctx, id, true, Release{})
	return err
}

// Manifest is the round's manifest as a C2SP signed note, the same bytes for
// ever; NotFound before the freeze.
func (s *Service) Manifest(ctx context.Context, id string) ([]byte, error) {
	r, err := s.reading(ctx, id)
	if err != nil {
		return nil, err
	}
	return r.note, nil
}

// Frozen is what the manifest says; NotFound before the freeze. Nobody changes
// it.
func (s *Service) Frozen(ctx context.Context, id string) (round.Manifest, error) {
	r, err := s.reading(ctx, id)
	if err != nil {
		return round.Manifest{}, err
	}
	return r.manifest, nil
}

// PromisedBy is when every ballot must be in the log: the manifest's, or zero
// before the freeze.
func (s *Service) PromisedBy(ctx context.Context, id string) (time.Time, error) {
	r, err := s.reading(ctx, id)
	if domain.KindOf(err) == domain.NotFound {
		return time.Time{}, nil
	}
	if err != nil {
		return time.Time{}, err
	}
	return r.manifest.PromisedBy, nil
}

// Open lets ballots in from opens up to, and without, closes, by the database's
// clock. Again with other times it moves them; after the close it is Closed.
// Closing later than promised_by is Invalid: a ballot cast after that would
// break its promise.
func (s *Service) Open(ctx context.Context, id string, opens, closes time.Time) error {
	if !opens.Before(closes) {
		return domain.Fail(
			domain.Invalid,
			domain.CodeInvalid,
			"the vote opens at %s, not before it closes",
			opens.Format(time.RFC3339),
		)
	}
	promised, err := s.PromisedBy(ctx, id)
	if err != nil {
		return err
	}
	if !promised.IsZero() && closes.After(promised) {
		return domain.Problems{
			{Path: "times.voting.closes", Code: "too_large", Limit: promised.Format(time.RFC3339)},
		}.Err()
	}
	return s.Store.Open(ctx, id, opens, closes)
}

// Close ends the vote, whatever the clock says, and drains: after it returns
// every ballot that was, or will be, acknowledged is in the log, which has
// ended. Once more finishes what a crash left undone.
func (s *Service) Close(ctx context.Context, id string) error {
	if err := s.Store.Close(ctx, id); err != nil {
		return err
	}
	// A crash here leaves a closed vote whose ballots wait: closing again, or
	// the next tick, logs them.
	return s.finish(ctx, id)
}

// Ballots gives each ballot of a closed round to f, in the order of leaves,
// which is chance's. It is a Conflict before the close: nobody counts early.
func (s *Service) Ballots(ctx context.Context, id string, f func(Entry) error) error {
	return s.Store.Entries(ctx, id, f)
}

// CastByPaper counts the ballots in the box that came with a credential, at any
// time: the total is public.
func (s *Service) CastByPaper(ctx context.Context, id string) (map[string]int, error) {
	return s.Store.Cast(ctx, id)
}

// reading is a manifest ready to check ballots against.
type reading struct {
	manifest  round.Manifest
	papers    map[string]paper
	note      []byte
	digest    [32]byte // SHA-256 of note: what leaf 0 and every promise name
	signer    note.Signer
	witnesses []Witness // that the manifest names
}

type paper struct {
	id     string
	form   ballot.Form
	padded int // bytes of a ballot before it is sealed; 0: ballots are not sealed
	areas  map[string]area
	issuer *rsa.PublicKey
}

type area struct {
	pot   domain.Cents
	costs map[int]domain.Cents
}

// reading finds the round's manifest, the first time in the store.
func (s *Service) reading(ctx context.Context, id string) (*reading, error) {
	s.mu.RLock()
	r := s.ready[id]
	s.mu.RUnlock()
	if r != nil {
		return r, nil
	}
	text, err := s.Store.Manifest(ctx, id)
	if err != nil {
		return nil, err
	}
	log, err := s.Store.Log(ctx, id)
	if err != nil {
		return nil, err
	}
	if r, err = s.open(id, text, log); err != nil {
		return nil, fmt.Errorf("the manifest in the box of round %s: %w", id, err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ready[strings.Clone(id)] = r // id may lie in a request's buffer
	return r, nil
}

func (s *Service) open(id string, text []byte, log Log) (*reading, error) {
	verifier, err := note.NewVerifier(log.Key)
	if err != nil {
		return nil, err
	}
	n, err := note.Open(text, note.VerifierList(verifier))
	if err != nil {
		return nil, err
	}
	m, err := round.DecodeManifest([]byte(n.Text))
	if err != nil {
		return nil, err
	}
	r, err := read(m)
	if err != nil {
		return nil, err
	}
	r.note, r.digest = text, sha256.Sum256(text)
	r.signer, err = s.signer(id, log)
	return r, err
}

func (s *Service) signer(id string, log Log) (note.Signer, error) {
	private, err := s.Sealer.Unseal(log.Sealed, sealing(id))
	if err != nil {
		return nil, err
	}
	return note.NewSigner(string(private))
}

// read checks that ballots can be checked against the manifest.
func read(m round.Manifest) (*reading, error) {
	r := &reading{manifest: m, papers: map[string]paper{}}
	var faults domain.Problems
	for i, key := range m.Witnesses {
		w, err := NewWitness(key)
		if err != nil || w.Key != key || i > 0 && m.Witnesses[i-1] >= key {
			faults.Add(fmt.Sprintf("witnesses[%d]", i), "bad_format", "")
		}
		r.witnesses = append(r.witnesses, w)
	}
	for i, p := range m.Papers {
		at := fmt.Sprintf("papers[%d]", i)
		checked := paper{id: p.ID, form: p.Form, padded: p.Padded, areas: map[string]area{}}
		for j, id := range p.Areas {
			a, ok := m.Area(id)
			if !ok {
				faults.Add(fmt.Sprintf("%s.areas[%d]", at, j), "unknown", "")
			}
			checked.areas[id] = area{pot: a.Pot, costs: m.Costs(id)}
		}
		for _, f := range p.Form.Faults() {
			faults.Add(at+".form."+f.Path, f.Code, f.Limit)
		}
		key, err := x509.ParsePKIXPublicKey(p.Issuer)
		issuer, ok := key.(*rsa.PublicKey)
		if err != nil || !ok || issuer.N.BitLen() != 2048 {
			faults.Add(at+".issuer", "bad_format", "")
		}
		checked.issuer = issuer
		if _, twice := r.papers[p.ID]; twice {
			faults.Add(at+".id", "duplicate", "")
		}
		r.papers[p.ID] = checked
	}
	for i, p := range m.Projects {
		if _, ok := m.Area(p.Area); !ok {
			faults.Add(fmt.Sprintf("projects[%d].area", i), "unknown", "")
		}
		if p.Number < 1 || p.Number > ballot.MaxNumber {
			faults.Add(fmt.Sprintf("projects[%d].number", i), "not_allowed", "")
		}
		if slices.ContainsFunc(m.Projects[:i], func(q round.ManifestProject) bool { return q.Number == p.Number }) {
			faults.Add(fmt.Sprintf("projects[%d].number", i), "duplicate", "")
		}
	}
	if len(m.Papers) == 0 {
		faults.Add("papers", "too_few", "1")
	}
	if err := faults.Err(); err != nil {
		return r, err
	}
	return r, m.CheckSealing()
}
