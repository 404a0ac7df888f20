package box_test

import (
	"bytes"
	"crypto/ed25519"
	"crypto/rand"
	"testing"

	"osbu/domain"
	"osbu/domain/ballot"
	"osbu/domain/box"
	"osbu/domain/box/boxtest"
)

// Of a sealed ballot the box checks whose it is, that the sealed bytes are
// signed, and their length; what they hold it cannot know, and never has.
func TestSealedBallots(t *testing.T) {
	s, shelf := serve(t)
	e := boxtest.New(t, rand.Reader, id)
	opening := e.Seal(t)
	key, err := s.Prepare(background, id)
	if err == nil {
		err = s.Install(background, id, e.Encode(t, key))
	}
	if err != nil {
		t.Fatal(err)
	}
	v := e.Voter(t, "main")
	good := v.Fill(t, "north", 1, 2)
	commit := [32]byte(good.Commit)
	short := v.SignSealed(good.Ballot[1:], commit)
	long := v.SignSealed(append(bytes.Clone(good.Ballot), 0), commit)
	bare := good
	bare.Commit = nil
	other := good
	other.Commit = bytes.Repeat([]byte{1}, 32)
	swapped := good
	swapped.Ballot = bytes.Clone(good.Ballot)
	swapped.Ballot[40] ^= 1
	old := good
	old.Signature = ed25519.Sign(v.Key, ballot.CastMessage(commit, 1))
	canonical, void := opening.Open(id, "main", good.Key, good.Ballot, commit)
	if void != "" {
		t.Fatal(void)
	}
	for name, one := range map[string]struct {
		box.Cast
		code domain.Code
	}{
		"a byte less":                        {short, ballot.CodeInvalid},
		"a byte more":                        {long, ballot.CodeInvalid},
		"no commitment":                      {bare, domain.CodeInvalid},
		"another commitment":                 {other, box.CodeSignature},
		"other sealed bytes":                 {swapped, box.CodeSignature},
		"signed as if it were not sealed":    {old, box.CodeSignature},
		"in clear":                           {v.Sign(canonical), domain.CodeInvalid},
		"in clear, signed as if it were not": {v.SignSealed(canonical, commit), ballot.CodeInvalid},
	} {
		if _, err := s.Cast(background, one.Cast); domain.CodeOf(err) != one.code {
			t.Errorf("%s: %v, want %s", name, err, one.code)
		}
	}
	if len(shelf.entries) != 0 {
		t.Errorf("%d refused ballots were kept", len(shelf.entries))
	}
	promise, err := s.Cast(background, good)
	if err != nil {
		t.Fatal(err)
	}
	// Sealed once more the same ballot is the same ballot.
	sealing, err := ballot.NewSealingKey(opening.Public())
	if err != nil {
		t.Fatal(err)
	}
	anew, err := sealing.Seal(id, "main", good.Key, canonical, len(good.Ballot)-ballot.SealedOverhead)
	if err != nil {
		t.Fatal(err)
	}
	again, err := s.Cast(background, v.SignSealed(anew, commit))
	if err != nil || !bytes.Equal(again, promise) {
		t.Errorf("the same ballot again: %s, %v", again, err)
	}
	// What breaks the form comes in: that is found when it is opened.
	if _, err := s.Cast(background, e.Voter(t, "main").Fill(t, "north", 5)); err != nil {
		t.Errorf("a ballot that will be void: %v", err)
	}
	for _, kept := range shelf.entries {
		if bytes.Contains(kept.Ballot, []byte("choices")) {
			t.Error("a ballot lies in the box in clear")
		}
	}
}

// A ballot that is not sealed commits to itself.
func TestUnsealedBallotsGiveNoCommitment(t *testing.T) {
	s, _ := serve(t)
	e, _ := installed(t, s)
	c := e.Voter(t, "main").Fill(t, "north", 1)
	commit := ballot.Commitment(c.Ballot)
	c.Commit = commit[:]
	if _, err := s.Cast(background, c); domain.CodeOf(err) != domain.CodeInvalid {
		t.Errorf("a commitment beside a ballot in clear: %v", err)
	}
}

// A manifest whose lengths do not fit its sealing is not taken.
func TestSealingFits(t *testing.T) {
	for name, change := range map[string]func(*boxtest.Election){
		"too short":     func(e *boxtest.Election) { e.Manifest.Papers[0].Padded-- },
		"too long":      func(e *boxtest.Election) { e.Manifest.Papers[0].Padded = ballot.MostPadded + 1 },
		"without a key": func(e *boxtest.Election) { e.Manifest.Sealing = nil },
		"no key":        func(e *boxtest.Election) { e.Manifest.Sealing.Key = e.Manifest.Sealing.Key[1:] },
		"no trustee": func(e *boxtest.Election) {
			e.Manifest.Sealing.Trustees, e.Manifest.Sealing.Needed = 0, 0
		},
		"nobody":          func(e *boxtest.Election) { e.Manifest.Sealing.Needed = 0 },
		"more than there": func(e *boxtest.Election) { e.Manifest.Sealing.Needed = 2 },
	} {
		s, _ := serve(t)
		e := boxtest.New(t, rand.Reader, id)
		e.Seal(t)
		change(e)
		key, err := s.Prepare(background, id)
		if err == nil {
			err = s.Install(background, id, e.Encode(t, key))
		}
		if domain.KindOf(err) != domain.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
}
