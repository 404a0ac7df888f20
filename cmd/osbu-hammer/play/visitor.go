package play

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"osbu/domain/box"
	"osbu/handlers/api"
)

// steps are a visit's, in order. Those without a name are work of the browser
// that nobody waits for at the server.
var steps = []step{
	{"front", (*visitor).front},
	{"list", (*visitor).list},
	{"pictures", (*visitor).pictures},
	{"search", (*visitor).search},
	{"sign-in", (*visitor).signIn},
	{"rights", (*visitor).rights},
	{"", (*visitor).fill},
	{"credential", (*visitor).credential},
	{"ballot", (*visitor).ballot},
	{"receipt", (*visitor).receipt},
	{"proof", (*visitor).proof},
}

type step struct {
	name string
	take func(*visitor, context.Context) error
}

// lastFree is the last step after which one may leave without having used a
// right.
const lastFree = "rights"

// stepsOf are all of them, or those of people with voting codes.
func stepsOf(signIn bool) []step {
	return slices.DeleteFunc(slices.Clone(steps), func(s step) bool { return s.name == "sign-in" && !signIn })
}

// visitor is one person with her browser.
type visitor struct {
	*journey
	browser client
	number  int  // on the roll
	warm    bool // her browser has the pages' files
	hasty   bool // she does not pause, nor look twice
	leaves  int  // the index of the step after which she goes; beyond the last: never
	shown   []api.Proposal
	voter   *voter
	waited  time.Duration // in a step, for nothing that the server has to do
	failed  int
	err     error
}

// browser keeps cookies of its own, and shares connections: a machine has no
// ports for a city's browsers.
func (j *journey) browser() client {
	jar, _ := cookiejar.New(nil) // never fails
	home, _, _ := strings.Cut(strings.TrimPrefix(j.URL, "http://"), "/")
	return client{url: j.URL, header: http.Header{}, failed: j.place.failed.count, http: &http.Client{
		Timeout: time.Minute, Transport: j.sockets, Jar: jar,
		// the page that a sign-in leads back to is there already
		CheckRedirect: func(r *http.Request, via []*http.Request) error {
			if r.URL.Host == home && !strings.HasPrefix(r.URL.Path, "/api/") || len(via) > 10 {
				return http.ErrUseLastResponse
			}
			return nil
		},
	}}
}

// visit goes from step to step.
func (v *visitor) visit(ctx context.Context) {
	for i, s := range v.steps {
		v.take(ctx, s)
		if v.err != nil || i == v.leaves {
			break
		}
		if s.name != "" && i+1 < len(v.steps) {
			v.think(ctx)
		}
	}
	v.leave()
}

// take takes one step and notes how long it took.
func (v *visitor) take(ctx context.Context, s step) {
	if v.err != nil {
		return
	}
	began := time.Now()
	err := s.take(v, ctx)
	if errors.Is(err, errNotYet) {
		v.mu.Lock()
		defer v.mu.Unlock()
		v.unlogged++
		return
	}
	if err != nil {
		v.err = fmt.Errorf("%s: %w", cmp.Or(s.name, "filling the ballot in"), err)
		return
	}
	took := time.Since(began) - v.waited
	v.waited = 0
	v.mu.Lock()
	defer v.mu.Unlock()
	if s.name != "" {
		v.times[s.name] = append(v.times[s.name], took)
	}
	if s.name == "ballot" {
		v.votes++
		v.last = time.Now()
		if v.first.IsZero() {
			v.first = v.last
		}
	}
}

// think pauses, mostly for a short while and sometimes for a long one.
func (v *visitor) think(ctx context.Context) {
	if v.hasty {
		return
	}
	pause := min(time.Duration(rand.ExpFloat64()*float64(v.Think)), 5*v.Think)
	select {
	case <-ctx.Done():
	case <-time.After(pause):
	}
}

