package ballot_test

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/cryptotest"

	"osbu/domain"
	"osbu/domain/ballot"
)

// sealedVector is a sealed ballot and what comes of opening it: its canonical
// bytes, or the reason why it is void. The browser's unit test reads it, too.
type sealedVector struct {
	Name        string      `json:"name"`
	Round       string      `json:"round"`
	Paper       string      `json:"paper"`
	Key         string      `json:"key"`         // hex; the voter's
	OpeningKey  string      `json:"opening_key"` // hex; private
	SealingKey  string      `json:"sealing_key"` // hex; public
	Padded      int         `json:"padded"`
	Commit      string      `json:"commit"`    // hex
	Sealed      string      `json:"sealed"`    // hex
	Canonical   string      `json:"canonical"` // text; empty if void
	Void        ballot.Void `json:"void"`
	Seq         int         `json:"seq"`
	CastMessage string      `json:"cast_message"` // text
}

const sealedFile = "testdata/sealed.json"

func TestSealedVectors(t *testing.T) {
	if *update {
		writeSealed(t)
	}
	text, err := os.ReadFile(sealedFile)
	if err != nil {
		t.Fatal(err)
	}
	var vectors []sealedVector
	if err := json.Unmarshal(text, &vectors); err != nil || len(vectors) < 7 {
		t.Fatalf("%d vectors: %v", len(vectors), err)
	}
	for _, v := range vectors {
		t.Run(v.Name, func(t *testing.T) {
			key, err := ballot.NewOpeningKey(unhex(t, v.OpeningKey), unhex(t, v.SealingKey))
			if err != nil {
				t.Fatal(err)
			}
			sealed, commit := unhex(t, v.Sealed), [32]byte(unhex(t, v.Commit))
			canonical, void := key.Open(v.Round, v.Paper, unhex(t, v.Key), sealed, commit)
			if string(canonical) != v.Canonical || void != v.Void {
				t.Errorf("it opens to %q, %q, want %q, %q", canonical, void, v.Canonical, v.Void)
			}
			if got := ballot.SealedCastMessage(commit, sha256.Sum256(sealed), v.Seq); string(got) != v.CastMessage {
				t.Errorf("to be signed: %q", got)
			}
		})
	}
}

