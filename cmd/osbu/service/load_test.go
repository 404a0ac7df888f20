package service

import (
	"fmt"
	"math/rand/v2"
	"sort"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/HdrHistogram/hdrhistogram-go"
	"github.com/valyala/fasthttp"
)

// request is a POST that is ready to be sent.
type request struct {
	path    string
	body    []byte // nil: a GET
	session string // cookie of a person signed in
	csrf    string // her token
	packed  bool   // takes the answer as a browser does
}

// load is what became of many requests.
type load struct {
	sent     int
	took     time.Duration
	statuses map[int]int             // 0: no answer
	latency  *hdrhistogram.Histogram // µs, of answers with 200
}

func (l load) rate() float64 { return float64(l.statuses[200]) / l.took.Seconds() }

// at is a percentile in ms.
func (l load) at(percent float64) float64 {
	return float64(l.latency.ValueAtPercentile(percent)) / 1000
}

func (l load) String() string {
	var codes []int
	for code := range l.statuses {
		codes = append(codes, code)
	}
	sort.Ints(codes)
	text := &strings.Builder{}
	for _, code := range codes {
		fmt.Fprintf(text, "%d × %d, ", l.statuses[code], code)
	}
	fmt.Fprintf(
		text,
		"%.0f/s, p50 %.1f, p90 %.1f, p99 %.1f, max %.1f ms",
		l.rate(),
		l.at(50),
		l.at(90),
		l.at(99),
		float64(l.latency.Max())/1000,
	)
	return text.String()
}

// mustAnswer fails if another status came.
func (l load) mustAnswer(b *testing.B, allowed ...int) {
	b.Helper()
	rest := l.sent
	for _, status := range allowed {
		rest -= l.statuses[status]
	}
	if rest > 0 || l.statuses[200] == 0 {
		b.Errorf("of %d requests: %v", l.sent, l.statuses)
	}
}

// mostConnections is how many a crowd has open; whoever finds none free waits
// for one, and the time counts.
const mostConnections = 4096

// crowd sends requests over kept connections. Its client costs little, because
// it shares the machine with what is measured.
type crowd struct {
	client *fasthttp.HostClient
	url    string
	mu     sync.Mutex
	load
}

func newCrowd(url string) *crowd {
	return &crowd{
		client: &fasthttp.HostClient{
			Addr: strings.TrimPrefix(
				url,
				"http://",
			), MaxConns: mostConnections, MaxConnWaitTimeout: time.Minute, MaxIdemponentCallAttempts: 1,
			ReadTimeout: time.Minute, WriteTimeout: time.Minute, MaxIdleConnDuration: time.Minute,
		},
		url:  url,
		load: load{statuses: map[int]int{}, latency: hdrhistogram.New(1, time.Hour.Microseconds(), 3)},
	}
}

// send waits for the answer; the time counts from when it was to be sent.
func (c *crowd) send(r request, due time.Time) {
	q, a := fasthttp.AcquireRequest(), fasthttp.AcquireResponse()
	defer fasthttp.ReleaseRequest(q)
	defer fasthttp.ReleaseResponse(a)
	q.SetRequestURI(c.url + r.path)
	if r.body != nil {
		q.Header.SetMethod(fasthttp.MethodPost)
		q.Header.SetContentType("application/json")
	}
	if r.session != "" {
		q.Header.SetCookie("osbu_session", r.session)
		q.Header.Set("X-CSRF-Token", r.csrf)
	}
	if r.packed {
		q.Header.Set("Accept-Encoding", "gzip, br")
	}
	q.SetBodyRaw(r.body)
	status := 0
	if err := c.client.Do(q, a); err == nil {
		status = a.StatusCode()
	}
	took := time.Since(due)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.statuses[status]++
	if status == 200 {
		_ = c.latency.RecordValue(took.Microseconds()) // below an hour
	}
}

// rush sends n requests over so many connections, each one the next as soon as
// the last is answered: as fast as it goes.
func rush(url string, connections, n int, of func(int) request) load {
	c := newCrowd(url)
	c.sent = n
	began := time.Now()
	var next atomic.Int64
	var wg sync.WaitGroup
	for range connections {
		wg.Go(func() {
			for i := next.Add(1) - 1; i < int64(n); i = next.Add(1) - 1 {
				c.send(of(int(i)), time.Now())
			}
		})
	}
	wg.Wait()
	c.took = time.Since(began)
	c.client.CloseIdleConnections()
	return c.load
}

// flood sends n requests at moments of a Poisson process, whether or not
// earlier ones are answered.
func flood(url string, rate float64, n int, of func(int) request) load {
	c := newCrowd(url)
	c.sent = n
	began := time.Now()
	due := began
	var wg sync.WaitGroup
	for i := range n {
		due = due.Add(time.Duration(rand.ExpFloat64() / rate * float64(time.Second)))
		time.Sleep(time.Until(due))
		wg.Go(func() { c.send(of(i), due) })
	}
	wg.Wait()
	c.took = time.Since(began)
	c.client.CloseIdleConnections()
	return c.load
}
