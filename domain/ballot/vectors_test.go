package ballot_test

import (
	"bytes"
	"crypto/ed25519"
	"encoding/hex"
	"encoding/json"
	"flag"
	"os"
	"strings"
	"testing"

	"osbu/domain"
	"osbu/domain/ballot"
)

var update = flag.Bool("update", false, "write testdata/vectors.json anew")

// vectors are read by the browser's unit test, too: both sides must make the
// same bytes.
type vectors struct {
	Ballots  []vector          `json:"ballots"`
	Rejected map[string]string `json:"rejected"` // canonical bytes of no ballot, by what is wrong with them
}

type vector struct {
	Name              string `json:"name"`
	Round             string `json:"round"`
	Paper             string `json:"paper"`
	Area              string `json:"area"`
	Kind              string `json:"kind,omitempty"`
	Choices           []int  `json:"choices"`
	Points            []int  `json:"points,omitempty"`
	Salt              string `json:"salt"`               // hex
	Canonical         string `json:"canonical"`          // text
	Commit            string `json:"commit"`             // hex
	Seed              string `json:"seed"`               // hex; the voter's Ed25519 private key (RFC 8032)
	Key               string `json:"key"`                // hex
	CredentialMessage string `json:"credential_message"` // hex
	Seq               int    `json:"seq"`
	CastMessage       string `json:"cast_message"` // text
	Signature         string `json:"signature"`    // hex
}

const file = "testdata/vectors.json"

func TestVectors(t *testing.T) {
	if *update {
		write(t)
	}
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var v vectors
	if err := json.Unmarshal(text, &v); err != nil {
		t.Fatal(err)
	}
	if len(v.Ballots) == 0 || len(v.Rejected) == 0 {
		t.Fatal("no vectors")
	}
	for _, want := range v.Ballots {
		t.Run(want.Name, func(t *testing.T) {
			if got := fill(t, want); !equal(t, got, want) {
				t.Errorf("got %+v\nwant %+v", got, want)
			}
			b, err := ballot.Decode([]byte(want.Canonical))
			if err != nil {
				t.Fatal(err)
			}
			if again, err := b.Encode(); err != nil || string(again) != want.Canonical {
				t.Errorf("decoded and encoded again: %q, %v", again, err)
			}
		})
	}
	for name, text := range v.Rejected {
		if b, err := ballot.Decode([]byte(text)); domain.CodeOf(err) != ballot.CodeInvalid {
			t.Errorf("%s: decoded as %+v, error %v", name, b, err)
		}
	}
}

func equal(t *testing.T, a, b vector) bool {
	t.Helper()
	x, err1 := json.Marshal(a)
	y, err2 := json.Marshal(b)
	if err1 != nil || err2 != nil {
		t.Fatal(err1, err2)
	}
	return bytes.Equal(x, y)
}

// fill computes what follows from round, paper, area, choices, salt, seed and
// seq.
func fill(t *testing.T, v vector) vector {
	t.Helper()
	vote := ballot.Vote{Kind: v.Kind, Choices: v.Choices, Points: v.Points}
	b := ballot.Ballot{Round: v.Round, Paper: v.Paper, Area: v.Area, Vote: vote}
	copy(b.Salt[:], unhex(t, v.Salt))
	canonical, err := b.Encode()
	if err != nil {
		t.Fatal(err)
	}
	commit := ballot.Commitment(canonical)
	private := ed25519.NewKeyFromSeed(unhex(t, v.Seed))
	key := private.Public().(ed25519.PublicKey)
	message := ballot.CastMessage(commit, v.Seq)
	v.Canonical = string(canonical)
	v.Commit = hex.EncodeToString(commit[:])
	v.Key = hex.EncodeToString(key)
	v.CredentialMessage = hex.EncodeToString(ballot.CredentialMessage(v.Round, v.Paper, key))
	v.CastMessage = string(message)
	v.Signature = hex.EncodeToString(ed25519.Sign(private, message))
	return v
}

