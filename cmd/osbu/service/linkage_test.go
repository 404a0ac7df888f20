package service

import (
	"cmp"
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

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
// found in the box, and lays them side by side, within each batch and across
// them. Batches are public; within one he matches first with first: for nearest
// transaction numbers, or any other cost that grows with the distance, no
// assignment is better. And he comes again at every release, so that he knows
// each voter's hour, and matches the hour's voters with the release.
//
// If office and box keep their word,
//
//   - a batch's ballots lie in an order that nothing knows: the right guesses
//     are the fixed points of a random permutation in each batch;
//   - of two voters of a batch the earlier one's ballot comes first with
//     probability one half, independently for pairs that have nobody in common;
//   - of two voters of different batches the one whom the office has first is
//     of the first batch with probability one half, likewise;
//   - a voter's ballot lies in any place of a release with probability one over
//     the ballots that waited, which are at least as many as the pages state.
//
// An onlooker asks every public address after each of the voters whom he
// watches, and sees the same answers until the next moment of release: who
// comes when tells him nothing.
//
// These distributions are known exactly, or bounded. What has a probability
// below falseAlarm, divided by the number of looks, is called a leak: so often
// would this test fail for nothing.
const falseAlarm = 1e-9

// leastWaiting is how many ballots have to wait for a release.
const leastWaiting = 20

// watched is how many voters of each hour the onlooker watches, beside the
// last: a look takes longer than a vote.
const watched = 7

// pace is how people come: so many in each of some hours.
type pace struct{ perHour, hours int }

// order is where the things that a thief looks for come one after another:
// places[i] is the rank of thing i, or -1 if it is not there.
type order struct {
	name   string
	places []int
}

func TestNothingAtRestLinksVotersToBallots(t *testing.T) {
	t.Parallel()
	for name, e := range map[string]pace{"fast": {40, 6}, "slow": {7, 24}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			linkVotersToBallots(t, e)
		})
	}
}

func linkVotersToBallots(t *testing.T, e pace) {
	w := newWorld(t, func(s *Settings) { s.ReleaseMin, s.ReleaseEvery = leastWaiting, time.Hour })
	people, nullifiers, commits := w.rehearse(t, e)

	voters := len(people)
	inOffice, inBox := keysOf(people), keysOf(nullifiers, commits, texts(nullifiers), texts(commits))
	var persons, ballots []order
	steal := func(when string) {
		t.Helper()
		batches := w.batches(t, commits)
		persons, ballots = orders(t, w.office, voters, inOffice), orders(t, w.box, voters, inBox)
		if len(persons) < 5 || len(ballots) < 5 {
			t.Fatalf("%s: the thief found %d and %d orders only", when, len(persons), len(ballots))
		}
		leaks, looks := compare(batches, persons, ballots)
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
		w.wantLeak(t, name, people, at, commits)
	}

	w.at(t, "2026-05-17 12:00+03")
	w.take(t, w.official(t), "r", "close")
	steal("after the close")
	if strings.Contains(w.log.String(), "route") {
		t.Errorf("the log tells of visits: %s", w.log.String())
	}
}

// wantLeak fails unless a thief notices that either side has such a table.
func (w *world) wantLeak(t *testing.T, name string, people, nullifiers, commits [][]byte) {
	t.Helper()
	ctx := context.Background()
	for _, one := range []struct {
		d    *testdb.DB
		keys [][]byte
	}{{w.office, people}, {w.box, nullifiers}} {
		if _, err := one.d.Owner.ExecContext(ctx, "CREATE TABLE scratch AS SELECT unnest(?::bytea[]) AS key",
			pgdialect.Array(one.keys)); err != nil {
			t.Fatal(err)
		}
	}
	persons, ballots := orders(t, w.office, len(people), keysOf(people)), orders(t, w.box, len(people), keysOf(nullifiers))
	leaks, _ := compare(w.batches(t, commits), persons, ballots)
	for _, part := range []string{"scratch beside file of scratch", "scratch knows the batches"} {
		if !slices.ContainsFunc(leaks, func(l string) bool { return strings.Contains(l, part) }) {
			t.Errorf("the thief does not notice %s: %s", name, part)
		}
	}
	for _, d := range []*testdb.DB{w.office, w.box} {
		if _, err := d.Owner.ExecContext(ctx, "DROP TABLE scratch"); err != nil {
			t.Fatal(err)
		}
	}
}

