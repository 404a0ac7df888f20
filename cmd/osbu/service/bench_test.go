package service

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/cloudflare/circl/blindsign/blindrsa"
	"github.com/uptrace/bun"

	"osbu/domain"
	"osbu/domain/account"
	"osbu/domain/ballot"
	"osbu/domain/box"
	"osbu/domain/box/boxtest"
	"osbu/domain/proposal"
	"osbu/domain/proposal/project"
	"osbu/domain/roll"
	"osbu/domain/round"
	"osbu/handlers/api"
	boxstore "osbu/sql/box"
	"osbu/sql/db"
	"osbu/sql/office"
	"osbu/sql/testdb"
)

// BenchmarkBox measures the way of a ballot from a voter's request to the
// promise: HTTP, credential and signature verified, on disk, promise signed;
// the ballots are sealed, as a round's are unless it is set otherwise. Load
// generator, server (a process of its own, as `osbu serve` runs) and PostgreSQL
// share the machine. The baseline, taken in turns with it, keeps the same bytes
// in a table with the same key and does nothing else: an INSERT a row by bun,
// 32 connections, one after another on each.
func BenchmarkBox(b *testing.B) {
	p, open := balloting{sealed: true}, balloting{}
	b.Run("box.ballots", func(b *testing.B) {
		for b.Loop() {
			p.measure(b)
		}
		b.ReportMetric(0, "ns/op")
		b.ReportMetric(p.rate, "ballots/s")
		b.ReportMetric(p.baseline, "baseline")
	})
	// What the seal costs: ballots that the box can read, whose form it checks.
	b.Run("box.ballots.unsealed", func(b *testing.B) {
		for b.Loop() {
			open.measure(b)
		}
		b.ReportMetric(0, "ns/op")
		b.ReportMetric(open.rate, "ballots/s")
		b.ReportMetric(open.baseline, "baseline")
	})
	b.Run("box.p99", func(b *testing.B) {
		var l load
		for b.Loop() {
			p.measure(b)
			s := p.open(b)
			l = flood(s.url, p.rate/2, min(len(p.ballots), int(p.rate/2*benchSeconds)), p.ballot)
			s.stop(b)
		}
		l.mustAnswer(b, 200)
		b.Logf("%.0f ballots/s for %.0f s, ms from the intended moment to the promise: %s", p.rate/2, benchSeconds, l)
		b.ReportMetric(0, "ns/op")
		b.ReportMetric(l.at(99), "ms")
	})
	b.Run("box.memory", func(b *testing.B) {
		var l load
		var peak float64
		for b.Loop() {
			p.measure(b)
			s := p.open(b)
			l = flood(s.url, 4*p.rate, int(4*p.rate*benchSeconds), p.ballot)
			peak = s.stop(b)
		}
		l.mustAnswer(b, 200, 503)
		b.Logf("%.0f ballots/s offered for %.0f s: %v", 4*p.rate, benchSeconds, l)
		b.ReportMetric(0, "ns/op")
		b.ReportMetric(peak, "MiB")
	})
}

const (
	benchSeconds = 10.
	benchBallots = 24_000
	benchTurns   = 3 // box and baseline alternate, so that neither gets the quieter minute
)

// balloting is an election whose ballots are filled in and ready to be sent.
type balloting struct {
	sealed   bool
	election *boxtest.Election
	casts    []box.Cast
	ballots  []request
	rate     float64 // ballots a second, the median of the turns
	baseline float64
}

func (p *balloting) prepare(b *testing.B, ballots int) {
	b.Helper()
	p.election = boxtest.New(b, rand.Reader, "bench")
	p.casts, p.ballots = make([]box.Cast, ballots), make([]request, ballots)
	if p.sealed {
		p.election.Seal(b)
	}
	now := time.Now().UTC().Truncate(time.Second)
	m := &p.election.Manifest
	m.Opens, m.Closes, m.PromisedBy = now.Add(-time.Hour), now.Add(time.Hour), now.AddDate(0, 0, 7)
	var wg sync.WaitGroup
	for first := range runtime.GOMAXPROCS(0) {
		wg.Go(func() {
			for i := first; i < ballots; i += runtime.GOMAXPROCS(0) {
				p.casts[i] = p.election.Voter(b, "main").Fill(b, "north", 1, 2, 3)
				body, err := json.Marshal(envelope(p.casts[i]))
				if err != nil {
					b.Error(err)
				}
				p.ballots[i] = request{path: "/box/v1/rounds/bench/ballots", body: body}
			}
		})
	}
	wg.Wait()
}

