package service

import (
	"cmp"
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/cloudflare/circl/blindsign/blindrsa"
	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/pgdialect"

	"osbu/domain/account"
	"osbu/domain/ballot"
	"osbu/domain/box"
	"osbu/domain/roll"
	"osbu/sql/testdb"
)

// Whoever steals both databases, files and all, wants to know which ballot is
// whose. What might tell is order: both sides write something for every voter,
// one shortly after the other. So the thief takes every order in which voters
// can be found in the office (the place in any file, dead rows included; the
// transaction; any column of any table) and every order in which ballots can be
// found in the box, and lays them side by side. Batches are public; within one
// he matches first with first: for nearest transaction numbers, or any other
// cost that grows with the distance, no assignment is better.
//
// If the box keeps its word, a batch's ballots lie in an order that nothing
// knows, and for each pair of orders
//
//   - the right guesses are the fixed points of a random permutation in each batch;
//   - of two voters the earlier one's ballot comes first with probability one half, independently
//     for pairs that have nobody in common.
//
// Both distributions are known exactly. A pair of orders is called a leak when
// what it finds has a probability below falseAlarm, divided by the number of
// looks: so often would this test fail for nothing.
const falseAlarm = 1e-7

// Voters of the rehearsal: batches that are in the log, and some ballots that
// still wait.
const (
	batches   = 10
	batchSize = 20
	tooFew    = 19
	voters    = batches*batchSize + tooFew
)

// order is where the things that a thief looks for come one after another:
// places[i] is the rank of thing i, or -1 if it is not there.
type order struct {
	name   string
	places []int
}

func TestNothingAtRestLinksVotersToBallots(t *testing.T) {
	w := newWorld(t, func(s *Settings) { s.BatchMin = batchSize })
	ctx := context.Background()
	people, nullifiers, commits := w.rehearse(t)

	inOffice, inBox := keysOf(people), keysOf(nullifiers, commits, texts(nullifiers), texts(commits))
	var persons, ballots []order
	steal := func(when string) {
		t.Helper()
		persons, ballots = orders(t, w.office, inOffice), orders(t, w.box, inBox)
		if len(persons) < 5 || len(ballots) < 5 {
			t.Fatalf("%s: the thief found %d and %d orders only", when, len(persons), len(ballots))
		}
		leaks, looks := compare(persons, ballots)
		for _, l := range leaks {
			t.Errorf("%s: %s", when, l)
		}
		t.Logf("%s: %d orders of voters, %d of ballots, %d looks", when, len(persons), len(ballots), looks)
	}
	steal("while the vote is open")

	// Would the test have seen it? The same ballots in a table of the usual
	// kind, a row each as they come in, and in one where chance moved each by a
	// few places.
	for name, nearly := range map[string]bool{
		"a table in the order of casting": false,
		"a table nearly in that order":    true,
	} {
		at := slices.Clone(nullifiers)
		for i := 0; nearly && i+2 < len(at); i += 3 {
			at[i], at[i+2] = at[i+2], at[i]
		}
		if _, err := w.box.Owner.ExecContext(ctx, "CREATE TABLE scratch AS SELECT unnest(?::bytea[]) AS nullifier",
			pgdialect.Array(at)); err != nil {
			t.Fatal(err)
		}
		leaks, _ := compare(persons, orders(t, w.box, inBox))
		if !slices.ContainsFunc(leaks, func(l string) bool { return strings.Contains(l, "scratch") }) {
			t.Errorf("the thief does not notice %s", name)
		}
		if _, err := w.box.Owner.ExecContext(ctx, "DROP TABLE scratch"); err != nil {
			t.Fatal(err)
		}
	}

	w.at(t, "2026-05-17 12:00+03")
	w.take(t, w.official(t), "r", "close")
	steal("after the close")
	if strings.Contains(w.log.String(), "route") {
		t.Errorf("the log tells of visits: %s", w.log.String())
	}
}

