package service

import (
	"bufio"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"osbu/domain/ballot"
	"osbu/domain/box/boxtest"
	"osbu/sql/box"
	"osbu/sql/office"
	"osbu/sql/testdb"
)

// running serves as the command does; stop is its signal.
type running struct {
	*services
	url    string
	office *testdb.DB
	box    *testdb.DB
	stop   context.CancelFunc
	done   chan error
}

func run(t *testing.T, vary func(*Settings)) *running {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s, err := ReadSettings(append(
		testSecrets(),
		"OSBU_ADDR="+listener.Addr().String(), "OSBU_ROUND_KEYS="+t.TempDir(),
	))
	if err != nil {
		t.Fatal(err)
	}
	vary(&s)
	officeDB, boxDB := testdb.New(t, office.Migrations(), office.Role), testdb.New(t, box.Migrations(), box.Role)
	w, err := wire(s, officeDB.DB, boxDB.DB, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	r := &running{
		services: w,
		url:      "http://" + listener.Addr().String(),
		office:   officeDB,
		box:      boxDB,
		done:     make(chan error, 1),
	}
	var ctx context.Context
	ctx, r.stop = context.WithCancel(context.Background())
	t.Cleanup(r.stop)
	go func() { r.done <- w.serve(ctx, s, listener, slog.New(slog.DiscardHandler)) }()
	return r
}

// status asks for readiness; 0 if nobody listens any more.
func (r *running) status(t *testing.T) (int, string) {
	t.Helper()
	response, err := (&http.Client{Transport: &http.Transport{DisableKeepAlives: true}}).Get(r.url + "/readiness")
	if err != nil {
		return 0, ""
	}
	defer func() { _ = response.Body.Close() }()
	var answer struct{ Status string }
	if err := json.NewDecoder(response.Body).Decode(&answer); err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, answer.Status
}

// On the signal the server becomes unready, answers the request that is under
// way, and only then ends.
func TestStopFinishesWhatIsUnderWay(t *testing.T) {
	t.Parallel()
	r := run(t, func(s *Settings) { s.DrainDelay = 2 * time.Second })
	if status, text := r.status(t); status != http.StatusOK || text != "ready" {
		t.Fatalf("%d %s", status, text)
	}
	// The request waits for a lock on the rounds, which the test holds.
	lock, err := r.office.Owner.Begin()
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = lock.Rollback() }()
	if _, err := lock.Exec("LOCK TABLE round IN ACCESS EXCLUSIVE MODE"); err != nil {
		t.Fatal(err)
	}
	answered := make(chan string, 1)
	go func() {
		response, err := http.Get(r.url + "/api/v1/rounds")
		if err != nil {
			answered <- err.Error()
			return
		}
		defer func() { _ = response.Body.Close() }()
		text, err := io.ReadAll(response.Body)
		answered <- response.Status + " " + string(text) + errorText(err)
	}()
	waiting(t, r.office)
	r.stop()
	for status, text := r.status(t); status == http.StatusOK; status, text = r.status(t) {
		if text != "ready" {
			t.Fatalf("%d %s", status, text)
		}
	}
	if status, text := r.status(t); status != 0 && (status != http.StatusServiceUnavailable || text != "draining") {
		t.Errorf("while draining: %d %s", status, text)
	}
	select {
	case text := <-answered:
		t.Fatalf("answered before the lock was given back: %s", text)
	case err := <-r.done:
		t.Fatalf("ended with a request under way: %v", err)
	default:
	}
	if err := lock.Rollback(); err != nil {
		t.Fatal(err)
	}
	if text := <-answered; !strings.HasPrefix(text, "200 OK [") {
		t.Errorf("the request under way got %s", text)
	}
	if err := <-r.done; err != nil {
		t.Errorf("stopped with %v", err)
	}
	if status, _ := r.status(t); status != 0 {
		t.Errorf("still answers %d", status)
	}
}

