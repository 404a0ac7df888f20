// Package boxtest holds a small election to test the box and what reads it
// with: a manifest, its issuer's key, and voters with credentials.
package boxtest

import (
	"crypto"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/sha512"
	"crypto/x509"
	"io"
	"slices"
	"testing"
	"time"

	"osbu/domain"
	"osbu/domain/ballot"
	"osbu/domain/box"
	"osbu/domain/round"
)

// Election is one round: paper "main" for one of the areas "north" (pot 100 €,
// approval of 1–3 of projects 1–4 at 40 € each) and "south" (project 5), paper
// "city" for area "whole" (pot 100 €, knapsack of projects 6 and 7 at 60 € and
// 8 at 40 €, blank allowed).
type Election struct {
	Manifest round.Manifest
	rand     io.Reader
	issuers  map[string]*rsa.PrivateKey
}

// The vote's times.
var (
	Opens  = time.Date(2026, 10, 5, 6, 0, 0, 0, time.UTC)
	Closes = time.Date(2026, 10, 25, 18, 0, 0, 0, time.UTC)
)

// New makes the election; the manifest still lacks the log key.
func New(t testing.TB, rand io.Reader, id string) *Election {
	t.Helper()
	e := &Election{rand: rand, issuers: map[string]*rsa.PrivateKey{}, Manifest: round.Manifest{
		Format: round.ManifestFormat, Round: id, Name: domain.Text{Fi: "Koe"}, Decision: "§ 1", Opens: Opens, Closes: Closes,
		PromisedBy: Closes.Add(2 * time.Hour),
		Areas: []round.ManifestArea{
			{ID: "north", Pot: domain.Euros(100)},
			{ID: "south", Pot: domain.Euros(100)},
			{ID: "whole", Pot: domain.Euros(100)},
		},
		Papers: []round.ManifestPaper{
			{ID: "main", Areas: []string{"north", "south"}, Form: ballot.Form{Kind: ballot.Approval, Min: 1, Max: 3}},
			{
				ID:    "city",
				Areas: []string{"whole"},
				Form:  ballot.Form{Kind: ballot.Knapsack, Min: 1, Max: 3, Blank: true},
			},
		},
		ReservedCost: "maximum",
	}}
	for n, area := range []string{"north", "north", "north", "north", "south", "whole", "whole", "whole"} {
		cost := domain.Euros(40)
		if n+1 == 6 || n+1 == 7 {
			cost = domain.Euros(60)
		}
		e.Manifest.Projects = append(e.Manifest.Projects, round.ManifestProject{Number: n + 1, Area: area, Cost: cost})
	}
	for i := range e.Manifest.Papers {
		p := &e.Manifest.Papers[i]
		key, err := rsa.GenerateKey(rand, 2048)
		if err != nil {
			t.Fatal(err)
		}
		if p.Issuer, err = x509.MarshalPKIXPublicKey(&key.PublicKey); err != nil {
			t.Fatal(err)
		}
		e.issuers[p.ID] = key
	}
	return e
}

// Of is the same election as another round, with the same issuers: making their
// keys takes its time.
func (e *Election) Of(id string) *Election {
	other := *e
	other.Manifest.Round = id
	return &other
}

// Seal makes it an election whose ballots are sealed, for one trustee.
func (e *Election) Seal(t testing.TB) ballot.OpeningKey {
	t.Helper()
	key, err := ballot.GenerateOpeningKey()
	if err != nil {
		t.Fatal(err)
	}
	e.Manifest.Sealing = &round.ManifestSealing{Key: key.Public(), Trustees: 1, Needed: 1}
	e.Manifest.Papers = slices.Clone(e.Manifest.Papers)
	for i := range e.Manifest.Papers {
		p := &e.Manifest.Papers[i]
		p.Padded = e.Manifest.LongestBallot(*p)
	}
	return key
}

