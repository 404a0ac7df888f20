package record

import (
	"bytes"
	"cmp"
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"osbu/domain"
	"osbu/domain/ballot"
	"osbu/domain/box"
	"osbu/domain/round"
)

// sample is a small vote with a log of its own, every byte of which follows
// from its seed: real keys, real signatures, no clock. A test changes what it
// likes between the steps and has a record made of it, as a city would that
// holds the log's key.
//
// Paper "p" is for one of the areas "a", with most of the ballots, and "b" with
// few; paper "q" is a knapsack for area "c".
type sample struct {
	rand     *rand.ChaCha8
	manifest round.Manifest
	signer   note.Signer
	keys     []box.Witness
	issuers  map[string]*issuer
	ballots  []box.Entry // in the order of the log
	leaves   []string
	entries  []round.Entry // of the audit log
	sizes    []int64       // of the checkpoints; the last one is the whole log
	notes    [][]byte
	spent    map[string]Spent
	rights   map[string]int
	gone     map[int]bool // projects withdrawn during the vote
	batches  []box.PaperBatch
	private  []ed25519.PrivateKey
	outdone  []bool             // ballots that do not count; nil: none
	opening  *ballot.OpeningKey // nil: ballots are not sealed

	// Lies, told while the record is made.
	publish  func(*Published)
	tell     func([]round.Entry) []round.Entry // otherwise, before the log vouches for it
	counted  func([]Outcome)
	hidden   int     // so many of the last ballots are not given out
	unsigned bool    // the signature is of something else
	cosigner string  // the witness's name; empty: witness.example
	lot      *[]byte // another seed
}

func newSample(t testing.TB, seed uint64) *sample {
	t.Helper()
	s := &sample{
		rand:    rand.NewChaCha8([32]byte{byte(seed), byte(seed >> 8)}),
		issuers: map[string]*issuer{},
		gone:    map[int]bool{12: true},
	}
	lot := sha256.Sum256([]byte("lot"))
	var key string
	s.signer, key = s.noteKey(t, box.Origin("r"))
	s.manifest = testManifest()
	m := &s.manifest
	m.Decision, m.PromisedBy, m.ReservedCost, m.LotCommitment, m.LogKey = "§ 1", m.Closes.Add(
		24*time.Hour,
	), "maximum", round.Commit(
		lot[:],
	), key
	m.Areas = append(
		m.Areas,
		round.ManifestArea{
			ID:   "b",
			Name: domain.Text{Fi: "Toinen"},
			Pot:  domain.Euros(50),
			Rule: round.Rule{Rule: "greedy"},
		},
		round.ManifestArea{
			ID:   "c",
			Name: domain.Text{Fi: "Kaupunki"},
			Pot:  domain.Euros(90),
			Rule: round.Rule{Rule: "equal-shares", Completion: "add1"},
		},
	)
	m.Papers[0].Areas = append(m.Papers[0].Areas, "b")
	m.Papers = append(
		m.Papers,
		round.ManifestPaper{ID: "q", Areas: []string{"c"}, Form: ballot.Form{Kind: ballot.Knapsack, Min: 1, Max: 2}},
	)
	for n, area := range []string{"b", "b", "c", "c", "c"} {
		m.Projects = append(
			m.Projects,
			round.ManifestProject{
				Number: 20 + n,
				Area:   area,
				Title:  domain.Text{Fi: fmt.Sprint("Hanke ", n)},
				Cost:   domain.Euros(int64(20 + 5*n)),
			},
		)
	}
	for i := range m.Papers {
		p := &m.Papers[i]
		s.issuers[p.ID] = issuers()[i]
		var err error
		if p.Issuer, err = x509.MarshalPKIXPublicKey(&s.issuers[p.ID].public); err != nil {
			t.Fatal(err)
		}
	}
	return s
}

// tinySample has a ballot in each area, so that it can be checked thousands of
// times.
func tinySample(t testing.TB) *sample {
	t.Helper()
	return tinyOf(t, newSample(t, 1))
}

func tinyOf(t testing.TB, s *sample) *sample {
	t.Helper()
	s.cast(t, "a", 1, 2)
	s.cast(t, "b", 20)
	s.cast(t, "c", 22)
	s.spent, s.rights = map[string]Spent{"p": {Online: 2}, "q": {Online: 1}}, map[string]int{"p": 9, "q": 9}
	return s.logged(t, 2, 5)
}