// rehearse lets people vote one after another, as slow and as orderly as a
// thief could wish: each signs in, gets her credential and casts her ballot
// before the next one comes. The sequencer looks after each.
func (w *world) rehearse(t *testing.T, e pace) (people, nullifiers, commits [][]byte) {
	t.Helper()
	ctx := context.Background()
	w.at(t, "2026-01-10 12:00+02")
	official := w.official(t)
	body, projects := byHand("r")
	official.post("/api/v1/rounds", body, nil)
	official.post("/api/v1/rounds/r/projects/import", projects, nil)
	codes := w.enrol(t, e.perHour*e.hours)
	w.take(t, official, "r", "propose", "vet", "freeze", "open")
	w.at(t, "2026-05-10 12:00+03")
	look := func() {
		if err := w.sequence(ctx); err != nil {
			t.Fatal(err)
		}
	}
	issuer, err := blindrsa.NewClient(blindrsa.SHA384PSSRandomized, w.issued(t, "r", "main").public)
	if err != nil {
		t.Fatal(err)
	}
	// The chance that a thief who knows each voter's hour guesses right so often.
	spied := &hourly{world: w}
	look()
	public := w.onlooker(t)
	public.look(t)
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
		look()
		last := (i+1)%e.perHour == 0
		if last || i%e.perHour < watched {
			if changed := public.look(t); len(changed) > 0 {
				t.Errorf("after voter %d of her hour these changed for everybody: %q", i%e.perHour+1, changed)
			}
		}
		if last {
			before := spied.voters(t)
			w.clock.pass(time.Hour)
			look()
			spied.release(t, before, people, commits, i+1-e.perHour)
			public.look(t) // at the moment of a release they may change
		}
	}
	for _, address := range []string{"/box/v1/rounds/r/checkpoint?", "/api/v1/rounds/r/numbers?", "/metrics"} {
		if !slices.Contains(public.moved, address) {
			t.Errorf("releases changed %q, and not %s: the onlooker sees too little", public.moved, address)
		}
	}
	for _, way := range spied.ways() {
		p := spied.atLeast(way.hits)
		t.Logf("an hour's voters beside its release, %s: %d right guesses in %d releases, to be expected %.1f", way.name,
			way.hits, len(spied.releases), spied.mean())
		if p < falseAlarm {
			t.Errorf("%s: %d right guesses, which chance makes with probability %g", way.name, way.hits, p)
		}
	}
	if len(spied.releases) < 3 {
		t.Fatalf("%d releases: this test sees nothing", len(spied.releases))
	}
	return people, nullifiers, commits
}

// enrol puts so many adults on the roll of round r, and gives their identity
// codes.
func (w *world) enrol(t *testing.T, people int) (codes []string) {
	t.Helper()
	file := strings.Builder{}
	file.WriteString("identity_code,municipality,area,protected\n")
	for i := range people {
		digits := fmt.Sprintf("010180%03d", i+2)
		n := 0
		for _, d := range digits {
			n = (n*10 + int(d-'0')) % 31
		}
		codes = append(codes, digits[:6]+"-"+digits[6:]+string("0123456789ABCDEFHJKLMNPRSTUVWXY"[n]))
		file.WriteString(codes[i] + ",091,,0\n")
	}
	if _, err := w.roll.Import(context.Background(),
		roll.Import{Round: "r", File: strings.NewReader(file.String()), Command: "test"}); err != nil {
		t.Fatal(err)
	}
	return codes
}

// onlooker asks every address that anybody may read, without signing in, and
// reads the metrics with whoever runs the service.
type onlooker struct {
	*client
	metrics   func() string
	addresses []string
	answers   map[string]string // what was answered last
	moved     []string          // which have ever changed
}