// Encode puts the log key into the manifest and gives its published bytes.
func (e *Election) Encode(t testing.TB, logKey string) []byte {
	t.Helper()
	e.Manifest.LogKey = logKey
	text, err := e.Manifest.Encode()
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// Voter holds one credential.
type Voter struct {
	Round, Paper           string
	Key                    ed25519.PrivateKey
	Randomizer, Credential []byte
	rand                   io.Reader
	sealing                *round.ManifestSealing // nil: ballots are not sealed
	padded                 int
}

// Voter gets a credential for a paper. It is signed openly; the signature is
// the one that blinding and unblinding would give.
func (e *Election) Voter(t testing.TB, paper string) Voter {
	t.Helper()
	v := Voter{
		Round:      e.Manifest.Round,
		Paper:      paper,
		Key:        ed25519.NewKeyFromSeed(random(t, e.rand)),
		Randomizer: random(t, e.rand),
		rand:       e.rand,
		sealing:    e.Manifest.Sealing,
	}
	if p, ok := e.Manifest.Paper(paper); ok {
		v.padded = p.Padded
	}
	message := ballot.CredentialMessage(v.Round, paper, v.Key.Public().(ed25519.PublicKey))
	digest := sha512.Sum384(append(append([]byte{}, v.Randomizer...), message...))
	var err error
	v.Credential, err = rsa.SignPSS(e.rand, e.issuers[paper], crypto.SHA384, digest[:], &rsa.PSSOptions{SaltLength: 48})
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// Fill makes the voter's ballot with a fresh salt.
func (v Voter) Fill(t testing.TB, area string, choices ...int) box.Cast {
	t.Helper()
	b := ballot.Ballot{
		Round: v.Round, Paper: v.Paper, Area: area, Vote: ballot.Vote{Choices: choices}, Salt: [32]byte(random(t, v.rand)),
	}
	text, err := b.Encode()
	if err != nil {
		t.Fatal(err)
	}
	if v.sealing == nil {
		return v.Sign(text)
	}
	key, err := ballot.NewSealingKey(v.sealing.Key)
	if err != nil {
		t.Fatal(err)
	}
	sealed, err := key.Seal(v.Round, v.Paper, v.Key.Public().(ed25519.PublicKey), text, v.padded)
	if err != nil {
		t.Fatal(err)
	}
	return v.SignSealed(sealed, ballot.Commitment(text))
}

// SignSealed makes a cast of any sealed bytes.
func (v Voter) SignSealed(sealed []byte, commit [32]byte) box.Cast {
	c := v.Sign(sealed)
	c.Commit = commit[:]
	c.Signature = ed25519.Sign(v.Key, ballot.SealedCastMessage(commit, sha256.Sum256(sealed), 1))
	return c
}

// Sign makes a cast of any bytes.
func (v Voter) Sign(text []byte) box.Cast {
	return box.Cast{
		Round: v.Round, Paper: v.Paper, Key: v.Key.Public().(ed25519.PublicKey), Randomizer: v.Randomizer,
		Credential: v.Credential,
		Ballot:     text, Seq: 1, Signature: ed25519.Sign(v.Key, ballot.CastMessage(ballot.Commitment(text), 1)),
	}
}

func random(t testing.TB, rand io.Reader) []byte {
	t.Helper()
	b := make([]byte, 32)
	if _, err := io.ReadFull(rand, b); err != nil {
		t.Fatal(err)
	}
	return b
}

// Sheet is a sheet of paper of that batch, keyed in with these choices.
func (e *Election) Sheet(t testing.TB, batch, paper, area string, choices ...int) box.PaperSheet {
	t.Helper()
	const letters = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
	salt := [32]byte(random(t, e.rand))
	b := ballot.Ballot{
		Round: e.Manifest.Round, Paper: paper, Area: area, Vote: ballot.Vote{Choices: choices}, Salt: salt,
	}
	text, err := b.Encode()
	if err != nil {
		t.Fatal(err)
	}
	serial := random(t, e.rand)[:8]
	for i := range serial {
		serial[i] = letters[serial[i]%32]
	}
	return box.PaperSheet{Batch: batch, Serial: string(serial), Commit: ballot.Commitment(text), Payload: text}
}
