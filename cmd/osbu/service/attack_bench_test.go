package service

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	mathrand "math/rand/v2"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/valyala/fasthttp"

	"osbu/domain/box/boxtest"
)

// BenchmarkAttack lets voters cast their ballots, and read, while strangers who
// are not signed in ask for what costs most, one kind after another: from as
// many addresses as they like, without a pause. The value is how long a voter
// waits at worst, the 99th of a hundred under the worst kind; the baseline is
// the same voters left alone. Server, voters, attackers and PostgreSQL share
// the machine, so what the attackers themselves cost is in it.
func BenchmarkAttack(b *testing.B) {
	b.Run("attack.wait", func(b *testing.B) {
		var worst, alone, peak float64
		for b.Loop() {
			a := newAttack(b)
			alone = a.voters(b, "nobody").at(99)
			for _, kind := range a.kinds() {
				ctx, end := context.WithCancel(b.Context())
				var asked atomic.Int64
				var wg sync.WaitGroup
				for range attackers {
					wg.Go(func() {
						for ctx.Err() == nil {
							kind.ask(ctx)
							asked.Add(1)
						}
					})
				}
				worst = max(worst, a.voters(b, kind.name).at(99))
				end()
				wg.Wait()
				b.Logf("%s: asked %d times", kind.name, asked.Load())
			}
			peak = a.stop(b)
		}
		b.ReportMetric(0, "ns/op")
		b.ReportMetric(worst, "ms")
		b.ReportMetric(alone, "baseline")
		b.ReportMetric(peak, "memory-MiB")
		if peak > 1024 {
			b.Errorf("got %.0f MiB, want at most 1 GiB", peak)
		}
		if worst > 1000 {
			b.Errorf("got a voter waiting for %.0f ms, want at most a second", worst)
		}
	})
}

const (
	attackers    = 32
	attackRate   = 20 // voters' requests a second
	attackVoters = 120
)

// attack is a large city's round, and a vote in the box beside it.
type attack struct {
	largeCity
	client *fasthttp.HostClient
	ballot func() request
	forged []byte
	// Addresses of all operations that anybody may read, in the city's round.
	readable []string
}

func newAttack(b *testing.B) *attack {
	b.Helper()
	a := new(attack)
	// Each request may come from another address, as if by a crowd of machines.
	a.settings = []string{"OSBU_TRUSTED_PROXIES=127.0.0.0/8"}
	a.found(b)
	ctx := context.Background()
	election := boxtest.New(b, rand.Reader, "vote")
	now := time.Now().UTC().Truncate(time.Second)
	m := &election.Manifest
	m.Opens, m.Closes, m.PromisedBy = now.Add(-time.Hour), now.Add(time.Hour), now.AddDate(0, 0, 7)
	key, err := a.box.Prepare(ctx, "vote")
	if err == nil {
		err = a.box.Install(ctx, "vote", election.Encode(b, key))
	}
	if err == nil {
		err = a.box.Open(ctx, "vote", m.Opens, m.Closes)
	}
	if err != nil {
		b.Fatal(err)
	}
	a.ballot = func() request {
		body, err := json.Marshal(envelope(election.Voter(b, "main").Fill(b, "north", 1, 2, 3)))
		if err != nil {
			b.Fatal(err)
		}
		return request{path: "/box/v1/rounds/vote/ballots", body: body}
	}
	forged := envelope(election.Voter(b, "main").Fill(b, "north", 1, 2, 3))
	forged.Credential = base64.StdEncoding.EncodeToString(make([]byte, 256))
	if a.forged, err = json.Marshal(forged); err != nil {
		b.Fatal(err)
	}
	for _, o := range operations(b) {
		if o.method != http.MethodGet {
			continue
		}
		address := o.address(map[string]string{"round": "bench"})
		status, _, err := fasthttp.Get(nil, a.url+address)
		if err != nil {
			b.Fatal(err)
		}
		if status != http.StatusUnauthorized && status != http.StatusForbidden {
			a.readable = append(a.readable, address)
		}
	}
	a.client = &fasthttp.HostClient{
		Addr: strings.TrimPrefix(a.url, "http://"), MaxConns: attackers, MaxIdemponentCallAttempts: 1,
		ReadTimeout: time.Minute, WriteTimeout: time.Minute,
	}
	return a
}