func writeSealed(t *testing.T) {
	t.Helper()
	cryptotest.SetGlobalRandom(t, 1)
	key, err := ballot.GenerateOpeningKey()
	if err != nil {
		t.Fatal(err)
	}
	seal, err := ballot.NewSealingKey(key.Public())
	if err != nil {
		t.Fatal(err)
	}
	private, err := key.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	voter := ed25519.NewKeyFromSeed(bytes.Repeat([]byte{7}, 32)).Public().(ed25519.PublicKey)
	canonical, err := ballot.Ballot{Round: "r", Paper: "p", Area: "a", Vote: ballot.Vote{Choices: []int{3, 17}}}.Encode()
	if err != nil {
		t.Fatal(err)
	}
	var vectors []sealedVector
	add := func(name string, sealed []byte, err error, commit [32]byte) {
		if err != nil {
			t.Fatal(err)
		}
		v := sealedVector{
			Name: name, Round: "r", Paper: "p", Key: hex.EncodeToString(voter), OpeningKey: hex.EncodeToString(private),
			SealingKey: hex.EncodeToString(key.Public()), Padded: 200, Commit: hex.EncodeToString(commit[:]),
			Sealed: hex.EncodeToString(sealed), Seq: 1,
			CastMessage: string(ballot.SealedCastMessage(commit, sha256.Sum256(sealed), 1)),
		}
		text, void := key.Open("r", "p", voter, sealed, commit)
		v.Canonical, v.Void = string(text), void
		vectors = append(vectors, v)
	}
	commit := ballot.Commitment(canonical)
	good, err := seal.Seal("r", "p", voter, canonical, 200)
	add("a ballot", good, err, commit)
	changed := slices.Clone(good)
	changed[40] ^= 1
	add("a byte changed", changed, nil, commit)
	zero := slices.Clone(good)
	clear(zero[:32])
	add("an encapsulated key that no secret comes of", zero, nil, commit)
	other, err := seal.Seal("r", "q", voter, canonical, 200)
	add("sealed for another paper", other, err, commit)
	other, err = seal.Seal("r", "p", bytes.Repeat([]byte{8}, 32), canonical, 200)
	add("sealed for another voter's key", other, err, commit)
	add("another ballot than committed to", good, nil, [32]byte{1})
	other, err = seal.SealBytes("r", "p", voter, append(bytes.Repeat([]byte{0}, 3), canonical...))
	add("padded in front", other, err, commit)
	noBallot := []byte("no ballot")
	other, err = seal.Seal("r", "p", voter, noBallot, 200)
	add("no ballot's bytes, which is for the reader to find", other, err, ballot.Commitment(noBallot))
	text, err := json.MarshalIndent(vectors, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(sealedFile, append(text, '\n'), 0o644); err != nil {
		t.Fatal(err)
	}
}

// Every ballot that fits its paper has the same length once it is sealed, and
// Longest is the length of the longest, no more.
func TestLongest(t *testing.T) {
	numbers := map[string][]int{"a": {1, 20, 300}, "long-name": {1}}
	form := ballot.Form{Kind: ballot.Approval, Min: 0, Max: 2}
	longest := ballot.Longest("round", "paper", form, numbers)
	most := 0
	for area, all := range map[string][][]int{"a": {nil, {1}, {1, 20}, {20, 300}}, "long-name": {nil, {1}}} {
		for _, choices := range all {
			text, err := ballot.Ballot{Round: "round", Paper: "paper", Area: area, Vote: ballot.Vote{Choices: choices}}.Encode()
			if err != nil {
				t.Fatal(err)
			}
			most = max(most, len(text))
		}
	}
	if longest != most {
		t.Errorf("the longest has %d bytes, said to have %d", most, longest)
	}
	for vote, form := range map[*ballot.Vote]ballot.Form{
		{Kind: ballot.Ranking, Choices: []int{300, 20}}: {Kind: ballot.Ranking, Max: 2},
		{Kind: ballot.Points, Choices: []int{20, 300}, Points: []int{10, 10}}: {
			Kind: ballot.Points, Max: 2, Points: 20, PointsEach: 10,
		},
	} {
		text, err := ballot.Ballot{Round: "round", Paper: "paper", Area: "a", Vote: *vote}.Encode()
		if err != nil {
			t.Fatal(err)
		}
		if got := ballot.Longest("round", "paper", form, map[string][]int{"a": {1, 20, 300}}); got != len(text) {
			t.Errorf("%s: the longest has %d bytes, said to have %d", vote.Kind, len(text), got)
		}
	}
	key, err := ballot.GenerateOpeningKey()
	if err != nil {
		t.Fatal(err)
	}
	seal, err := ballot.NewSealingKey(key.Public())
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{"", strings.Repeat("x", longest)} {
		sealed, err := seal.Seal("round", "paper", nil, []byte(text), longest)
		if err != nil || len(sealed) != longest+ballot.SealedOverhead {
			t.Errorf("%d bytes sealed have %d: %v", len(text), len(sealed), err)
		}
	}
	if _, err := seal.Seal("round", "paper", nil, make([]byte, longest+1), longest); domain.KindOf(err) != domain.Invalid {
		t.Errorf("a longer one: %v", err)
	}
}

// However a paper without faults is made, what its longest ballot is padded to
// is within bounds.
func TestLongestIsWithinBounds(t *testing.T) {
	numbers := make([]int, ballot.MaxChoices)
	for i := range numbers {
		numbers[i] = ballot.MaxNumber - i
	}
	long := strings.Repeat("r", 60)
	for _, form := range []ballot.Form{
		{Kind: ballot.Knapsack, Max: ballot.MaxChoices},
		{Kind: ballot.Ranking, Max: ballot.MaxChoices},
		{Kind: ballot.Points, Max: ballot.MaxPointed, Points: ballot.MaxPoints, PointsEach: ballot.MaxPoints},
	} {
		if faults := form.Faults(); len(faults) > 0 {
			t.Fatal(faults)
		}
		if n := ballot.Longest(long, long, form, map[string][]int{long: numbers}); n > ballot.MostPadded {
			t.Errorf("%s: a ballot has up to %d bytes", form.Kind, n)
		}
	}
}

func TestOpeningKeyIsTheRounds(t *testing.T) {
	key, err := ballot.GenerateOpeningKey()
	if err != nil {
		t.Fatal(err)
	}
	other, err := ballot.GenerateOpeningKey()
	if err != nil {
		t.Fatal(err)
	}
	private, err := other.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	for _, bytes := range [][]byte{nil, make([]byte, 31), private} {
		if _, err := ballot.NewOpeningKey(bytes, key.Public()); domain.CodeOf(err) != ballot.CodeOpeningKey {
			t.Errorf("%x opens the round: %v", bytes, err)
		}
	}
	if _, err := ballot.NewSealingKey(make([]byte, 31)); domain.CodeOf(err) != ballot.CodeOpeningKey {
		t.Errorf("31 bytes seal: %v", err)
	}
}