// onlooker finds out which addresses of the contract answer to everybody, for
// the first paper of round r, its first leaf and every form of a file.
func (w *world) onlooker(t *testing.T) *onlooker {
	t.Helper()
	o := &onlooker{
		client: w.anonymous(t), answers: map[string]string{},
		metrics: w.watchMetrics(func() time.Time { return w.clock.now().Truncate(w.settings.ReleaseEvery) }),
	}
	for _, one := range operations(t) {
		if one.method != http.MethodGet {
			continue
		}
		address := one.address(map[string]string{"round": "r", "paper": "main", "area": "area-0", "district": "area-0"})
		if status, _ := o.get(address, nil); status == http.StatusOK {
			o.addresses = append(o.addresses, address)
		}
	}
	// What the log says once it has a leaf.
	o.addresses = append(o.addresses, "/box/v1/rounds/r/tile/0/000.p/1", "/box/v1/rounds/r/tile/entries/000.p/1")
	if len(o.addresses) < 20 {
		t.Fatalf("an onlooker finds %q only", o.addresses)
	}
	return o
}

// look asks all anew, and gives those whose answers have changed. The number of
// a request is new in every answer; the rest of it is compared.
func (o *onlooker) look(t *testing.T) (changed []string) {
	t.Helper()
	compare := func(address, answer string) {
		if before, known := o.answers[address]; known && before != answer {
			changed = append(changed, address)
		}
		o.answers[address] = answer
	}
	for _, address := range o.addresses {
		response := o.send(http.MethodGet, address, nil)
		text, err := io.ReadAll(response.Body)
		_ = response.Body.Close()
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range []string{"X-Request-Id", "Date"} {
			response.Header.Del(name)
		}
		compare(address, fmt.Sprint(response.StatusCode, response.Header, string(text)))
	}
	compare("/metrics", o.metrics())
	for _, address := range changed {
		if !slices.Contains(o.moved, address) {
			o.moved = append(o.moved, address)
		}
	}
	return changed
}

// hourly is a thief who comes before and after each release.
type hourly struct {
	*world
	size              int64    // of the log, after the last release
	releases          [][2]int // how many waited, and how many guesses were made
	forward, backward int
}

// voters are in the order in which the office has them.
func (h *hourly) voters(t *testing.T) (order [][]byte) {
	t.Helper()
	if err := h.office.Owner.NewRaw("SELECT person FROM spent_right ORDER BY xmin::text::bigint, ctid").
		Scan(context.Background(), &order); err != nil {
		t.Fatal(err)
	}
	return order
}

// release lays the hour's voters, who are those from first on, beside the
// release, if there was one.
func (h *hourly) release(t *testing.T, office, people, commits [][]byte, first int) {
	t.Helper()
	ctx := context.Background()
	var released [][]byte
	if err := h.box.Owner.NewRaw("SELECT commit FROM leaf WHERE index >= ? AND commit IS NOT NULL ORDER BY index", h.size).
		Scan(ctx, &released); err != nil {
		t.Fatal(err)
	}
	var left int
	if err := h.box.Owner.NewRaw("SELECT count(*), (SELECT max(size) FROM checkpoint) FROM pending").
		Scan(ctx, &left, &h.size); err != nil {
		t.Fatal(err)
	}
	if len(released) == 0 {
		if left >= leastWaiting {
			t.Errorf("%d ballots wait after the moment of a release", left)
		}
		return
	}
	if pool := len(released) + left; pool < leastWaiting || len(released) != (pool+1)/2 {
		t.Errorf("%d of %d ballots were released, want half of at least %d", len(released), pool, leastWaiting)
	}
	whose := map[string]int{}
	for i := range people {
		whose[string(people[i])], whose[string(commits[i])] = i, i
	}
	var hour []int
	for _, ref := range office {
		if i := whose[string(ref)]; i >= first {
			hour = append(hour, i)
		}
	}
	guesses := min(len(hour), len(released))
	h.releases = append(h.releases, [2]int{len(released) + left, guesses})
	for k := range guesses {
		if whose[string(released[k])] == hour[k] {
			h.forward++
		}
		if whose[string(released[k])] == hour[len(hour)-1-k] {
			h.backward++
		}
	}
}

type way struct {
	name string
	hits int
}

func (h *hourly) ways() []way { return []way{{"forward", h.forward}, {"backward", h.backward}} }

// mean is how many guesses chance gets right.
func (h *hourly) mean() (sum float64) {
	for _, r := range h.releases {
		sum += float64(r[1]) / float64(r[0])
	}
	return sum
}