// rehearse lets people vote one after another, as slow and as orderly as a
// thief could wish: each signs in, gets her credential and casts her ballot
// before the next one comes. The sequencer looks after each twenty, and once
// more at the end, when too few wait for a batch.
func (w *world) rehearse(t *testing.T) (people, nullifiers, commits [][]byte) {
	t.Helper()
	ctx := context.Background()
	w.at(t, "2026-01-10 12:00+02")
	official := w.official(t)
	body, projects := byHand("r")
	official.post("/api/v1/rounds", body, nil)
	official.post("/api/v1/rounds/r/projects/import", projects, nil)
	file, codes := strings.Builder{}, make([]string, voters)
	file.WriteString("identity_code,municipality,area,protected\n")
	for i := range codes {
		digits := fmt.Sprintf("010180%03d", i+2)
		n := 0
		for _, d := range digits {
			n = (n*10 + int(d-'0')) % 31
		}
		codes[i] = digits[:6] + "-" + digits[6:] + string("0123456789ABCDEFHJKLMNPRSTUVWXY"[n])
		file.WriteString(codes[i] + ",091,,0\n")
	}
	if _, err := w.roll.Import(ctx,
		roll.Import{Round: "r", File: strings.NewReader(file.String()), Command: "test"}); err != nil {
		t.Fatal(err)
	}
	w.take(t, official, "r", "propose", "vet", "freeze", "open")
	w.at(t, "2026-05-10 12:00+03")
	tick := func() {
		if err := w.sequencer.Tick(ctx); err != nil {
			t.Fatal(err)
		}
	}
	issuer, err := blindrsa.NewClient(blindrsa.SHA384PSSRandomized, w.issued(t, "r", "main").public)
	if err != nil {
		t.Fatal(err)
	}
	for i, code := range codes {
		token, err := w.accounts.SignIn(
			ctx,
			person{Subject: code, Name: "Testi Henkilö", IdentityCode: code, Language: "fi"},
		)
		if err != nil {
			t.Fatal(err)
		}
		session, err := w.accounts.Session(ctx, token)
		if err != nil {
			t.Fatal(err)
		}
		nullifier, commit := w.votes(t, issuer, session.Ref, 3*(i%7)+1)
		people, nullifiers, commits = append(
			people,
			session.Ref[:],
		), append(
			nullifiers,
			nullifier,
		), append(
			commits,
			commit,
		)
		if (i+1)%batchSize == 0 {
			tick()
		}
	}
	tick()
	return people, nullifiers, commits
}

// votes is a voter's way from her credential to the box, as her browser goes
// it.
func (w *world) votes(t *testing.T, issuer blindrsa.Client, who account.Ref, choice int) (nullifier, commit []byte) {
	t.Helper()
	ctx := context.Background()
	public, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	prepared, err := issuer.Prepare(rand.Reader, ballot.CredentialMessage("r", "main", public))
	if err != nil {
		t.Fatal(err)
	}
	blinded, state, err := issuer.Blind(rand.Reader, prepared)
	if err != nil {
		t.Fatal(err)
	}
	signed, err := w.roll.Issue(ctx, roll.Voter{SignedIn: true, Person: who}, "r", "main", blinded, nil)
	if err != nil {
		t.Fatal(err)
	}
	credential, err := issuer.Finalize(state, signed)
	if err != nil {
		t.Fatal(err)
	}
	b := ballot.Ballot{Round: "r", Paper: "main", Area: fmt.Sprintf("area-%d", choice/3), Choices: []int{choice}}
	_, _ = rand.Read(b.Salt[:])
	text, err := b.Encode()
	if err != nil {
		t.Fatal(err)
	}
	sum := ballot.Commitment(text)
	_, err = w.services.box.Cast(ctx, box.Cast{
		Round: "r", Paper: "main", Key: public, Randomizer: prepared[:32], Credential: credential, Ballot: text, Seq: 1,
		Signature: ed25519.Sign(private, ballot.CastMessage(sum, 1)),
	})
	if err != nil {
		t.Fatal(err)
	}
	return public, sum[:]
}