// castSmall casts thirteen ballots.
func (s *sample) castSmall(t testing.TB) {
	t.Helper()
	for _, c := range []struct {
		area    string
		choices []int
	}{
		{"a", []int{1, 2}},
		{"b", []int{20}},
		{"a", []int{1}},
		{"c", []int{22, 23}},
		{"a", []int{2, 3}},
		{"a", []int{3, 12}},
		{"c", []int{24}},
		{"a", nil},
		{"a", []int{1, 3}},
		{"b", []int{20, 21}},
		{"c", []int{22}},
		{"b", nil},
		{"c", []int{23}},
	} {
		s.cast(t, c.area, c.choices...)
	}
}

// smallSample has cast thirteen ballots and its log.
func smallSample(t testing.TB, seed uint64) *sample {
	t.Helper()
	s := newSample(t, seed)
	s.castSmall(t)
	s.spent = map[string]Spent{"p": {Online: 7, Assisted: 2, Replaced: 1}, "q": {Online: 5}}
	s.rights = map[string]int{"p": 20, "q": 20}
	return s.logged(t, 1, 4, 9, 15)
}

// repeatedSample has cast smallSample's ballots five times over, so that most
// projects have votes enough to be told where b and c are withheld.
func repeatedSample(t testing.TB, seed uint64) *sample {
	t.Helper()
	s := newSample(t, seed)
	for range 5 {
		s.castSmall(t)
	}
	s.spent = map[string]Spent{"p": {Online: 45}, "q": {Online: 20}}
	s.rights = map[string]int{"p": 50, "q": 50}
	s.manifest.OpeningsFrom = 25
	return s.logged(t, 1, int64(len(s.ballots))+2)
}

func (s *sample) bytes(n int) []byte {
	b := make([]byte, n)
	_, _ = s.rand.Read(b) // never fails
	return b
}

// noteKey makes an Ed25519 key in the format of signed notes.
func (s *sample) noteKey(t testing.TB, name string) (note.Signer, string) {
	t.Helper()
	seed := s.bytes(32)
	public, err := note.NewEd25519VerifierKey(name, ed25519.NewKeyFromSeed(seed).Public().(ed25519.PublicKey))
	if err != nil {
		t.Fatal(err)
	}
	hash := strings.SplitN(public, "+", 3)[1]
	signer, err := note.NewSigner(
		"PRIVATE+KEY+" + name + "+" + hash + "+" + base64.StdEncoding.EncodeToString(append([]byte{1}, seed...)),
	)
	if err != nil {
		t.Fatal(err)
	}
	return signer, public
}

// cast puts a ballot with its proofs in the box.
func (s *sample) cast(t testing.TB, area string, choices ...int) {
	t.Helper()
	s.castVote(t, area, ballot.Vote{Choices: choices})
}

func (s *sample) castVote(t testing.TB, area string, vote ballot.Vote) {
	t.Helper()
	paper := paperOf(s.manifest, area).ID
	private := ed25519.NewKeyFromSeed(s.bytes(32))
	s.private = append(s.private, private)
	key := private.Public().(ed25519.PublicKey)
	randomizer := s.bytes(randomizerLength)
	b := ballot.Ballot{Round: "r", Paper: paper, Area: area, Vote: vote, Salt: [32]byte(s.bytes(32))}
	text, err := b.Encode()
	if err != nil {
		t.Fatal(err)
	}
	commit := ballot.Commitment(text)
	kept, message := s.sent(t, paper, key, text, 1)
	s.ballots = append(s.ballots, box.Entry{
		Round: "r", Paper: paper, Nullifier: [32]byte(key), Seq: 1, Commit: commit, Ballot: kept, Randomizer: randomizer,
		Credential: s.issuers[paper].sign(
			append(randomizer, ballot.CredentialMessage("r", paper, key)...),
			s.bytes(48),
		),
		Signature: ed25519.Sign(private, message),
	})
}

// seal makes it a vote whose ballots are sealed; before any is cast. What is
// sealed is another at each run, unless the test fixes the randomness.
func (s *sample) seal(t testing.TB) {
	t.Helper()
	key, err := ballot.GenerateOpeningKey()
	if err != nil {
		t.Fatal(err)
	}
	s.opening = &key
	s.manifest.Sealing = &round.ManifestSealing{Key: key.Public(), Trustees: 3, Needed: 2}
	for i := range s.manifest.Papers {
		s.manifest.Papers[i].Padded = s.manifest.LongestBallot(s.manifest.Papers[i]) + 20 // room for what breaks the form
	}
}