// leave puts down how it went.
func (v *visitor) leave() {
	result := vote{err: v.err, failures: v.failed}
	if v.voter != nil {
		failures := v.failed + v.voter.failures
		result = v.voter.vote
		result.err, result.failures, result.send = cmp.Or(v.err, result.err), failures, nil
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	v.rehearsal.votes[v.number] = result
	if v.leaves < len(v.steps) && v.err == nil {
		v.abandoned++
	}
}

var linked = regexp.MustCompile(`(?:src|href)="(/assets/[^"]+)"`)

// readFront finds what the front page is made of. A service that was built
// without pages has none.
func (j *journey) readFront(ctx context.Context) error {
	front, err := j.fetch(ctx, j.browser().http, "/", "")
	if err != nil || front.status == http.StatusNotFound {
		return err
	}
	j.tag = front.header.Get("ETag")
	for _, found := range linked.FindAllSubmatch(front.text, -1) {
		j.chunks = append(j.chunks, string(found[1]))
	}
	return nil
}

// answer is one whose body has been read.
type answer struct {
	path   string // where it led
	status int
	header http.Header
	text   []byte
}

// fetch gets a file of the pages as a browser asks for it.
func (j *journey) fetch(ctx context.Context, h *http.Client, path, tag string) (answer, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, j.URL+path, nil)
	if err != nil {
		return answer{}, err
	}
	if tag != "" {
		request.Header.Set("If-None-Match", tag)
	}
	if strings.HasPrefix(path, "/assets/") {
		request.Header.Set("Accept-Encoding", "br")
	}
	response, err := h.Do(request)
	if err != nil {
		return answer{}, &passing{err: err}
	}
	defer func() { _ = response.Body.Close() }()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		return answer{}, &passing{err: err}
	}
	if s := response.StatusCode; s == http.StatusTooManyRequests || s >= 500 {
		return answer{}, refused("GET "+path, response, text)
	}
	return answer{response.Request.URL.Path, response.StatusCode, response.Header, text}, nil
}

// page gets one until it comes.
func (v *visitor) page(ctx context.Context, path, tag string) error {
	n, err := v.browser.again(ctx, func() error {
		a, err := v.fetch(ctx, v.browser.http, path, tag)
		if err == nil && a.status >= 400 && len(v.chunks) > 0 {
			err = fmt.Errorf("GET %s: %d", path, a.status)
		}
		return err
	})
	v.mu.Lock()
	v.failed += n
	v.mu.Unlock()
	return err
}

// get asks for JSON until it comes.
func (v *visitor) get(ctx context.Context, path string, out any) error {
	n, err := v.browser.insist(ctx, http.MethodGet, path, nil, out)
	v.mu.Lock()
	v.failed += n
	v.mu.Unlock()
	return err
}

func (v *visitor) of(rest string) string { return "/api/v1/rounds/" + v.Round + rest }

// atOnce is how many requests a browser has under way over HTTP/1.1.
const atOnce = 6

// front opens the front page. A browser that was here before asks whether it
// is still the same, and has the rest.
func (v *visitor) front(ctx context.Context) error {
	tag := ""
	if v.warm {
		tag = v.tag
	}
	if err := v.page(ctx, "/", tag); err != nil {
		return err
	}
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(atOnce)
	if !v.warm {
		for _, chunk := range v.chunks {
			g.Go(func() error { return v.page(ctx, chunk, "") })
		}
	}
	var session api.Session
	var rounds []api.Round
	g.Go(func() error { return v.get(ctx, "/api/v1/session", &session) })
	g.Go(func() error { return v.get(ctx, "/api/v1/rounds", &rounds) })
	return g.Wait()
}

// list opens the round, its ballot and the first page of its proposals.
func (v *visitor) list(ctx context.Context) error {
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(atOnce)
	var round api.Round
	var projects []api.Project
	var manifest []byte
	var page api.ProposalPage
	g.Go(func() error { return v.get(ctx, v.of(""), &round) })
	g.Go(func() error { return v.get(ctx, v.of("/projects"), &projects) })
	g.Go(func() error { return v.get(ctx, v.of("/proposals"), &page) })
	g.Go(func() error {
		box := client{http: v.place.box, url: v.URL, failed: v.place.failed.count}
		_, err := box.insist(ctx, http.MethodGet, "/box/v1/rounds/"+v.Round+"/manifest", nil, &manifest)
		return err
	})
	err := g.Wait()
	if err == nil && len(projects) != len(v.Election.Projects) {
		err = fmt.Errorf("%d projects on the ballot, want %d", len(projects), len(v.Election.Projects))
	}
	v.shown = page.Proposals
	return err
}

// pictures looks at those that the list shows, small ones first and one of them
// large.
func (v *visitor) pictures(ctx context.Context) error {
	if len(v.shown) == 0 {
		return errors.New("the list shows no proposals")
	}
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(atOnce)
	large := rand.IntN(len(v.shown))
	for i, p := range v.shown {
		size := "small"
		if i == large {
			size = "full"
		}
		for _, image := range p.Images {
			path := v.of("/proposals/" + strconv.FormatInt(p.Id, 10) + "/images/" + image.Id + "/" + size)
			g.Go(func() error { return v.get(ctx, path, io.Discard) })
		}
	}
	return g.Wait()
}