// voters cast ballots and read at a steady pace.
func (a *attack) voters(b *testing.B, beside string) load {
	b.Helper()
	requests := make([]request, attackVoters)
	for i := range requests {
		switch i % 4 {
		case 0:
			requests[i] = request{path: "/api/v1/rounds/bench"}
		case 1:
			requests[i] = request{path: "/api/v1/rounds/bench/proposals/" + fmt.Sprint(1+i)}
		default:
			requests[i] = a.ballot()
		}
	}
	l := flood(a.url, attackRate, len(requests), func(i int) request { return requests[i] })
	l.mustAnswer(b, 200)
	b.Logf("beside %s: %v", beside, l)
	return l
}

// kind is one way of making a server work.
type kind struct {
	name string
	ask  func(context.Context)
}

func (a *attack) kinds() []kind {
	get := func(name, path string) kind {
		return kind{name, func(context.Context) { a.send(http.MethodGet, path, nil) }}
	}
	var many bytes.Buffer
	many.WriteString(`{"code":"`)
	many.WriteString(strings.Repeat("[0,", 300_000))
	return []kind{
		get("an export of everything", "/api/v1/rounds/bench/proposals.csv"),
		{"another export each", func(context.Context) {
			a.send(http.MethodGet, "/api/v1/rounds/bench/proposals.json?q="+
				url.QueryEscape(a.words[mathrand.IntN(len(a.words))]), nil)
		}},
		{"searches", func(context.Context) {
			a.send(http.MethodGet, "/api/v1/rounds/bench/proposals?q="+
				url.QueryEscape(a.words[mathrand.IntN(len(a.words))]), nil)
		}},
		{"similar proposals", func(context.Context) {
			a.send(http.MethodGet, "/api/v1/rounds/bench/similar?text="+
				url.QueryEscape(strings.Join(a.words[mathrand.IntN(len(a.words)-8):][:8], " ")), nil)
		}},
		get("a feed", "/api/v1/rounds/bench/proposals.atom"),
		{"forged ballots", func(context.Context) {
			a.send(http.MethodPost, "/box/v1/rounds/vote/ballots", a.forged)
		}},
		{"receipts", func(context.Context) {
			a.send(http.MethodGet, "/box/v1/rounds/vote/receipts/"+hex.EncodeToString(noise(32)), nil)
		}},
		{"wrong codes", func(context.Context) {
			a.send(http.MethodGet, "/api/v1/rounds/bench/rights", nil)
		}},
		{"a megabyte of brackets", func(context.Context) {
			a.send(http.MethodPost, "/api/v1/mailbox/confirmation", many.Bytes())
		}},
		{"bodies that do not end", a.dawdle},
		get("numbers", "/api/v1/rounds/bench/numbers"),
		get("addresses where nothing is", "/api/v1/"+strings.Repeat("x/", 500)),
		get("a page", "/"),
		{"any address that is there to be read", func(context.Context) {
			a.send(http.MethodGet, a.readable[mathrand.IntN(len(a.readable))], nil)
		}},
	}
}

func noise(n int) []byte {
	random := make([]byte, n)
	_, _ = rand.Read(random) // never fails
	return random
}

// send asks from an address that nobody has asked from, with a code that is
// none.
func (a *attack) send(method, path string, body []byte) {
	q, r := fasthttp.AcquireRequest(), fasthttp.AcquireResponse()
	defer fasthttp.ReleaseRequest(q)
	defer fasthttp.ReleaseResponse(r)
	q.SetRequestURI(a.url + path)
	q.Header.SetMethod(method)
	q.Header.Set("X-Forwarded-For", net.IP(noise(4)).String())
	q.Header.Set("X-Voting-Code", "0000-0000-"+hex.EncodeToString(noise(2))+"-0000")
	if body != nil {
		q.Header.SetContentType("application/json")
		q.SetBodyRaw(body)
	}
	_ = a.client.Do(q, r) // whatever it answers
}

// dawdle announces a megabyte and sends it all but the end, on eight
// connections, until the attack ends.
func (a *attack) dawdle(ctx context.Context) {
	for range 8 {
		conn, err := net.Dial("tcp", strings.TrimPrefix(a.url, "http://"))
		if err != nil {
			continue
		}
		defer func() { _ = conn.Close() }()
		_, _ = fmt.Fprintf(conn, "POST /api/v1/mailbox/confirmation HTTP/1.1\r\nHost: x\r\n"+
			"Content-Type: application/json\r\nContent-Length: %d\r\n\r\n", 1<<20)
		_, _ = io.CopyN(conn, zeros{}, 1<<20-1)
	}
	<-ctx.Done()
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { return copy(p, bytes.Repeat([]byte(" "), len(p))), nil }
