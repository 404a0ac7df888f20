package box_test

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/cloudflare/circl/blindsign/blindrsa"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"osbu/domain"
	"osbu/domain/ballot"
	"osbu/domain/box"
	"osbu/domain/box/boxtest"
	"osbu/domain/round"
)

const id = "r1"

var background = context.Background()

var errLost = errors.New("the connection was lost")

// shelf is a Store and an Intake in memory. While lose is set, everything is
// kept and then the answer is lost.
type shelf struct {
	logs      map[string]box.Log
	manifests map[string][]byte
	entries   map[string]box.Entry
	lose      bool
	ledger
	box.Votes // not used by these tests
	box.Batches
}

// ledger is a log in memory. While crash is set, Extend fails before it keeps
// anything.
type ledger struct {
	waiting    []box.Leaf
	closed     bool
	lines      []string
	roots      map[[2]int64]tlog.Hash
	signed     [][]byte
	crash      bool
	tries      int // of Extend
	extended   func() error
	box.Lookup // not used by these tests
}

func (l *ledger) Waiting(context.Context) ([]box.Waiting, error) {
	if n := len(l.lines); n > 0 && strings.HasPrefix(l.lines[n-1], "close ") {
		return nil, nil
	}
	return []box.Waiting{{Round: id, Ballots: len(l.waiting), Size: int64(len(l.lines)), Closed: l.closed}}, nil
}

func (l *ledger) Shuffle(context.Context, string) error { return nil }

func (l *ledger) Rotate(context.Context, string, int, int64, time.Time) error { return nil }

func (l *ledger) Extend(
	_ context.Context,
	_ string,
	_ bool,
	_ time.Time,
	extend func(box.Batch) (box.Extension, error),
) error {
	l.tries++
	b := box.Batch{Tiles: l, Ballots: slices.Clone(l.waiting), Closed: l.closed}
	b.Audits, _ = l.Audits(context.Background(), id)
	if len(l.signed) > 0 {
		b.Checkpoint = l.signed[len(l.signed)-1]
	}
	e, err := extend(b)
	if err != nil || len(e.Leaves) == 0 || l.crash {
		if l.crash {
			return errLost
		}
		return err
	}
	for _, leaf := range e.Leaves {
		l.lines = append(l.lines, leaf.String())
	}
	if l.roots == nil {
		l.roots = map[[2]int64]tlog.Hash{}
	}
	for _, h := range e.Hashes {
		l.roots[[2]int64{int64(h.Level), h.N}] = h.Hash
	}
	l.signed = append(l.signed, e.Signed)
	l.waiting = slices.DeleteFunc(l.waiting, func(w box.Leaf) bool { return slices.Contains(e.Leaves, w) })
	if l.extended != nil {
		return l.extended()
	}
	return nil
}

func (l *ledger) Vouch(ctx context.Context, id string, extend func(box.Batch) (box.Extension, error)) error {
	held := l.waiting
	l.waiting = nil
	err := l.Extend(ctx, id, true, time.Time{}, extend)
	l.waiting = held
	return err
}

func (l *ledger) Audits(context.Context, string) (lines []string, err error) {
	for _, line := range l.lines {
		if strings.HasPrefix(line, "audit ") {
			lines = append(lines, line)
		}
	}
	return lines, nil
}

func (l *ledger) Lines(_ context.Context, _ string, from, to int64) ([]string, error) {
	return l.lines[min(from, int64(len(l.lines))):min(to, int64(len(l.lines)))], nil
}

func (l *ledger) Hashes(_ context.Context, _ string, level int, from, to int64) (hashes []tlog.Hash, _ error) {
	for n := from; n < to; n++ {
		if h, ok := l.roots[[2]int64{int64(level), n}]; ok {
			hashes = append(hashes, h)
		}
	}
	return hashes, nil
}

func (s *shelf) answer() error {
	if s.lose {
		s.lose = false
		return errLost
	}
	return nil
}

func (s *shelf) KeepLog(_ context.Context, round string, l box.Log) (box.Log, error) {
	if _, there := s.logs[round]; !there {
		s.logs[round] = l
	}
	return s.logs[round], s.answer()
}

func (s *shelf) Log(_ context.Context, round string) (box.Log, error) {
	l, there := s.logs[round]
	if !there {
		return l, domain.Fail(domain.NotFound, domain.CodeNotFound, "no log")
	}
	return l, nil
}