func write(t *testing.T) {
	t.Helper()
	salt := func(from byte) string {
		b := make([]byte, 32)
		for i := range b {
			b[i] = from + byte(i)
		}
		return hex.EncodeToString(b)
	}
	v := vectors{Ballots: []vector{
		{
			Name:    "three projects",
			Round:   "helsinki-2026",
			Paper:   "main",
			Area:    "etelainen",
			Choices: []int{3, 17, 204},
			Salt:    salt(0),
			Seed:    salt(32),
			Seq:     1,
		},
		{
			Name:    "blank",
			Round:   "helsinki-2026",
			Paper:   "main",
			Area:    "itainen",
			Choices: []int{},
			Salt:    salt(64),
			Seed:    salt(96),
			Seq:     1,
		},
		{
			Name:    "one project, the largest number",
			Round:   "r",
			Paper:   "0",
			Area:    "a-1",
			Choices: []int{999999},
			Salt:    salt(223),
			Seed:    salt(128),
			Seq:     1,
		},
		{
			Name:    "a later ballot",
			Round:   strings.Repeat("r", 60),
			Paper:   "koko-kaupunki",
			Area:    "koko-kaupunki",
			Choices: []int{1, 2, 3, 4, 5},
			Salt:    salt(160),
			Seed:    salt(192),
			Seq:     12,
		},
		{
			Name:    "points for three projects",
			Round:   "helsinki-2026",
			Paper:   "main",
			Area:    "etelainen",
			Kind:    ballot.Points,
			Choices: []int{3, 17, 204},
			Points:  []int{4, 1, 5},
			Salt:    salt(7),
			Seed:    salt(39),
			Seq:     1,
		},
		{
			Name:    "no points",
			Round:   "helsinki-2026",
			Paper:   "main",
			Area:    "etelainen",
			Kind:    ballot.Points,
			Choices: []int{},
			Salt:    salt(71),
			Seed:    salt(103),
			Seq:     1,
		},
		{
			Name:    "a ranking",
			Round:   "helsinki-2026",
			Paper:   "main",
			Area:    "etelainen",
			Kind:    ballot.Ranking,
			Choices: []int{17, 204, 3},
			Salt:    salt(135),
			Seed:    salt(167),
			Seq:     2,
		},
		{
			Name:    "no place taken",
			Round:   "helsinki-2026",
			Paper:   "main",
			Area:    "etelainen",
			Kind:    ballot.Ranking,
			Choices: []int{},
			Salt:    salt(199),
			Seed:    salt(11),
			Seq:     1,
		},
	}}
	for i := range v.Ballots {
		v.Ballots[i] = fill(t, v.Ballots[i])
	}
	good, points, ranking := v.Ballots[0].Canonical, v.Ballots[4].Canonical, v.Ballots[6].Canonical
	inPoints := func(from, to string) string { return strings.Replace(points, from, to, 1) }
	inRanking := func(from, to string) string { return strings.Replace(ranking, from, to, 1) }
	swap := func(from, to string) string { return strings.Replace(good, from, to, 1) }
	v.Rejected = map[string]string{
		"empty":               "",
		"another version":     swap("v1", "v2"),
		"no last newline":     strings.TrimSuffix(good, "\n"),
		"one line more":       good + "\n",
		"carriage returns":    strings.ReplaceAll(good, "\n", "\r\n"),
		"lines swapped":       swap("paper main\narea etelainen", "area etelainen\npaper main"),
		"out of order":        swap("3 17", "17 3"),
		"twice the same":      swap("3 17", "17 17"),
		"leading zero":        swap(" 3 ", " 03 "),
		"plus sign":           swap(" 3 ", " +3 "),
		"zero":                swap(" 3 ", " 0 "),
		"negative":            swap(" 3 ", " -3 "),
		"too large a number":  swap(" 204", " 1000000"),
		"no number":           swap(" 3 ", " x "),
		"two spaces":          swap(" 3 ", "  3 "),
		"space at the end":    swap(" 204", " 204 "),
		"no space":            swap("choices 3", "choices3"),
		"salt in capitals":    swap("0a0b0c", "0A0B0C"),
		"salt too short":      swap("1e1f", "1e"),
		"salt too long":       swap("1e1f", "1e1f20"),
		"address in capitals": swap("main", "Main"),
		"empty address":       swap("paper main", "paper "),
		"address too long":    swap("main", strings.Repeat("m", 61)),
		"byte order mark":     "\ufeff" + good,

		"points in the first version":        inPoints("v2", "v1"),
		"a ranking in the first version":     inRanking("v2", "v1"),
		"points out of order":                inPoints("3:4 17:1", "17:1 3:4"),
		"points twice for the same":          inPoints("3:4 17:1", "3:4 3:1"),
		"zero points":                        inPoints(":4", ":0"),
		"negative points":                    inPoints(":4", ":-4"),
		"half a point":                       inPoints(":4", ":4.5"),
		"points with a leading zero":         inPoints(":4", ":04"),
		"points with a plus sign":            inPoints(":4", ":+4"),
		"too many points":                    inPoints(":4", ":100001"),
		"points missing":                     inPoints("3:4", "3"),
		"points missing after the colon":     inPoints("3:4", "3:"),
		"points with two colons":             inPoints("3:4", "3:4:1"),
		"points with a space":                inPoints("3:4", "3: 4"),
		"a project ranked twice":             inRanking("17 204", "17 17"),
		"a ranking with points":              inRanking("17 204", "17:2 204:1"),
		"a ranking called points":            inRanking("ranking", "points"),
		"points called a ranking":            inPoints("points", "ranking"),
		"a third version":                    inPoints("v2", "v3"),
		"unknown choices in the second":      inPoints("points", "scores"),
		"picks as long as rankings at once":  inRanking("ranking", "choices"),
		"the word of a kind with more to it": inRanking("ranking", "rankings"),
	}
	text, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, append(text, '\n'), 0o644); err != nil {
		t.Fatal(err)
	}
}

func unhex(t *testing.T, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(s)
	if err != nil {
		t.Fatal(err)
	}
	return b
}