// sent is what the box gets of a ballot, and what the voter signs.
func (s *sample) sent(t testing.TB, paper string, key ed25519.PublicKey, text []byte, seq int) (kept, message []byte) {
	t.Helper()
	commit := ballot.Commitment(text)
	if s.opening == nil {
		return text, ballot.CastMessage(commit, seq)
	}
	seal, err := ballot.NewSealingKey(s.manifest.Sealing.Key)
	if err != nil {
		t.Fatal(err)
	}
	p, _ := s.manifest.Paper(paper)
	if kept, err = seal.Seal("r", paper, key, text, p.Padded); err != nil {
		t.Fatal(err)
	}
	return kept, ballot.SealedCastMessage(commit, sha256.Sum256(kept), seq)
}

// spoil changes what the i-th voter sent and committed to, and signs it as she
// would.
func (s *sample) spoil(t testing.TB, i int, kept []byte, commit [32]byte) {
	t.Helper()
	e := &s.ballots[i]
	e.Ballot, e.Commit = kept, commit
	e.Signature = ed25519.Sign(s.private[i], ballot.SealedCastMessage(commit, sha256.Sum256(kept), e.Seq))
}

// read is a ballot as it is counted.
func (s *sample) read(t testing.TB, e box.Entry) *readBallot {
	t.Helper()
	b := &readBallot{Entry: e}
	if b.ballot, b.void, b.err = newOpener(s.manifest, s.opening).read(e); b.err != nil {
		t.Fatal(b.err)
	}
	return b
}

// again casts another ballot under the key of the i-th one.
func (s *sample) again(t testing.TB, i, seq int, choices ...int) {
	t.Helper()
	e := s.ballots[i]
	b := s.read(t, e).ballot
	b.Choices, b.Salt = choices, [32]byte(s.bytes(32))
	text, err := b.Encode()
	if err != nil {
		t.Fatal(err)
	}
	var message []byte
	e.Ballot, message = s.sent(t, e.Paper, e.Nullifier[:], text, seq)
	e.Seq, e.Commit = seq, ballot.Commitment(text)
	e.Signature = ed25519.Sign(s.private[i], message)
	s.ballots = append(s.ballots, e)
}

// logged writes the log of the ballots anew, with checkpoints of these sizes,
// the witness's cosignature on the second.
func (s *sample) logged(t testing.TB, sizes ...int64) *sample {
	t.Helper()
	s.leaves = []string{box.Leaf{Type: box.ManifestLeaf, Manifest: sha256.Sum256(s.note(t))}.String()}
	for _, e := range s.ballots {
		s.leaves = append(
			s.leaves,
			e.Leaf().String(),
		)
	}
	s.entries = s.audited(t)
	end := box.Leaf{Type: box.CloseLeaf, Ballots: int64(len(s.ballots))}.String()
	for _, e := range s.entries {
		switch h := (round.Head{Step: round.Step(e.Action), Hash: e.Hash}); {
		case h.Step == round.Close:
			s.leaves = append(s.leaves, end)
			fallthrough
		case slices.Contains(round.LoggedSteps, h.Step):
			s.leaves = append(s.leaves, box.Leaf{Type: box.AuditLeaf, Audit: h}.String())
		}
	}
	if last := len(sizes) - 1; sizes[last] > int64(len(s.ballots))+1 { // over the close
		sizes[last] = int64(len(s.leaves))
	}
	s.sizes = sizes
	return s.signed(t)
}

// audited is the round's audit log: the vote closed an hour later than planned.
func (s *sample) audited(t testing.TB) []round.Entry {
	t.Helper()
	text, err := s.manifest.Encode()
	if err != nil {
		t.Fatal(err)
	}
	closes := s.manifest.Closes.UTC()
	later := closes.Add(time.Hour)
	opens := s.manifest.Opens.UTC()
	entries := []round.Entry{
		{Action: "create", At: opens.Add(-9 * time.Hour), Details: "{}"},
		{
			Action: "freeze", At: opens.Add(-8 * time.Hour),
			Details: fmt.Sprintf(`{"decision":%q,"manifest":%q}`, s.manifest.Decision, digest(text)),
		},
		{Action: "open", At: opens, Details: "{}"},
		{Action: "issue codes", At: opens, Details: `{"codes":3}`},
		{
			Action: "times", At: opens, Reason: "a storm", Details: fmt.Sprintf(
				`{"changes":[{"field":"voting.closes","from":%q,"to":%q}]}`, closes.Format(time.RFC3339Nano),
				later.Format(time.RFC3339Nano)),
		},
		{Action: "close", At: later, Details: `{"changes":[]}`},
		{Action: "count", At: later, Details: `{"inputs":{}}`},
		{Action: "confirm", At: later.Add(time.Hour), Details: `{"decision":"§ 2"}`},
	}
	if s.tell != nil {
		entries = s.tell(entries)
	}
	return chained(entries)
}