// atLeast bounds the probability that chance gets so many right. Of n ballots
// that waited, drawn in random order, k certain ones lie in k certain places
// with probability (n-k)!/n!; so the right ones among g guesses have the
// factorial moments g!/(g-k)!·(n-k)!/n!, whatever happened before, and
// Chernoff's bound holds for their sum.
func (h *hourly) atLeast(hits int) float64 {
	least := 1.0
	for t := 0.25; t < 4*float64(hits+1); t *= 1.1 {
		log := -float64(hits) * math.Log1p(t)
		for _, r := range h.releases {
			sum, term := 1.0, 1.0
			for k := range r[1] {
				term *= t * float64(r[1]-k) / float64(k+1) / float64(r[0]-k)
				sum += term
			}
			log += math.Log(sum)
		}
		least = min(least, math.Exp(log))
	}
	return least
}

// batches is each ballot's: how many checkpoints there were before its own; for
// those that wait, one that is still to come.
func (w *world) batches(t *testing.T, commits [][]byte) []int {
	t.Helper()
	var rows []struct {
		Commit []byte
		Batch  int
	}
	if err := w.box.Owner.NewRaw(`SELECT l.commit, (SELECT count(*) FROM checkpoint c WHERE c.size <= l.index) AS batch
		FROM leaf l WHERE l.commit IS NOT NULL`).Scan(context.Background(), &rows); err != nil {
		t.Fatal(err)
	}
	batches := make([]int, len(commits))
	for i := range batches {
		batches[i] = math.MaxInt
	}
	for _, r := range rows {
		batches[slices.IndexFunc(commits, func(c []byte) bool { return string(c) == string(r.Commit) })] = r.Batch
	}
	return batches
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
	b := ballot.Ballot{Round: "r", Paper: "main", Area: fmt.Sprintf("area-%d", choice/3), Vote: ballot.Vote{Choices: []int{choice}}}
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
func orders(t *testing.T, d *testdb.DB, voters int, k *keys) (all []order) {
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

// compare lays every order of voters beside the batches, and beside every order
// of ballots.
func compare(batches []int, persons, ballots []order) (leaks []string, looks int) {
	looks = len(persons) * (1 + len(ballots)*4)
	limit := falseAlarm / float64(looks)
	whole := slices.Clone(batches)
	slices.Sort(whole)
	whole = slices.Compact(whole)
	for _, p := range persons {
		agree, pairs := p.across(batches)
		if coins(pairs, max(agree, pairs-agree)) < limit {
			leaks = append(leaks, fmt.Sprintf("%s knows the batches: %d of %d pairs are in their order", p.name, agree, pairs))
		}
		for _, b := range ballots {
			hits, backward, sizes := 0, 0, []int{}
			agree, pairs = 0, 0
			for _, batch := range whole {
				there := p.among(func(i int) bool { return batches[i] == batch && b.places[i] >= 0 })
				byPerson, byBallot := there, slices.Clone(there)
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

// among are those that are there and for which it holds, in this order.
func (o order) among(holds func(int) bool) (there []int) {
	for i, place := range o.places {
		if place >= 0 && holds(i) {
			there = append(there, i)
		}
	}
	slices.SortFunc(there, func(i, j int) int { return cmp.Compare(o.places[i], o.places[j]) })
	return there
}

// across counts, of pairs of voters whose ballots are of different batches, a
// pair for each in the first half of the order, those in the batches' order.
func (o order) across(batches []int) (agree, pairs int) {
	there := o.among(func(int) bool { return true })
	half := (len(there) + 1) / 2
	for i := range len(there) / 2 {
		switch cmp.Compare(batches[there[i]], batches[there[half+i]]) {
		case -1:
			agree, pairs = agree+1, pairs+1
		case 1:
			pairs++
		}
	}
	return agree, pairs
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
	t.Parallel()
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
	// Of a stack of paper its account and the day on which it was cast; of a
	// round its times.
	const want = "paper_batch.agreed paper_batch.attempt paper_batch.day paper_batch.decided paper_batch.explanation paper_batch.spoiled " +
		"paper_batch.state paper_batch.taken_away paper_batch.uncounted " +
		"vote.closed vote.closes vote.opens vote.released vote.side vote_change.at vote_change.closes vote_change.opens"
	if got := strings.Join(columns, " "); got != want {
		t.Errorf("columns %s, want %s", got, want)
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