// A request that never ends does not keep the server for ever.
func TestStopIsBounded(t *testing.T) {
	t.Parallel()
	r := run(t, func(s *Settings) { s.DrainTimeout = 300 * time.Millisecond })
	conn, err := net.Dial("tcp", strings.TrimPrefix(r.url, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	if _, err := conn.Write([]byte("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")); err != nil {
		t.Fatal(err)
	}
	response, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	if _, err := conn.Write([]byte("GET /healthz HTTP/1.1\r\nHost")); err != nil { // and no more
		t.Fatal(err)
	}
	r.stop()
	if err := <-r.done; err != nil && !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("stopped with %v", err)
	}
}

// A database that is gone makes the server unready, not dead.
func TestReadinessFollowsTheDatabases(t *testing.T) {
	t.Parallel()
	r := run(t, func(*Settings) {})
	if status, text := r.status(t); status != http.StatusOK || text != "ready" {
		t.Fatalf("%d %s", status, text)
	}
	_ = r.officeDB.Close()
	if status, text := r.status(t); status != http.StatusServiceUnavailable || text != "unready" {
		t.Errorf("%d %s", status, text)
	}
	response, err := http.Get(r.url + "/healthz")
	if err != nil {
		t.Fatal(err)
	}
	_ = response.Body.Close()
	if response.StatusCode != http.StatusOK {
		t.Errorf("healthz says %d", response.StatusCode)
	}
	r.stop()
	if err := <-r.done; err != nil {
		t.Log(err) // its database is gone
	}
}

// Every request has a deadline: a database that does not answer in time is a
// problem, not a hanging browser.
func TestRequestsHaveADeadline(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(s *Settings) { s.RequestTimeout = 200 * time.Millisecond })
	lock, err := w.office.Owner.Begin()
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = lock.Rollback() }()
	if _, err := lock.Exec("LOCK TABLE round IN ACCESS EXCLUSIVE MODE"); err != nil {
		t.Fatal(err)
	}
	if status, code := w.anonymous(t).get("/api/v1/rounds", nil); status != http.StatusGatewayTimeout ||
		code != "deadline_exceeded" {
		t.Errorf("%d %s", status, code)
	}
}

// What nobody foresaw is mute outside and told once in the log, without the
// data that PostgreSQL quotes.
func TestUnforeseenErrorsAreMute(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.official(t)
	if _, err := w.office.Owner.Exec("ALTER TABLE round RENAME COLUMN created_at TO secret_of_the_house"); err != nil {
		t.Fatal(err)
	}
	response := c.send(http.MethodGet, "/api/v1/rounds?who=somebody", nil)
	text, err := io.ReadAll(response.Body)
	_ = response.Body.Close()
	if err != nil || response.StatusCode != http.StatusInternalServerError ||
		strings.Contains(string(text), "secret_of_the_house") {
		t.Fatalf("%v %d %s", err, response.StatusCode, text)
	}
	lines := strings.Split(strings.TrimSpace(w.log.String()), "\n")
	var line struct {
		Level, Msg, Route, Method, Error string
		RequestID                        string `json:"request_id"`
	}
	if len(lines) != 1 || json.Unmarshal([]byte(lines[0]), &line) != nil {
		t.Fatalf("the log has %q", lines)
	}
	if line.Level != "ERROR" || line.Route != "/api/v1/rounds" ||
		line.RequestID != response.Header.Get("X-Request-Id") ||
		!strings.Contains(line.Error, "created_at") {
		t.Errorf("the log has %s", lines[0])
	}
	if strings.Contains(lines[0], "somebody") || strings.Contains(lines[0], "127.0.0.1") {
		t.Errorf("the log has %s", lines[0])
	}
}

func TestMetrics(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.anonymous(t)
	_, _ = c.get("/api/v1/rounds", nil)
	_, _ = c.get("/api/v1/rounds/a-very-secret-round", nil)
	_, _ = c.do("BREW", "/api/v1/rounds", nil, nil)
	w.metrics.RightSpent("r", "p", "online")
	w.metrics.Kept("r", "p", 1)
	w.metrics.Flushed(3)
	text := w.readMetrics(t)
	for _, line := range []string{
		`osbu_request_seconds_count{method="GET",operation="ListRounds",status="200"} 1`,
		`osbu_request_seconds_count{method="GET",operation="GetRound",status="404"} 1`,
		`osbu_requests_in_flight 0`,
		`osbu_ballots_total{paper="p",round="r"} 1`,
		`osbu_ballot_batch_size_sum 3`,
		`osbu_ballot_queue 0`,
		`osbu_rights_spent_total{channel="online",paper="p",round="r"} 1`,
		`osbu_database_connections_max{database="office"} `,
		`osbu_database_connections_max{database="box"} `,
		`osbu_build_info{`, `go_goroutines `, `process_open_fds `,
	} {
		if !strings.Contains(text, line) {
			t.Errorf("no %s", line)
		}
	}
	if strings.Contains(text, "secret") {
		t.Error("an address became a label")
	}
}

// readMetrics is everything, as it stands now.
func (w *services) readMetrics(t *testing.T) string {
	t.Helper()
	moment := time.Time{}
	handler := w.metrics.Handler(func() time.Time { moment = moment.Add(1); return moment })
	recorder := httptest.NewRecorder()
	handler.ServeHTTP(recorder, httptest.NewRequest(http.MethodGet, "/metrics", nil))
	return recorder.Body.String()
}