// keyLength is how much of a key the thief looks for: no other 16 bytes are
// like them.
const keyLength = 16

type needle = [keyLength]byte

// keys are what the thief looks for.
type keys struct {
	whose map[needle]int
	begin [1 << 16]bool // most places are ruled out by their first two bytes
}

// keysOf says whose each key is: the i-th person or ballot of every list is the
// same.
func keysOf(lists ...[][]byte) *keys {
	k := &keys{whose: map[needle]int{}}
	for _, list := range lists {
		for i, key := range list {
			k.whose[needle(key)], k.begin[int(key[0])<<8|int(key[1])] = i, true
		}
	}
	return k
}

// in is whose keys lie in some bytes, from the first to the last.
func (k *keys) in(text []byte) (found []int) {
	for i := 0; i+keyLength <= len(text); i++ {
		if !k.begin[int(text[i])<<8|int(text[i+1])] {
			continue
		}
		if who, ok := k.whose[needle(text[i:])]; ok {
			found = append(found, who)
		}
	}
	return found
}

// texts are keys as they stand in the text of leaves.
func texts(list [][]byte) (all [][]byte) {
	for _, key := range list {
		all = append(all, []byte(hex.EncodeToString(key)))
	}
	return all
}

// orders are all that a thief finds in a database. Of several that agree he
// keeps the first.
func orders(t *testing.T, d *testdb.DB, k *keys) (all []order) {
	t.Helper()
	ctx := context.Background()
	if _, err := d.Owner.ExecContext(ctx, "CREATE EXTENSION IF NOT EXISTS pageinspect"); err != nil {
		t.Fatalf("looking into the files takes a superuser, and PostgreSQL's contrib modules: %v", err)
	}
	keep := func(name string, found []int) {
		places, rank := make([]int, voters), 0
		for i := range places {
			places[i] = -1
		}
		for _, who := range found {
			if places[who] < 0 {
				places[who] = rank
				rank++
			}
		}
		if rank > 1 && !slices.ContainsFunc(all, func(o order) bool { return slices.Equal(o.places, places) }) {
			all = append(all, order{name, places})
		}
	}
	var relations []struct {
		Name, Kind string
		Pages      int
	}
	err := d.Owner.NewRaw(`SELECT c.oid::regclass::text AS name, c.relkind::text AS kind, pg_relation_size(c.oid) /
		current_setting('block_size')::int AS pages FROM pg_class c
		WHERE c.relkind IN ('r', 'i', 't', 'm', 'S') AND pg_relation_size(c.oid) > 0 AND (c.oid >= 16384
		OR c.relname ~ '^pg_(statistic|toast_2619)') ORDER BY 1`).
		Scan(ctx, &relations)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range relations {
		keep("file of "+r.Name, inFile(t, d, r.Name, r.Pages, k))
		if r.Kind != "r" && r.Kind != "t" {
			continue
		}
		keep("transactions of "+r.Name, byTransaction(t, d, r.Name, r.Pages, k))
		if r.Kind == "r" {
			for column, found := range byColumns(t, d, r.Name, k) {
				keep(r.Name+" by "+column, found)
			}
		}
	}
	return all
}

// inFile is the order of places in a relation's file, whatever still lies
// there.
func inFile(t *testing.T, d *testdb.DB, name string, pages int, k *keys) (found []int) {
	t.Helper()
	var file [][]byte
	if err := d.Owner.NewRaw("SELECT get_raw_page(?, 'main', n) FROM generate_series(0, ?) n ORDER BY n", name, pages-1).
		Scan(context.Background(), &file); err != nil {
		t.Fatal(err)
	}
	for _, page := range file {
		found = append(found, k.in(page)...)
	}
	return found
}

