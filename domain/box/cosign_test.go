package box_test

import (
	"testing"

	cosignature "github.com/transparency-dev/formats/note"
	"golang.org/x/mod/sumdb/note"

	"osbu/domain/box"
)

// However a witness's key is given, it is published in one way: as a key that
// cosigns.
func TestWitnessKey(t *testing.T) {
	_, plain, err := note.GenerateKey(nil, "witness.example")
	if err != nil {
		t.Fatal(err)
	}
	cosigning, err := cosignature.VKeyToCosignatureV1(plain)
	if err != nil {
		t.Fatal(err)
	}
	for _, key := range []string{plain, cosigning} {
		if w, err := box.NewWitness(key); err != nil || w.Key != cosigning || w.Name() != "witness.example" {
			t.Errorf("%s: %+v, %v", key, w, err)
		}
	}
	for _, key := range []string{"", "witness.example", "witness.example+00000000", "witness.example+00000000+AA=="} {
		if _, err := box.NewWitness(key); err == nil {
			t.Errorf("%q is a key", key)
		}
	}
}