// chained numbers and chains entries, as the database does.
func chained(entries []round.Entry) []round.Entry {
	var previous [32]byte
	for i := range entries {
		e := &entries[i]
		e.Round, e.Seq, e.Actor, e.Salt, e.Previous = "r", int64(i+1), "official 1", [16]byte{byte(i)}, previous
		e.Hash = e.Digest()
		previous = e.Hash
	}
	return entries
}

// signed signs the checkpoints of the leaves as they are.
func (s *sample) signed(t testing.TB) *sample {
	t.Helper()
	s.notes, s.keys = nil, nil
	hashes := hashesOf(t, s.leaves)
	for i, size := range s.sizes {
		signed := s.head(t, size, hashes)
		if i == 1 {
			signed = s.cosigned(t, signed)
		}
		s.notes = append(s.notes, signed)
	}
	return s
}

// checkpoint signs the tree of the first size of some leaves.
func (s *sample) checkpoint(t testing.TB, size int64, leaves []string) []byte {
	t.Helper()
	return s.head(t, size, hashesOf(t, leaves))
}

func (s *sample) head(t testing.TB, size int64, hashes stored) []byte {
	t.Helper()
	root, err := tlog.TreeHash(size, hashes)
	if err != nil {
		t.Fatal(err)
	}
	signed, err := box.Checkpoint{Round: "r", Size: size, Root: root}.Sign(s.signer)
	if err != nil {
		t.Fatal(err)
	}
	return signed
}

func hashesOf(t testing.TB, leaves []string) (hashes stored) {
	t.Helper()
	for i, l := range leaves {
		more, err := tlog.StoredHashesForRecordHash(int64(i), tlog.RecordHash([]byte(l)), hashes)
		if err != nil {
			t.Fatal(err)
		}
		hashes = append(hashes, more...)
	}
	return hashes
}

// cosigned adds the witness's signature, always at the same moment.
func (s *sample) cosigned(t testing.TB, signed []byte) []byte {
	t.Helper()
	return s.cosignedBy(t, signed, cmp.Or(s.cosigner, "witness.example"))
}

func (s *sample) cosignedBy(t testing.TB, signed []byte, name string) []byte {
	t.Helper()
	seed := sha256.Sum256([]byte(name))
	private := ed25519.NewKeyFromSeed(seed[:])
	public, err := note.NewEd25519VerifierKey(name, private.Public().(ed25519.PublicKey))
	if err != nil {
		t.Fatal(err)
	}
	w, err := box.NewWitness(public)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.ContainsFunc(s.keys, func(k box.Witness) bool { return k.Key == w.Key }) {
		s.keys = append(s.keys, w)
	}
	// C2SP tlog-cosignature: "cosignature/v1", the time in seconds, the
	// checkpoint's text; the signature follows the time as eight bytes.
	text, _, _ := bytes.Cut(signed, []byte("\n\n"))
	message := append([]byte("cosignature/v1\ntime 1000000000\n"), append(text, '\n')...)
	signature := append(binary8(1_000_000_000), ed25519.Sign(private, message)...)
	hash := w.KeyHash()
	line := base64.StdEncoding.EncodeToString(
		append([]byte{byte(hash >> 24), byte(hash >> 16), byte(hash >> 8), byte(hash)}, signature...),
	)
	return append(bytes.Clone(signed), "— "+name+" "+line+"\n"...)
}

func binary8(n uint64) []byte {
	b := make([]byte, 8)
	for i := range b {
		b[7-i] = byte(n >> (8 * i))
	}
	return b
}

// note is the signed manifest.
func (s *sample) note(t testing.TB) []byte {
	t.Helper()
	text, err := s.manifest.Encode()
	if err != nil {
		t.Fatal(err)
	}
	signed, err := note.Sign(&note.Note{Text: string(text)}, s.signer)
	if err != nil {
		t.Fatal(err)
	}
	return signed
}