// byTransaction is the order of the transactions that wrote the rows, living
// and dead, and within one that of the rows.
func byTransaction(t *testing.T, d *testdb.DB, name string, pages int, k *keys) (found []int) {
	t.Helper()
	var rows []struct {
		Xmin int64
		Data []byte
	}
	err := d.Owner.NewRaw(`SELECT i.t_xmin::text::bigint AS xmin, i.t_data AS data
		FROM generate_series(0, ?) n, heap_page_items(get_raw_page(?, 'main', n)) i
		WHERE i.t_data IS NOT NULL ORDER BY n, i.lp`, pages-1, name).
		Scan(context.Background(), &rows)
	if err != nil {
		t.Fatal(err)
	}
	slices.SortStableFunc(rows, func(a, b struct {
		Xmin int64
		Data []byte
	},
	) int {
		return cmp.Compare(a.Xmin, b.Xmin)
	})
	for _, r := range rows {
		found = append(found, k.in(r.Data)...)
	}
	return found
}

// byColumns are the orders of a table's columns, hidden ones included; what a
// column does not tell apart comes as it lies.
func byColumns(t *testing.T, d *testdb.DB, name string, k *keys) map[string][]int {
	t.Helper()
	var rows []struct {
		Cmin, Cmax, Xmax int64
		Row              json.RawMessage
	}
	err := d.Owner.NewRaw(`SELECT cmin::text::bigint AS cmin, cmax::text::bigint AS cmax, xmax::text::bigint AS xmax,
		to_jsonb(x.*) AS row FROM ? x ORDER BY ctid`, bun.Safe(name)).
		Scan(context.Background(), &rows)
	if err != nil {
		t.Fatal(err)
	}
	values := map[string][]string{} // by column, each row's, as sortable text
	var owners [][]int
	for _, r := range rows {
		var fields map[string]any
		if err := json.Unmarshal(r.Row, &fields); err != nil {
			t.Fatal(err)
		}
		fields["cmin"], fields["cmax"], fields["xmax"] = float64(r.Cmin), float64(r.Cmax), float64(r.Xmax)
		var owner []int
		for column, v := range fields {
			switch v := v.(type) {
			case float64:
				values[column] = append(values[column], fmt.Sprintf("%020.3f", v))
			case string:
				values[column] = append(values[column], v)
				raw, err := hex.DecodeString(strings.TrimPrefix(v, `\x`))
				if err != nil {
					raw = []byte(v)
				}
				owner = append(owner, k.in(raw)...)
			default:
				values[column] = append(values[column], fmt.Sprint(v))
			}
		}
		owners = append(owners, owner)
	}
	orders := map[string][]int{}
	for column, v := range values {
		if len(v) != len(rows) {
			continue
		}
		at := make([]int, len(rows))
		for i := range at {
			at[i] = i
		}
		slices.SortStableFunc(at, func(a, b int) int { return cmp.Compare(v[a], v[b]) })
		for _, i := range at {
			orders[column] = append(orders[column], owners[i]...)
		}
	}
	return orders
}

// compare lays every order of voters beside every order of ballots.
func compare(persons, ballots []order) (leaks []string, looks int) {
	looks = len(persons) * len(ballots) * 4
	limit := falseAlarm / float64(looks)
	for _, p := range persons {
		for _, b := range ballots {
			hits, backward, sizes, agree, pairs := 0, 0, []int{}, 0, 0
			for from := 0; from < voters; from += batchSize {
				var there []int
				for i := from; i < min(from+batchSize, voters); i++ {
					if p.places[i] >= 0 && b.places[i] >= 0 {
						there = append(there, i)
					}
				}
				byPerson, byBallot := slices.Clone(there), slices.Clone(there)
				slices.SortFunc(byPerson, func(i, j int) int { return cmp.Compare(p.places[i], p.places[j]) })
				slices.SortFunc(byBallot, func(i, j int) int { return cmp.Compare(b.places[i], b.places[j]) })
				n := len(there)
				sizes = append(sizes, n)
				for i := range there {
					if byPerson[i] == byBallot[i] {
						hits++
					}
					if byPerson[i] == byBallot[n-1-i] {
						backward++
					}
				}
				for i := range n / 2 {
					pairs++
					if b.places[byPerson[i]] < b.places[byPerson[i+(n+1)/2]] {
						agree++
					}
				}
			}
			said := fmt.Sprintf(
				"%s beside %s: %d right guesses (%d backward), and %d of %d pairs in the same order",
				p.name,
				b.name,
				hits,
				backward,
				agree,
				pairs,
			)
			if fixedPoints(sizes, max(hits, backward)) < limit || coins(pairs, max(agree, pairs-agree)) < limit {
				leaks = append(leaks, said)
			}
		}
	}
	return leaks, looks
}

