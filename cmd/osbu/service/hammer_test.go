package service

import (
	"bytes"
	"context"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"path"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"osbu/cmd/osbu-hammer/play"
	"osbu/domain"
	"osbu/domain/ballot"
	"osbu/domain/roll"
)

// Real elections' real ballots through a whole round: credential, box, close,
// count, publication. The winners, in order of purchase, are those that
// pabutools finds by greedy, and of points and places those that a few lines of
// another program find; no lot decides in any.
func TestRealElections(t *testing.T) {
	t.Parallel()
	const points, ranking = "Switzerland_Zurich_D5", "Worldwide_Mechanical_Turk_Ranking_value_7"
	for name, c := range map[string]struct {
		dir     string
		winners []string
	}{
		// 212 knapsack ballots
		"Netherlands_Amsterdam_588": {
			"testdata/",
			[]string{"42192", "42190", "42196", "42185", "42194", "42182", "42187", "42191", "42195"},
		},
		// 330 ballots of 1 to 3 picks
		"France_Toulouse_2022_3_-_Les_Chalets_Bayard_Belfort_Saint_Aubin_Dupuy": {
			"testdata/", []string{"25", "27", "30", "24", "199"},
		},
		// 180 ballots of at most 5 points
		points: {"../../../domain/pabulib/testdata/", []string{"14", "5", "24", "6", "13", "17", "7", "2"}},
		// 78 ballots, each with 20 projects in order
		ranking: {"../../../domain/pabulib/testdata/", []string{"21", "3", "22", "31", "14"}},
	} {
		t.Run(name, func(t *testing.T) {
			election := readElection(t, c.dir+name)
			if want := map[string]string{points: ballot.Points, ranking: ballot.Ranking}[name]; want != "" &&
				election.Form.Kind != want {
				t.Fatalf("got ballots of the form %s, want %s", election.Form.Kind, want)
			}
			w := newWorld(t)
			r, err := play.Play(context.Background(), play.Config{
				URL: w.url, Official: w.browser(t), Election: election, Within: 3 * time.Second, Round: "rehearsal",
				Note: func(stage string) { t.Log(stage) }, Voted: func() {},
			})
			if err != nil {
				t.Fatal(err)
			}
			if !r.OK() || r.Ballots != len(election.Ballots) || !slices.Equal(r.Selected, c.winners) {
				t.Errorf("%+v", r)
			}
			t.Logf("%d ballots, p99 %.0f ms, funded %v", r.Acknowledged, r.P99, r.Selected)
			w.keepsQuiet(t, election)
		})
	}
}

// A third of real elections comes on paper: marked at a place, keyed in by two
// people of whom one errs, compared, keyed again, and put into the log. The
// outcome is the file's own count, whatever the form.
func TestRealElectionsOnPaper(t *testing.T) {
	t.Parallel()
	for name, sheets := range map[string]int{
		"testdata/Netherlands_Amsterdam_588":                                         71,
		"../../../domain/pabulib/testdata/Switzerland_Zurich_D5":                     60,
		"../../../domain/pabulib/testdata/Worldwide_Mechanical_Turk_Ranking_value_7": 26,
	} {
		t.Run(path.Base(name), func(t *testing.T) {
			t.Parallel()
			election := readElection(t, name)
			w := newWorld(t)
			second := w.as(t, person{Name: "Oona Official", Roles: []domain.Role{domain.Official}})
			r, err := play.Play(context.Background(), play.Config{
				URL: w.url, Official: w.browser(t), Election: election, Within: time.Second, Round: "rehearsal",
				Note: func(stage string) { t.Log(stage) }, Voted: func() {},
				Paper: play.Paper{
					Share: 1.0 / 3, Second: browserOf(t, w.url, string(second.token)),
					Roll: func(ctx context.Context, round string, text []byte) error {
						_, err := w.roll.Import(ctx, roll.Import{Round: round, File: bytes.NewReader(text), Command: "test"})
						return err
					},
				},
			})
			if err != nil {
				t.Fatal(err)
			}
			p := r.Paper
			if !r.OK() || r.Ballots != len(election.Ballots) || p.Sheets != sheets || p.Doubtful != p.Batches ||
				p.Seeded == 0 || p.Found != p.Seeded {
				t.Errorf("%+v, %+v", r, p)
			}
			t.Logf("%+v", p)
		})
	}
}

// A last evening: everybody holds a credential, then the ballots come as fast
// as they go, and more than the box takes. Nothing is lost or doubled.
func TestLastEvening(t *testing.T) {
	t.Parallel()
	election := readElection(t, "testdata/Netherlands_Amsterdam_588")
	w := newWorld(t)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer w.showMetrics(listener, time.Now)()
	var issued, voted atomic.Int64
	r, err := play.Play(context.Background(), play.Config{
		URL: w.url, Official: w.browser(t), Election: election, Round: "rehearsal", LastEvening: true, Overload: time.Second,
		Metrics: "http://" + listener.Addr().String() + "/metrics",
		Note:    func(stage string) { t.Log(stage) }, Issued: func() { issued.Add(1) }, Voted: func() { voted.Add(1) },
	})
	if err != nil {
		t.Fatal(err)
	}
	if n := int64(len(election.Ballots)); !r.OK() || issued.Load() != n || voted.Load() != n || r.Memory == 0 ||
		r.Overload.Requests < r.Overload.Acknowledged ||
		r.Overload.Acknowledged == 0 {
		t.Errorf("%+v, %+v; %d issued, %d voted", r, r.Overload, issued.Load(), voted.Load())
	}
	w.keepsQuiet(t, election)
}

// readElection is the one of NAME.pb.
func readElection(t testing.TB, name string) *play.Election {
	t.Helper()
	file, err := os.Open(name + ".pb")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	election, err := play.ReadElection(file)
	if err != nil {
		t.Fatal(err)
	}
	return election
}

// browser is an official's, signed in.
func (w *world) browser(t *testing.T) *http.Client {
	t.Helper()
	c := w.as(t, person{Name: "Olli Official", Roles: []domain.Role{domain.Official}})
	return browserOf(t, w.url, string(c.token))
}

// browserOf keeps cookies, and has the session's.
func browserOf(t testing.TB, address, session string) *http.Client {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	home, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	jar.SetCookies(home, []*http.Cookie{{Name: "osbu_session", Value: session}})
	return &http.Client{Jar: jar}
}

// keepsQuiet looks through the log for choices and visits, and holds the
// metrics to the number of ballots. Which route failed may be told: on a
// machine that has more to do than it can, a request runs into its deadline.
func (w *world) keepsQuiet(t *testing.T, e *play.Election) {
	t.Helper()
	for line := range strings.Lines(w.log.String()) {
		words := []string{
			"choices",
			"X-Voting-Code",
			"nullifier",
			"127.0.0.1",
			"Go-http-client",
			"User-Agent",
			"session",
		}
		if !strings.Contains(line, `"msg":"request failed"`) {
			words = append(words, "/credential", "/ballots")
		}
		for _, word := range words {
			if strings.Contains(line, word) {
				t.Errorf("the log tells of ballots, codes or visits: %q in %s", word, line)
			}
		}
	}
	metrics := w.readMetrics(t)
	lines := strings.Split(metrics, "\n")
	want := "osbu_ballots_total{paper=\"main\",round=\"rehearsal\"} " + strconv.Itoa(len(e.Ballots))
	if !slices.Contains(lines, want) {
		t.Errorf("metrics lack %q", want)
	}
}
