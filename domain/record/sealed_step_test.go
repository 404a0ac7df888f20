package record_test

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"testing"

	"osbu/domain"
	"osbu/domain/ballot"
	"osbu/domain/record"
	"osbu/domain/round"
)

// seal replaces what lies in the box by the same ballots sealed for the
// manifest's key; the last one is no ballot.
func (w *world) seal(t *testing.T) {
	t.Helper()
	m, err := round.DecodeManifest(w.manifest)
	if err != nil {
		t.Fatal(err)
	}
	key, err := ballot.NewSealingKey(m.Sealing.Key)
	if err != nil {
		t.Fatal(err)
	}
	for i := range w.ballots {
		e := &w.ballots[i]
		e.Ballot, err = key.Seal("r", "p", ed25519.PublicKey(e.Nullifier[:]), e.Ballot, m.Papers[0].Padded)
		if err != nil {
			t.Fatal(err)
		}
	}
	clear(w.ballots[4].Ballot)
}

func (w *world) takeWith(t *testing.T, step round.Step, sealing, opening []byte) error {
	t.Helper()
	q := w.shown(t, step)
	q.SealingKey, q.OpeningKey = sealing, opening
	if step == round.Freeze {
		q.Trial = w.trial(t, sealing, w.key)
	}
	_, err := w.service(t).Take(context.Background(), official, "r", q)
	return err
}

// trial has the test text opened that is sealed for a public key.
func (w *world) trial(t *testing.T, public []byte, key ballot.OpeningKey) record.Trial {
	t.Helper()
	sealed, kept, err := w.service(t).TrySealing(context.Background(), official, "r", public)
	if err != nil {
		return record.Trial{}
	}
	opened, err := key.OpenBytes("r", "trial", make([]byte, 32), sealed)
	if err != nil {
		t.Fatal(err)
	}
	return record.Trial{Kept: kept, Opened: opened}
}

func (w *world) isOpened(t *testing.T, m round.Manifest) {
	t.Helper()
	if _, err := ballot.NewOpeningKey(w.opened.Key, m.Sealing.Key); err != nil {
		t.Errorf("the key that is kept: %v", err)
	}
	if n := w.opened.Void.Of("p"); n != 1 || w.outcomes[0].Ballots != 4 {
		t.Errorf("%d void, %d ballots, want 1 and 4", n, w.outcomes[0].Ballots)
	}
}

// With one trustee the service keeps the key: nobody need give any.
func TestTheServiceKeepsTheKey(t *testing.T) {
	w := newWorld(t)
	w.round.Settings.Sealing = round.Sealing{Trustees: 1, Needed: 1}
	if err := w.takeWith(t, round.Freeze, make([]byte, 32), nil); domain.KindOf(err) != domain.Invalid {
		t.Errorf("a key from elsewhere: %v", err)
	}
	for _, step := range []round.Step{round.Freeze, round.Open, round.Close} {
		if _, err := w.take(t, step); err != nil {
			t.Fatal(err)
		}
	}
	m, err := round.DecodeManifest(w.manifest)
	if err != nil {
		t.Fatal(err)
	}
	w.seal(t)
	for _, step := range []round.Step{round.Count, round.Confirm, round.Publish} {
		if _, err := w.take(t, step); err != nil {
			t.Fatal(err)
		}
	}
	w.isOpened(t, m)
	if bytes.Contains(w.frozen.Opening, w.opened.Key) || len(w.frozen.Opening) == 0 {
		t.Error("the key lay beside the round as it is")
	}
	r, err := w.service(t).Results(context.Background(), official, "r")
	if err != nil || r.Void["p"][ballot.Unopened] != 1 {
		t.Errorf("results %+v, %v", r.Void, err)
	}
}