func (p *balloting) ballot(i int) request { return p.ballots[i%len(p.ballots)] }

// open starts a server with an empty box whose vote is open.
func (p *balloting) open(b *testing.B) *server {
	b.Helper()
	s := newServer(b)
	ctx := context.Background()
	key, err := s.box.Prepare(ctx, "bench")
	if err == nil {
		err = s.box.Install(ctx, "bench", p.election.Encode(b, key))
	}
	if err == nil {
		err = s.box.Open(ctx, "bench", p.election.Manifest.Opens, p.election.Manifest.Closes)
	}
	if err != nil {
		b.Fatal(err)
	}
	s.start(b)
	return s
}

// measure finds the rate that the box keeps up, and the baseline's, once.
func (p *balloting) measure(b *testing.B) {
	b.Helper()
	if p.rate > 0 {
		return
	}
	p.prepare(b, benchBallots)
	var rates, baselines []float64
	for range benchTurns {
		s := p.open(b)
		l := rush(s.url, 128, len(p.ballots), p.ballot)
		s.stop(b)
		l.mustAnswer(b, 200)
		rates = append(rates, l.rate())
		baselines = append(baselines, p.bare(b))
	}
	b.Logf("ballots/s: %.0f; bare INSERTs: %.0f", rates, baselines)
	p.rate, p.baseline = median(rates), median(baselines)
}

// bare is the baseline's rate.
func (p *balloting) bare(b *testing.B) float64 {
	b.Helper()
	ctx := context.Background()
	d := testdb.New(b, testdb.Empty, "")
	many, err := db.Open(ctx, db.Config{URL: d.URL, MaxConns: 32})
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = many.Close() }()
	if _, err := many.ExecContext(ctx, `CREATE TABLE bare (round text, paper text, nullifier bytea, seq int, commit bytea,
		randomizer bytea, credential bytea,
		signature bytea, ballot bytea, UNIQUE (round, nullifier, seq))`); err != nil {
		b.Fatal(err)
	}
	type bare struct {
		bun.BaseModel `bun:"table:bare"`

		Round, Paper          string
		Nullifier             []byte
		Seq                   int
		Commit                []byte
		Randomizer            []byte
		Credential, Signature []byte
		Ballot                []byte
	}
	rows := make(chan bare, len(p.casts))
	for _, c := range p.casts {
		commit := ballot.Commitment(c.Ballot) // of a sealed ballot so many bytes, too
		rows <- bare{
			Round: c.Round, Paper: c.Paper, Nullifier: c.Key, Seq: c.Seq, Commit: commit[:], Randomizer: c.Randomizer,
			Credential: c.Credential, Signature: c.Signature, Ballot: c.Ballot,
		}
	}
	close(rows)
	began := time.Now()
	var wg sync.WaitGroup
	for range 32 {
		wg.Go(func() {
			for row := range rows {
				if _, err := many.NewInsert().Model(&row).Exec(ctx); err != nil {
					b.Error(err)
				}
			}
		})
	}
	wg.Wait()
	return float64(len(p.casts)) / time.Since(began).Seconds()
}