// bundling counts the areas and is ready to write the record.
func (s *sample) bundling(t testing.TB) bundling {
	t.Helper()
	seed := sha256.Sum256([]byte("lot"))
	lot := seed[:]
	if s.lot != nil {
		lot = *s.lot
	}
	cast := map[string]areaVotes{}
	opened := Opened{Void: Voids{}}
	if s.opening != nil {
		var err error
		if opened.Key, err = s.opening.Bytes(); err != nil {
			t.Fatal(err)
		}
	}
	for i, e := range s.ballots {
		if s.outdone != nil && s.outdone[i] {
			continue
		}
		if b := s.read(t, e); b.void != "" {
			opened.Void.add(e.Paper, b.void)
		} else {
			cast[b.ballot.Area] = cast[b.ballot.Area].with(b.ballot.Vote, b.OnPaper())
		}
	}
	var outcomes []Outcome
	for _, a := range s.manifest.Areas {
		o, err := countArea(t.Context(), s.manifest, a, cast[a.ID], s.gone, hex.EncodeToString(lot))
		if err != nil {
			t.Fatal(err)
		}
		outcomes = append(outcomes, o)
	}
	if s.counted != nil {
		s.counted(outcomes)
	}
	st := State{Round: round.Round{ID: "r", ConfirmDecision: "§ 2"}, Rights: s.rights, Spent: s.spent}
	p := publication(s.manifest, st, outcomes, opened)
	if s.publish != nil {
		s.publish(&p)
	}
	service := New(Config{Box: s, Witnesses: s.keys})
	steps, err := readSteps(t.Context(), s, "r")
	if err != nil {
		t.Fatal(err)
	}
	batches, err := batchLines(s.batches)
	if err != nil {
		t.Fatal(err)
	}
	return bundling{
		steps:     steps,
		batches:   batches,
		taking:    taking{Service: service, round: "r"},
		ctx:       t.Context(),
		note:      s.note(t),
		manifest:  s.manifest,
		opener:    newOpener(s.manifest, s.opening),
		published: p,
		outcomes:  outcomes,
		room:      4,
		held:      map[string][]byte{},
	}
}

// record is the record's zip.
func (s *sample) record(t testing.TB) []byte {
	t.Helper()
	var zip bytes.Buffer
	if err := s.bundling(t).record(&zip); err != nil {
		t.Fatal(err)
	}
	return zip.Bytes()
}

// part is the auditors' part.
func (s *sample) part(t testing.TB) []byte {
	t.Helper()
	var zip bytes.Buffer
	if err := s.bundling(t).auditorsPart(&zip); err != nil {
		t.Fatal(err)
	}
	return zip.Bytes()
}

// The sample is its own box.

func (s *sample) Ballots(_ context.Context, _ string, each func(box.Entry) error) error {
	given := slices.Clone(s.ballots[:len(s.ballots)-s.hidden])
	for i := range given {
		given[i].Index = int64(i + 1)
	}
	return eachOf(given, each)
}

// Entries and Heads are the office's.
func (s *sample) Entries(_ context.Context, _ string, each func(round.Entry) error) error {
	return eachOf(s.entries, each)
}

func (s *sample) Heads(context.Context, string) ([]round.Head, error) { return nil, io.EOF }

func (s *sample) Leaves(_ context.Context, _ string, _, _ int64, each func(string) error) error {
	return eachOf(s.leaves, each)
}

func (s *sample) Checkpoints(_ context.Context, _ string, each func([]byte) error) error {
	return eachOf(s.notes, each)
}

func (s *sample) SignRecord(_ context.Context, id string, what box.Statement) ([]byte, error) {
	if s.unsigned {
		what.Outcome = [32]byte{}
	}
	return note.Sign(&note.Note{Text: what.Text(id)}, s.signer)
}

func (s *sample) CastByPaper(context.Context, string) (map[string]int, error) { return nil, io.EOF }

func (s *sample) PaperBatches(context.Context, string) ([]box.PaperBatch, error) {
	return s.batches, nil
}

func (s *sample) Manifest(context.Context, string) ([]byte, error) { return nil, io.EOF }

func eachOf[T any](list []T, each func(T) error) error {
	for _, one := range list {
		if err := each(one); err != nil {
			return err
		}
	}
	return nil
}

// signs is the i-th voter's signature over what the box holds in clear.
func (s *sample) signs(i int) []byte {
	return ed25519.Sign(s.private[i], ballot.CastMessage(s.ballots[i].Commit, s.ballots[i].Seq))
}