// watchMetrics reads the metrics as they are shown at a moment of release,
// without what the reading itself moves, and no voter alone.
func (w *services) watchMetrics(moment func() time.Time) (read func() string) {
	handler := w.metrics.Handler(moment)
	return func() string {
		recorder := httptest.NewRecorder()
		handler.ServeHTTP(recorder, httptest.NewRequest(http.MethodGet, "/metrics", nil))
		var lines []string
		for line := range strings.SplitSeq(recorder.Body.String(), "\n") {
			if name, _, _ := strings.Cut(line, " "); !slices.Contains([]string{
				"go_goroutines", "go_threads", "process_open_fds", "process_resident_memory_bytes",
				"process_virtual_memory_bytes", "osbu_database_connections{database=\"box\"}",
				"osbu_database_connections{database=\"office\"}",
			}, name) {
				lines = append(lines, line)
			}
		}
		return strings.Join(lines, "\n")
	}
}

// Between two moments of release nothing in the metrics moves with a voter:
// neither what counts her nor what she takes of the processor.
func TestMetricsStandStill(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	moment := time.Unix(0, 0)
	read := w.watchMetrics(func() time.Time { return moment })
	e := w.election(t, "r4", "helsinki-2021")
	_, _ = w.anonymous(t).get("/api/v1/rounds/r4/numbers", nil) // no excess: shown from the first count on
	first := read()
	voter := w.as(t, adult)
	request, _ := e.request(t)
	if _, status, code := voter.credential("r4", "district", request); status != http.StatusOK {
		t.Fatal(status, code)
	}
	// On her way lies what anybody may ask, and an officer at a voting place.
	for _, path := range []string{
		"/box/v1/rounds/r4/checkpoint", "/box/v1/rounds/r4/manifest-proof", "/api/v1/rounds",
		"/api/v1/rounds/r4/numbers", "/api/v1/rounds/r4/places", "/api/v1/rounds/r4/kiosk",
	} {
		_, _ = w.anonymous(t).get(path, nil)
	}
	_, _ = w.anonymous(t).post("/api/v1/rounds/r4/places/1/look-ups", nil, nil)
	w.metrics.Kept("r4", "district", 1)
	w.metrics.Flushed(1)
	w.metrics.Waits("r4", 1, 1)
	if again := read(); again != first {
		t.Errorf("a voter moved the metrics from\n%s\nto\n%s", first, again)
	}
	moment = moment.Add(time.Hour)
	if later := read(); !strings.Contains(later, "osbu_ballots_total{") {
		t.Errorf("after the moment the metrics lack the ballot:\n%s", later)
	}
}

// The metrics are at an address of their own and nowhere else, and nothing else
// is there.
func TestMetricsApart(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	public := w.anonymous(t).send(http.MethodGet, "/metrics", nil)
	page, err := io.ReadAll(public.Body)
	if err != nil || public.Body.Close() != nil {
		t.Fatal(err)
	}
	if public.StatusCode != http.StatusNotFound || strings.Contains(string(page), "go_goroutines") {
		t.Errorf("the public address: got %d, want 404 and no metrics", public.StatusCode)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer w.showMetrics(listener, time.Now)()
	for path, want := range map[string]int{
		"/metrics": http.StatusOK, "/": http.StatusNotFound,
		"/api/v1/rounds": http.StatusNotFound,
	} {
		response, err := http.Get("http://" + listener.Addr().String() + path)
		if err != nil {
			t.Fatal(err)
		}
		_ = response.Body.Close()
		if response.StatusCode != want {
			t.Errorf("%s: %d", path, response.StatusCode)
		}
	}
}

// waiting returns when some query in the office waits for a lock.
func waiting(t *testing.T, d *testdb.DB) {
	t.Helper()
	for n := 0; n == 0; {
		if err := d.Owner.NewRaw("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND "+
			"wait_event_type = 'Lock'").Scan(t.Context(), &n); err != nil {
			t.Fatal(err)
		}
	}
}

func errorText(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

// While the server runs, a ballot that was cast comes into the log by itself.
func TestServeMovesBallotsIntoTheLog(t *testing.T) {
	t.Parallel()
	r := run(t, func(s *Settings) { s.ReleaseMin, s.ReleaseEvery = 1, 0 })
	r.box.SetClock(t, "2026-10-10 12:00Z")
	e := boxtest.New(t, rand.Reader, "r")
	ctx := context.Background()
	key, err := r.services.box.Prepare(ctx, "r")
	if err == nil {
		err = r.services.box.Install(ctx, "r", e.Encode(t, key))
	}
	if err == nil {
		err = r.services.box.Open(ctx, "r", boxtest.Opens, boxtest.Closes)
	}
	if err != nil {
		t.Fatal(err)
	}
	cast := e.Voter(t, "main").Fill(t, "north", 1)
	if _, err := r.services.box.Cast(ctx, cast); err != nil {
		t.Fatal(err)
	}
	for waits := true; waits; {
		receipt, err := r.services.box.Receipt(ctx, "r", ballot.Commitment(cast.Ballot))
		if err == nil {
			err = receipt.Verify(key)
		}
		if err != nil {
			t.Fatal(err)
		}
		waits = receipt.Waits()
	}
	r.stop()
	if err := <-r.done; err != nil {
		t.Error(err)
	}
}