// BenchmarkOffice measures credentials for people who are signed in: session,
// roll, right, blind signature, on disk. Everything shares the machine as
// above. The baseline is the arithmetic alone: the library's blind signatures
// on all cores, without service or database.
func BenchmarkOffice(b *testing.B) {
	b.Run("office.credentials", func(b *testing.B) {
		var rates, baselines []float64
		for b.Loop() {
			s := newServer(b)
			requests := s.electorate(b, benchTurns*benchVoters)
			s.start(b)
			s.admit(b, requests)
			for turn := range slices.Chunk(requests, benchVoters) {
				l := rush(s.url, 64, benchVoters, func(i int) request { return turn[i] })
				l.mustAnswer(b, 200)
				rates = append(rates, l.rate())
				baselines = append(baselines, signatures(b))
			}
			s.stop(b)
		}
		b.Logf("credentials/s: %.0f; the arithmetic alone: %.0f", rates, baselines)
		b.ReportMetric(0, "ns/op")
		b.ReportMetric(median(rates), "credentials/s")
		b.ReportMetric(median(baselines), "baseline")
	})
}

// official signs in whoever sets a benchmark's round up.
func (s *server) official(ctx context.Context) (domain.Actor, error) {
	return s.demoActor(ctx, account.Person{
		Subject:  "official",
		Name:     "Olli Official",
		Language: domain.Finnish,
		Roles:    []domain.Role{domain.Official},
	})
}

const benchVoters = 1000 // a turn

// electorate makes a round whose vote is open, signs everybody on its roll in,
// and gives each one's request.
func (s *server) electorate(b *testing.B, people int) []request {
	b.Helper()
	ctx := context.Background()
	must := func(err error) {
		b.Helper()
		if err != nil {
			b.Fatal(err)
		}
	}
	settings, err := round.Helsinki2026.Settings()
	must(err)
	settings.Sealing = round.Sealing{Trustees: 1, Needed: 1} // who need not be asked for their key
	now := time.Now()
	r := round.Round{
		ID: "bench", Name: domain.Text{Fi: "Koe", Sv: "Prov", En: "Trial"}, Settings: settings,
		Times: round.Times{Proposing: days(now, -90, -60), Vetting: days(now, -60, -30), Voting: days(now, -1, 1)},
	}
	official, err := s.official(ctx)
	must(err)
	_, err = s.rounds.Create(ctx, official, r)
	must(err)
	var projects []project.Project
	for _, a := range settings.Areas {
		projects = append(
			projects,
			project.Project{
				Round: r.ID,
				Area:  a.ID,
				Title: domain.Text{Fi: "Hanke", Sv: "Projekt", En: "Project"},
				Cost:  proposal.Cost{Maximum: domain.Euros(1000)},
			},
		)
	}
	_, err = s.projects.Import(ctx, official, r.ID, projects)
	must(err)
	file := strings.Builder{}
	file.WriteString("identity_code,municipality,area,protected\n")
	codes := make([]string, people)
	for i := range codes {
		codes[i] = identityCode(i)
		file.WriteString(codes[i] + ",091,central,0\n")
	}
	_, err = s.roll.Import(ctx, roll.Import{Round: r.ID, File: strings.NewReader(file.String()), Command: "bench"})
	must(err)
	for _, step := range []round.Step{round.Propose, round.Vet, round.Freeze, round.Open} {
		must(s.take(ctx, official, r.ID, step))
	}
	requests := make([]request, people)
	for i, code := range codes {
		token, err := s.accounts.SignIn(
			ctx,
			account.Person{Subject: code, IdentityCode: code, Name: "Testi Henkilö", Language: domain.Finnish},
		)
		must(err)
		blinded := make([]byte, 256) // any number below the modulus: what a browser sends is as random
		_, _ = rand.Read(blinded[1:])
		body, err := json.Marshal(api.CredentialRequest{Blinded: base64.StdEncoding.EncodeToString(blinded)})
		must(err)
		requests[i] = request{
			path:    "/api/v1/rounds/bench/papers/" + settings.Papers[0].ID + "/credential",
			body:    body,
			session: string(token),
		}
	}
	return requests
}

// admit asks for each session's token against forgery, as its page does.
func (s *server) admit(b *testing.B, requests []request) {
	b.Helper()
	for i := range requests {
		q, err := http.NewRequest(http.MethodGet, s.url+"/api/v1/session", nil)
		if err != nil {
			b.Fatal(err)
		}
		q.AddCookie(&http.Cookie{Name: "osbu_session", Value: requests[i].session})
		a, err := http.DefaultClient.Do(q)
		if err != nil {
			b.Fatal(err)
		}
		var session api.Session
		err = json.NewDecoder(a.Body).Decode(&session)
		_ = a.Body.Close()
		if err != nil || !session.SignedIn {
			b.Fatal(session, err)
		}
		requests[i].csrf = session.Csrf
	}
}