// fixedPoints is the probability that random permutations of these sizes have
// so many fixed points or more in all: the distributions of each, which are the
// rencontres numbers, folded.
func fixedPoints(sizes []int, least int) float64 {
	all := []float64{1}
	for _, n := range sizes {
		one := make([]float64, n+1)
		for k := range one { // 1/k! times the share of derangements of the rest
			derangements, term := 0.0, 1.0
			for j := 0; j <= n-k; j++ {
				if j > 0 {
					term /= -float64(j)
				}
				derangements += term
			}
			one[k] = derangements / math.Gamma(float64(k)+1)
		}
		folded := make([]float64, len(all)+n)
		for i, a := range all {
			for k, b := range one {
				folded[i+k] += a * b
			}
		}
		all = folded
	}
	p := 0.0
	for _, q := range all[min(least, len(all)):] {
		p += q
	}
	return p
}

// coins is the probability that of n fair coins so many or more show heads.
func coins(n, least int) (p float64) {
	for k := least; k <= n; k++ {
		a, _ := math.Lgamma(float64(n + 1))
		b, _ := math.Lgamma(float64(k + 1))
		c, _ := math.Lgamma(float64(n - k + 1))
		p += math.Exp(a - b - c - float64(n)*math.Ln2)
	}
	return p
}

// The box has no place for a person, a visit or a moment: every column that
// could hold one is named here.
func TestBoxHasNoColumnForAPersonOrAMoment(t *testing.T) {
	w := newWorld(t)
	ctx := context.Background()
	var columns []string
	err := w.box.Owner.NewRaw(`SELECT table_name || '.' || column_name FROM information_schema.columns
		WHERE table_schema = 'public'
		AND (data_type ~ 'time|date|interval|inet|cidr|macaddr|json|uuid|hstore' OR column_default IS NOT NULL
		OR is_identity = 'YES'
			OR column_name ~* '(^|_)(ip|addr|address|host|agent|session|cookie|user|person|account|voter|name)(_|$)'
			OR column_name ~* '(^|_)(at|time|date|day|created|updated)(_|$)')
		AND table_name <> 'goose_db_version' ORDER BY 1`).
		Scan(ctx, &columns)
	if err != nil {
		t.Fatal(err)
	}
	const ofTheRound = "vote.closed vote.closes vote.opens vote.side vote_change.at vote_change.closes vote_change.opens"
	if got := strings.Join(columns, " "); got != ofTheRound {
		t.Errorf("columns %s, want %s", got, ofTheRound)
	}
	var counters int
	if err := w.box.Owner.NewRaw("SELECT count(*) FROM pg_sequences WHERE sequencename <> 'goose_db_version_id_seq'").
		Scan(ctx, &counters); err != nil ||
		counters != 0 {
		t.Errorf("%d sequences, %v", counters, err)
	}
	for name, d := range map[string]*testdb.DB{"office": w.office, "box": w.box} {
		var stamps string
		if err := d.Owner.NewRaw("SHOW track_commit_timestamp").Scan(ctx, &stamps); err != nil || stamps != "off" {
			t.Errorf("%s: track_commit_timestamp %s, %v", name, stamps, err)
		}
	}
}