// search looks for a word.
func (v *visitor) search(ctx context.Context) error {
	word := words[rand.IntN(len(words))]
	var page api.ProposalPage
	if err := v.get(ctx, v.of("/proposals?q="+url.QueryEscape(word)), &page); err != nil {
		return err
	}
	if page.Total == 0 {
		return fmt.Errorf("nothing is found for %q", word)
	}
	return nil
}

// signIn goes to the provider and back, and takes the session up.
func (v *visitor) signIn(ctx context.Context) error {
	query := url.Values{"login_hint": {subject(v.number)}, "return_to": {"/"}}
	n, err := v.browser.again(ctx, func() error {
		a, err := v.fetch(ctx, v.browser.http, "/api/v1/sign-in?"+query.Encode(), "")
		if err != nil {
			return err
		}
		if to := a.header.Get("Location"); a.status != http.StatusFound || to != "/" {
			return fmt.Errorf("led to %s with %d %.60s", a.path, a.status, to)
		}
		return nil
	})
	v.failed += n
	if err != nil {
		return err
	}
	var session api.Session
	if err := v.get(ctx, "/api/v1/session", &session); err != nil {
		return err
	}
	if !session.SignedIn {
		return errors.New("the session is nobody's")
	}
	v.browser.header.Set("X-CSRF-Token", session.Csrf)
	return nil
}

// rights asks whether she may vote.
func (v *visitor) rights(ctx context.Context) error {
	var rights api.Rights
	if err := v.get(ctx, v.of("/rights"), &rights); err != nil {
		return err
	}
	if !rights.Eligible || len(rights.Papers) != 1 || rights.Papers[0].Spent {
		return fmt.Errorf("the rights are not one that is unspent: %+v", rights)
	}
	return nil
}

// fill is the browser's cryptography.
func (v *visitor) fill(context.Context) error {
	v.voter = v.place.come(v.browser, v.voters[v.number])
	return v.voter.err
}

// credential gets hers.
func (v *visitor) credential(ctx context.Context) error {
	v.voter.obtain(ctx)
	return v.voter.err
}

// ballot casts hers.
func (v *visitor) ballot(ctx context.Context) error {
	v.voter.cast(ctx)
	return v.voter.err
}

// receipt looks at once what the box has of her ballot.
func (v *visitor) receipt(ctx context.Context) error {
	_, err := v.look(ctx)
	return err
}

// looks a voter takes at most, and the pause after the first, which doubles
// with each: so the page of her receipt looks (frontend/src/receipt/examine.ts,
// pauseAfter) until she leaves it.
const (
	looks     = 4
	firstLook = 3 * time.Second
)

// errNotYet ends a visit whose ballot still waits for its batch, as many a
// real one's does: its proof comes later, and is no fault.
var errNotYet = errors.New("the ballot waits to go into the log")

// proof comes back until her ballot is in the log, and follows the proof to
// the checkpoint. The looks count, and not the time between them: ballots go
// into the log in batches, so that nobody knows whose is whose.
func (v *visitor) proof(ctx context.Context) error {
	for i := range looks {
		r, err := v.look(ctx)
		if err != nil || !r.Waits() {
			return err
		}
		if i == looks-1 || v.hasty { // the cohort's CPU is that of a look, and not of a service that waits
			break
		}
		began := time.Now()
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(firstLook << i):
		}
		v.waited += time.Since(began)
	}
	return errNotYet
}

// look asks the box for her ballot's receipt, without cookie, and checks it.
func (v *visitor) look(ctx context.Context) (box.Receipt, error) {
	var text []byte
	asks := client{http: v.place.box, url: v.URL, failed: v.place.failed.count}
	path := "/box/v1/rounds/" + v.Round + "/receipts/" + fmt.Sprintf("%x", v.voter.commit)
	n, err := asks.insist(ctx, http.MethodGet, path, nil, &text)
	v.failed += n
	if err != nil {
		return box.Receipt{}, err
	}
	r, err := box.ParseReceipt(text)
	if err == nil {
		err = r.Verify(v.place.manifest.LogKey)
	}
	return r, err
}