// identityCode is the n-th of the test range, of grown-up people.
func identityCode(n int) string {
	digits := fmt.Sprintf("%02d%02d%02d%03d", 1+n/100%28, 1+n/2800%12, 50+n/33600, 900+n%100)
	number, _ := strconv.Atoi(digits)
	return digits[:6] + "-" + digits[6:] + "0123456789ABCDEFHJKLMNPRSTUVWXY"[number%31:][:1]
}

// signatures is how many blind signatures the machine makes in a second.
func signatures(b *testing.B) float64 {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		b.Fatal(err)
	}
	const each = 300
	began := time.Now()
	var wg sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		wg.Go(func() {
			blinded := make([]byte, 256)
			_, _ = rand.Read(blinded[1:])
			for range each {
				if _, err := blindrsa.NewSigner(key).BlindSign(blinded); err != nil {
					b.Error(err)
				}
			}
		})
	}
	wg.Wait()
	return float64(each*runtime.GOMAXPROCS(0)) / time.Since(began).Seconds()
}

// server is `osbu serve` in a process of its own, over databases of its own;
// its services are here, too, to set a round up with.
type server struct {
	*services
	settings []string
	url      string
	process  *exec.Cmd
}

func newServer(b *testing.B) *server {
	b.Helper()
	officeDB, boxDB := testdb.New(
		b,
		office.Migrations(),
		office.Role,
	), testdb.New(
		b,
		boxstore.Migrations(),
		boxstore.Role,
	)
	listener, err := net.Listen("tcp", "127.0.0.1:0") // a port that is free now
	if err != nil {
		b.Fatal(err)
	}
	_ = listener.Close()
	address := listener.Addr().String()
	s := &server{url: "http://" + address, settings: append(
		testSecrets(),
		"OSBU_ADDR="+address, "OSBU_OFFICE_DATABASE_URL="+officeDB.URL, "OSBU_BOX_DATABASE_URL="+boxDB.URL,
		"OSBU_LOG_LEVEL=warn", "OSBU_ONE_CLUSTER=true", "OSBU_ROUND_KEYS="+b.TempDir(),
	)}
	settings, err := ReadSettings(s.settings)
	if err != nil {
		b.Fatal(err)
	}
	if s.services, err = wire(settings, officeDB.DB, boxDB.DB, time.Now); err != nil {
		b.Fatal(err)
	}
	return s
}

func (s *server) start(b *testing.B) {
	b.Helper()
	s.process = exec.Command(os.Args[0], "serve")
	s.process.Env = append(slices.Clone(os.Environ()), s.settings...)
	s.process.Stderr = os.Stderr
	if err := s.process.Start(); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = s.process.Process.Kill() })
	for try := 0; ; try++ {
		conn, err := net.Dial("tcp", strings.TrimPrefix(s.url, "http://"))
		if err == nil {
			_ = conn.Close()
			return
		}
		if try > 1000 {
			b.Fatal(err)
		}
		time.Sleep(10 * time.Millisecond)
	}
}

// stop ends the server and gives the most memory it had, in MiB.
func (s *server) stop(b *testing.B) (peak float64) {
	b.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", s.process.Process.Pid))
	if err != nil {
		b.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(status), "VmHWM:")
	if _, err := fmt.Sscanf(rest, "%f kB", &peak); err != nil {
		b.Fatal(err)
	}
	_ = s.process.Process.Signal(os.Interrupt)
	if err := s.process.Wait(); err != nil {
		b.Errorf("the server: %v", err)
	}
	if s.services != nil { // of another server over the same databases they are the first one's
		if err := s.close(); err != nil {
			b.Error(err)
		}
	}
	return peak / 1024
}

func median(values []float64) float64 {
	slices.Sort(values)
	return values[len(values)/2]
}