func (s *shelf) KeepManifest(_ context.Context, round string, note []byte) ([]byte, error) {
	if _, there := s.manifests[round]; !there {
		s.manifests[round] = note
	}
	return s.manifests[round], s.answer()
}

func (s *shelf) Manifest(_ context.Context, round string) ([]byte, error) {
	n, there := s.manifests[round]
	if !there {
		return nil, domain.Fail(domain.NotFound, domain.CodeNotFound, "no manifest")
	}
	return n, nil
}

func (s *shelf) Append(_ context.Context, e box.Entry) error {
	place := fmt.Sprint(e.Round, e.Nullifier, e.Seq)
	if there, ok := s.entries[place]; ok && there.Commit != e.Commit {
		return domain.Fail(domain.Conflict, box.CodeNullifier, "another")
	}
	s.entries[place] = e
	return s.answer()
}

func serve(t *testing.T) (*box.Service, *shelf) {
	t.Helper()
	s := &shelf{logs: map[string]box.Log{}, manifests: map[string][]byte{}, entries: map[string]box.Entry{}}
	return service(t, s, 7), s
}

func service(t *testing.T, s *shelf, master byte) *box.Service {
	t.Helper()
	sealer, err := domain.NewSealer(bytes.Repeat([]byte{master}, 32))
	if err != nil {
		t.Fatal(err)
	}
	return box.New(box.Config{Rand: rand.Reader, Sealer: sealer, Store: s, Intake: s})
}

func installed(t *testing.T, s *box.Service) (*boxtest.Election, note.Verifier) {
	t.Helper()
	e := boxtest.New(t, rand.Reader, id)
	return e, install(t, s, e)
}