// With several the freeze needs their public key, and the count their private
// one; whoever runs the service has neither half of it before.
func TestTrusteesHoldTheKey(t *testing.T) {
	w := newWorld(t)
	w.round.Settings.Sealing = round.Sealing{Trustees: 3, Needed: 2}
	key, err := ballot.GenerateOpeningKey()
	if err != nil {
		t.Fatal(err)
	}
	w.key = key
	for name, public := range map[string][]byte{"none": nil, "too short": key.Public()[1:]} {
		if err := w.takeWith(t, round.Freeze, public, nil); domain.KindOf(err) != domain.Invalid {
			t.Errorf("a freeze with %s: %v", name, err)
		}
	}
	if err := w.takeWith(t, round.Freeze, key.Public(), nil); err != nil {
		t.Fatal(err)
	}
	m, err := round.DecodeManifest(w.manifest)
	if err != nil || m.Sealing.Trustees != 3 || m.Sealing.Needed != 2 || w.frozen.Opening != nil {
		t.Fatalf("%+v, kept %x, %v", m.Sealing, w.frozen.Opening, err)
	}
	w.seal(t)
	for _, step := range []round.Step{round.Open, round.Close} {
		if _, err := w.take(t, step); err != nil {
			t.Fatal(err)
		}
	}
	other, err := ballot.GenerateOpeningKey()
	if err != nil {
		t.Fatal(err)
	}
	wrong, err1 := other.Bytes()
	right, err2 := key.Bytes()
	if err1 != nil || err2 != nil {
		t.Fatal(err1, err2)
	}
	for name, private := range map[string][]byte{"none": nil, "another": wrong, "too short": right[1:]} {
		if err := w.takeWith(t, round.Count, nil, private); domain.KindOf(err) != domain.Invalid {
			t.Errorf("a count with %s: %v", name, err)
		}
	}
	if w.round.Phase != round.Closed {
		t.Fatalf("the round is %s", w.round.Phase)
	}
	if err := w.takeWith(t, round.Count, nil, right); err != nil {
		t.Fatal(err)
	}
	w.isOpened(t, m)
	if err := w.takeWith(t, round.Count, nil, nil); err != nil {
		t.Errorf("the same step again: %v", err)
	}
}

// A freeze wants the test text back that was sealed for its key: without it, or
// with that of another key or round, nothing is frozen.
func TestTrusteesOpenATextBeforeTheFreeze(t *testing.T) {
	w := newWorld(t)
	w.round.Settings.Sealing = round.Sealing{Trustees: 3, Needed: 2}
	key, err1 := ballot.GenerateOpeningKey()
	other, err2 := ballot.GenerateOpeningKey()
	if err1 != nil || err2 != nil {
		t.Fatal(err1, err2)
	}
	right := w.trial(t, key.Public(), key)
	mixed := w.trial(t, key.Public(), key)
	mixed.Kept = right.Kept
	altered := record.Trial{Kept: right.Kept, Opened: bytes.Clone(right.Opened)}
	altered.Opened[0] ^= 1
	for name, trial := range map[string]record.Trial{
		"none": {}, "no text": {Kept: right.Kept}, "another key's": w.trial(t, other.Public(), other),
		"another text": mixed, "a text with a bit flipped": altered,
		"what nobody gave": {Kept: bytes.Repeat([]byte{1}, 60), Opened: right.Opened},
	} {
		q := w.shown(t, round.Freeze)
		q.SealingKey, q.Trial = key.Public(), trial
		if _, err := w.service(t).Take(t.Context(), official, "r", q); domain.KindOf(err) != domain.Invalid {
			t.Errorf("%s: got %v, want it refused", name, err)
		}
	}
	if w.round.Phase.Reached(round.Frozen) {
		t.Fatalf("the round is %s", w.round.Phase)
	}
	for name, actor := range map[string]domain.Actor{"nobody": {}, "a resident": {ID: 1}} {
		if _, _, err := w.service(t).TrySealing(t.Context(), actor, "r", nil); err == nil {
			t.Errorf("%s was given a trial", name)
		}
	}
	q := w.shown(t, round.Freeze)
	q.SealingKey, q.Trial = key.Public(), right
	if _, err := w.service(t).Take(t.Context(), official, "r", q); err != nil {
		t.Fatal(err)
	}
}

// Neither half of a key belongs to a round whose ballots are not sealed.
func TestUnsealedRoundsTakeNoKey(t *testing.T) {
	w := newWorld(t)
	if err := w.takeWith(t, round.Freeze, make([]byte, 32), nil); domain.KindOf(err) != domain.Invalid {
		t.Errorf("a freeze with a key: %v", err)
	}
	if _, err := w.take(t, round.Freeze); err != nil {
		t.Fatal(err)
	}
	if m, err := round.DecodeManifest(w.manifest); err != nil || m.Sealing != nil || bytes.Contains(w.manifest, []byte("padded")) {
		t.Errorf("%+v, %v", m.Sealing, err)
	}
}