func install(t *testing.T, s *box.Service, e *boxtest.Election) note.Verifier {
	t.Helper()
	key, err := s.Prepare(background, id)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Install(background, id, e.Encode(t, key)); err != nil {
		t.Fatal(err)
	}
	v, err := note.NewVerifier(key)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestPromise(t *testing.T) {
	s, _ := serve(t)
	e, verifier := installed(t, s)
	c := e.Voter(t, "main").Fill(t, "north", 1, 2)
	promise, err := s.Cast(background, c)
	if err != nil {
		t.Fatal(err)
	}
	n, err := note.Open(promise, note.VerifierList(verifier))
	if err != nil {
		t.Fatal(err)
	}
	nullifier, commit := sha256.Sum256(c.Key), sha256.Sum256(c.Ballot)
	signed, err := s.Manifest(background, id)
	if err != nil {
		t.Fatal(err)
	}
	manifest := sha256.Sum256(signed)
	want := "osbu/promise/v2\nlog osbu/r1\nmanifest " + hex.EncodeToString(
		manifest[:],
	) + "\nnullifier " + hex.EncodeToString(
		nullifier[:],
	) + "\nseq 1\ncommit " + hex.EncodeToString(
		commit[:],
	) +
		"\nby 2026-10-25T20:00:00Z\n"
	if n.Text != want || verifier.Name() != "osbu/r1" {
		t.Errorf("signed by %s:\n%swant\n%s", verifier.Name(), n.Text, want)
	}
}

// The record's signature is by the log key over exactly these digests, and the
// same whenever it is asked for.
func TestSignRecord(t *testing.T) {
	s, _ := serve(t)
	what := box.Statement{Checkpoints: [32]byte{3}, Witnesses: [32]byte{2}, Batches: [32]byte{4}, Outcome: [32]byte{1}}
	if _, err := s.SignRecord(background, id, what); domain.KindOf(err) != domain.NotFound {
		t.Errorf("before the freeze: %v", err)
	}
	_, verifier := installed(t, s)
	signed, err := s.SignRecord(background, id, what)
	if err != nil {
		t.Fatal(err)
	}
	n, err := note.Open(signed, note.VerifierList(verifier))
	rest := strings.Repeat("00", 31)
	want := "osbu/record/v3\nlog osbu/r1\ncheckpoints 03" + rest + "\nwitnesses 02" + rest + "\nbatches 04" + rest +
		"\noutcome 01" + rest + "\n"
	if err != nil || n.Text != want {
		t.Errorf("%v, %q", err, n.Text)
	}
	if again, err := s.SignRecord(background, id, what); err != nil || !bytes.Equal(again, signed) {
		t.Errorf("another time: %q, %v", again, err)
	}
}

// Every answer is lost once, after the work was done: doing it again gives what
// the first time would have given.
func TestAnswersLost(t *testing.T) {
	s, shelf := serve(t)
	e := boxtest.New(t, rand.Reader, id)
	lost := func(err error) {
		t.Helper()
		if !errors.Is(err, errLost) || domain.KindOf(err) != domain.Internal {
			t.Fatalf("the answer was not lost: %v", err)
		}
	}
	shelf.lose = true
	_, err := s.Prepare(background, id)
	lost(err)
	kept := shelf.logs[id].Key
	key, err := s.Prepare(background, id)
	if err != nil || key != kept || len(shelf.logs) != 1 {
		t.Fatalf("log key %q, then %q, %v", kept, key, err)
	}
	text := e.Encode(t, key)
	shelf.lose = true
	lost(s.Install(background, id, text))
	if err := s.Install(background, id, text); err != nil {
		t.Fatal(err)
	}
	c := e.Voter(t, "main").Fill(t, "north", 3)
	shelf.lose = true
	_, err = s.Cast(background, c)
	lost(err)
	first, err := s.Cast(background, c)
	if err != nil {
		t.Fatal(err)
	}
	second, err := service(t, shelf, 7).Cast(background, c) // after a restart
	if err != nil || !bytes.Equal(first, second) || len(shelf.entries) != 1 {
		t.Fatalf("%d ballots, promises\n%s\n%s, %v", len(shelf.entries), first, second, err)
	}
}

func TestCastRefuses(t *testing.T) {
	s, shelf := serve(t)
	e, _ := installed(t, s)
	other := boxtest.New(t, rand.Reader, id) // the same round with other issuers
	v, cityVoter := e.Voter(t, "main"), e.Voter(t, "city")
	with := func(change func(*box.Cast)) box.Cast {
		c := v.Fill(t, "north", 1)
		change(&c)
		return c
	}
	foreign := v
	foreign.Round = "r2"
	onCity := cityVoter
	onCity.Paper = "main"
	disguised := onCity.Fill(t, "north", 1)
	disguised.Paper = "city"
	for _, c := range []struct {
		name string
		cast box.Cast
		kind domain.Kind
		code domain.Code
	}{
		{"unknown round", with(func(c *box.Cast) { c.Round = "r9" }), domain.NotFound, domain.CodeNotFound},
		{"unknown paper", with(func(c *box.Cast) { c.Paper = "none" }), domain.Invalid, domain.CodeInvalid},
		{"second ballot", with(func(c *box.Cast) { c.Seq = 2 }), domain.Invalid, domain.CodeInvalid},
		{"credential of another issuer", other.Voter(t, "main").Fill(t, "north", 1), domain.Forbidden, box.CodeCredential},
		{"credential of another paper", onCity.Fill(t, "north", 1), domain.Forbidden, box.CodeCredential},
		{
			"credential of another key", with(func(c *box.Cast) { c.Key = e.Voter(t, "main").Key.Public().(ed25519.PublicKey) }),
			domain.Forbidden, box.CodeCredential,
		},
		{
			"credential with a flipped bit", with(func(c *box.Cast) { c.Credential = flip(c.Credential) }), domain.Forbidden,
			box.CodeCredential,
		},
		{
			"randomizer with a flipped bit", with(func(c *box.Cast) { c.Randomizer = flip(c.Randomizer) }), domain.Forbidden,
			box.CodeCredential,
		},
		{
			"randomizer a byte short, message a byte long", with(func(c *box.Cast) { c.Randomizer = c.Randomizer[:31] }),
			domain.Forbidden, box.CodeCredential,
		},
		{"key too short", with(func(c *box.Cast) { c.Key = c.Key[:31] }), domain.Forbidden, box.CodeCredential},
		{"no credential", with(func(c *box.Cast) { c.Credential = nil }), domain.Forbidden, box.CodeCredential},
		{
			"signature with a flipped bit", with(func(c *box.Cast) { c.Signature = flip(c.Signature) }), domain.Invalid,
			box.CodeSignature,
		},
		{
			"signature over another ballot", with(func(c *box.Cast) { c.Ballot = v.Fill(t, "north", 2).Ballot }), domain.Invalid,
			box.CodeSignature,
		},
		{
			"not canonical", v.Sign(bytes.ReplaceAll(v.Fill(t, "north", 1).Ballot, []byte(" 1\n"), []byte(" 01\n"))),
			domain.Invalid, ballot.CodeInvalid,
		},
		{"ballot of another round", v.Sign(foreign.Fill(t, "north", 1).Ballot), domain.Invalid, ballot.CodeInvalid},
		{"ballot of another paper", cityVoter.Sign(v.Fill(t, "north", 1).Ballot), domain.Invalid, ballot.CodeInvalid},
		{"ballot of another paper, signed for this one", disguised, domain.Invalid, ballot.CodeInvalid},
		{"area of another paper", v.Fill(t, "whole", 6), domain.Invalid, ballot.CodeInvalid},
		{"project of another area", v.Fill(t, "north", 5), domain.Invalid, ballot.CodeInvalid},
		{"too many picks", v.Fill(t, "north", 1, 2, 3, 4), domain.Invalid, ballot.CodeInvalid},
		{"blank where not allowed", v.Fill(t, "north"), domain.Invalid, ballot.CodeInvalid},
		{"dearer than the pot", cityVoter.Fill(t, "whole", 6, 7), domain.Invalid, ballot.CodeOverPot},
	} {
		t.Run(c.name, func(t *testing.T) {
			promise, err := s.Cast(background, c.cast)
			if promise != nil || domain.KindOf(err) != c.kind || domain.CodeOf(err) != c.code {
				t.Errorf("%v", err)
			}
			if choice := "choices 1"; err != nil && strings.Contains(err.Error(), choice) {
				t.Errorf("the error tells the choice: %v", err)
			}
		})
	}
	if len(shelf.entries) != 0 {
		t.Errorf("%d refused ballots were kept", len(shelf.entries))
	}
	for _, c := range []box.Cast{v.Fill(t, "north", 1, 2, 3), cityVoter.Fill(t, "whole")} {
		if _, err := s.Cast(background, c); err != nil {
			t.Errorf("a right one was refused: %v", err)
		}
	}
	if _, err := s.Cast(background, v.Fill(t, "north", 1)); domain.CodeOf(err) != box.CodeNullifier {
		t.Errorf("a second ballot: %v", err)
	}
}

// What circl blinds and unblinds, the box accepts.
func TestBlindCredential(t *testing.T) {
	s, _ := serve(t)
	e := boxtest.New(t, rand.Reader, id)
	issuer, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	if e.Manifest.Papers[0].Issuer, err = x509.MarshalPKIXPublicKey(&issuer.PublicKey); err != nil {
		t.Fatal(err)
	}
	key, err := s.Prepare(background, id)
	if err == nil {
		err = s.Install(background, id, e.Encode(t, key))
	}
	if err != nil {
		t.Fatal(err)
	}
	v := e.Voter(t, "main")
	client, err := blindrsa.NewClient(blindrsa.SHA384PSSRandomized, &issuer.PublicKey)
	if err != nil {
		t.Fatal(err)
	}
	prepared, err := client.Prepare(
		rand.Reader,
		ballot.CredentialMessage(id, "main", v.Key.Public().(ed25519.PublicKey)),
	)
	if err != nil {
		t.Fatal(err)
	}
	blinded, state, err := client.Blind(rand.Reader, prepared)
	if err != nil {
		t.Fatal(err)
	}
	signed, err := blindrsa.NewSigner(issuer).BlindSign(blinded)
	if err != nil {
		t.Fatal(err)
	}
	v.Randomizer = prepared[:32]
	if v.Credential, err = client.Finalize(state, signed); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Cast(background, v.Fill(t, "south", 5)); err != nil {
		t.Error(err)
	}
}

func TestInstallRefuses(t *testing.T) {
	s, _ := serve(t)
	e := boxtest.New(t, rand.Reader, id)
	if err := s.Install(background, id, e.Encode(t, "")); domain.KindOf(err) != domain.NotFound {
		t.Errorf("before the log key: %v", err)
	}
	key, err := s.Prepare(background, id)
	if err != nil {
		t.Fatal(err)
	}
	good := e.Manifest
	for name, spoil := range map[string]func(*round.Manifest){
		"another round":               func(m *round.Manifest) { m.Round = "r2" },
		"another log key":             func(m *round.Manifest) { m.LogKey = "osbu/r1+00000000+AAAA" },
		"no papers":                   func(m *round.Manifest) { m.Papers = nil },
		"a paper of an unknown area":  func(m *round.Manifest) { m.Papers = one(m.Papers[0]); m.Papers[0].Areas = []string{"none"} },
		"an issuer that is no key":    func(m *round.Manifest) { m.Papers = one(m.Papers[0]); m.Papers[0].Issuer = []byte("key") },
		"an unknown form":             func(m *round.Manifest) { m.Papers = one(m.Papers[0]); m.Papers[0].Form.Kind = "none" },
		"fewer picks at most":         func(m *round.Manifest) { m.Papers = one(m.Papers[0]); m.Papers[0].Form.Max = 0 },
		"a paper twice":               func(m *round.Manifest) { m.Papers = append(one(m.Papers[0]), m.Papers[0]) },
		"a project twice":             func(m *round.Manifest) { m.Projects = append(one(m.Projects[0]), m.Projects[0]) },
		"a project of no area":        func(m *round.Manifest) { m.Projects = one(m.Projects[0]); m.Projects[0].Area = "none" },
		"a number beyond the ballots": func(m *round.Manifest) { m.Projects = one(m.Projects[0]); m.Projects[0].Number = ballot.MaxNumber + 1 },
	} {
		m := good
		m.LogKey = key
		spoil(&m)
		text, err := m.Encode()
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Install(background, id, text); domain.KindOf(err) != domain.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
	text := e.Encode(t, key)
	if err := s.Install(background, id, append(text, ' ')); domain.KindOf(err) != domain.Invalid {
		t.Errorf("another encoding: %v", err)
	}
	if _, err := s.Manifest(background, id); domain.KindOf(err) != domain.NotFound {
		t.Errorf("a manifest is there: %v", err)
	}
	if err := s.Install(background, id, text); err != nil {
		t.Fatal(err)
	}
	if err := s.Install(background, id, text); err != nil {
		t.Errorf("the same again: %v", err)
	}
	e.Manifest.Decision = "§ 2"
	if err := s.Install(background, id, e.Encode(t, key)); domain.KindOf(err) != domain.Conflict {
		t.Errorf("another manifest: %v", err)
	}
}

// Under another key nothing is signed, and a changed manifest is not
// served.
func TestKeysAndManifestAreProtected(t *testing.T) {
	s, shelf := serve(t)
	e, verifier := installed(t, s)
	if bytes.Contains(shelf.logs[id].Sealed, []byte("PRIVATE")) {
		t.Error("the log key lies open")
	}
	if _, err := service(t, shelf, 8).Cast(background, e.Voter(t, "main").Fill(t, "north", 1)); err == nil ||
		!strings.Contains(err.Error(), "OSBU_SEAL_") {
		t.Errorf("another key: %v", err)
	}
	text, err := s.Manifest(background, id)
	if err != nil {
		t.Fatal(err)
	}
	if n, err := note.Open(text, note.VerifierList(verifier)); err != nil ||
		!bytes.Equal([]byte(n.Text), e.Encode(t, e.Manifest.LogKey)) {
		t.Errorf("the note does not hold the manifest: %v", err)
	}
	shelf.manifests[id] = bytes.Replace(text, []byte(`"pot": 10000`), []byte(`"pot": 90000`), 1)
	if _, err := service(t, shelf, 7).Manifest(background, id); err == nil {
		t.Error("a changed manifest was served")
	}
}

func TestOpenRefusesAnEmptyVote(t *testing.T) {
	s, _ := serve(t)
	if err := s.Open(background, id, boxtest.Closes, boxtest.Closes); domain.KindOf(err) != domain.Invalid {
		t.Error(err)
	}
	if err := s.Open(background, id, boxtest.Closes, boxtest.Closes.Add(-time.Second)); domain.KindOf(
		err,
	) != domain.Invalid {
		t.Error(err)
	}
}

func TestOpenRefusesToBreakPromises(t *testing.T) {
	s, _ := serve(t)
	e, _ := installed(t, s)
	err := s.Open(background, id, boxtest.Opens, e.Manifest.PromisedBy.Add(time.Second))
	if domain.KindOf(err) != domain.Invalid {
		t.Error(err)
	}
	if promised, err := s.PromisedBy(background, id); err != nil || !promised.Equal(e.Manifest.PromisedBy) {
		t.Error(promised, err)
	}
	if promised, err := s.PromisedBy(background, "r9"); err != nil || !promised.IsZero() {
		t.Error(promised, err)
	}
}

func flip(b []byte) []byte {
	b = bytes.Clone(b)
	b[len(b)/2] ^= 1
	return b
}

// one is a slice of its own, so that spoiling it spoils nothing else.
func one[T any](x T) []T { return []T{x} }
