package play

import (
	"context"
	"fmt"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"slices"
	"time"

	"osbu/domain/ballot"
	"osbu/handlers/api"
)

const (
	area  = "southern" // one that a facilitator of the demo has
	paper = "main"
	theme = "all"
)

// official sets the rehearsal up and takes its steps.
type official struct {
	client
	round string
}

// SignIn goes the way of a browser: to the provider with the hint whom to pick,
// and back with a session, which the client then holds.
func SignIn(ctx context.Context, address, hint string) (*http.Client, error) {
	jar, err := cookiejar.New(nil)
	if err != nil {
		return nil, err
	}
	c := &http.Client{Jar: jar, Timeout: 2 * time.Minute}
	query := url.Values{"login_hint": {hint}, "return_to": {"/"}}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address+"/api/v1/sign-in?"+query.Encode(), nil)
	if err != nil {
		return nil, err
	}
	response, err := c.Do(request)
	if err != nil {
		return nil, fmt.Errorf("sign in: %w", err)
	}
	_ = response.Body.Close()
	if at := response.Request.URL; at.Host != request.URL.Host {
		return nil, fmt.Errorf(
			"sign in: the provider at %s wants a page filled in (status %d): name a demo official with --official",
			at.Host,
			response.StatusCode,
		)
	}
	if response.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("sign in: %s answers %d", response.Request.URL.Path, response.StatusCode)
	}
	return c, nil
}

// enterOffice takes the session up.
func enterOffice(ctx context.Context, address, round string, signedIn *http.Client) (*official, error) {
	o := &official{client: client{url: address, header: http.Header{}, http: signedIn}, round: round}
	var session api.Session
	if _, err := o.insist(ctx, http.MethodGet, "/api/v1/session", nil, &session); err != nil {
		return nil, err
	}
	if !session.SignedIn || !slices.Contains(session.Roles, api.Official) {
		return nil, fmt.Errorf(
			"not signed in as an official (signed in: %v, roles: %v): name a demo official with --official",
			session.SignedIn,
			session.Roles,
		)
	}
	o.header.Set("X-CSRF-Token", session.Csrf)
	return o, nil
}

func form(f ballot.Form) api.Form {
	form := api.Form{Kind: api.FormKind(f.Kind), Min: f.Min, Max: f.Max, Blank: f.Blank}
	if f.Kind == ballot.Points {
		form.Points, form.PointsEach = &f.Points, &f.PointsEach
	}
	return form
}

// found creates the round with the election's settings. Proposals may come
// until it is vetted, and for an hour.
func (o *official) found(ctx context.Context, e *Election, within time.Duration) error {
	now := time.Now().UTC().Truncate(time.Second)
	window := func(from, to time.Duration) api.Window { return api.Window{Opens: now.Add(from), Closes: now.Add(to)} }
	title := short(e.Name, 100)
	rehearsal, name := true, api.Text{Fi: title, Sv: &title}
	_, err := o.insist(ctx, http.MethodPost, "/api/v1/rounds", api.NewRound{
		Id: o.round, Name: name, Rehearsal: &rehearsal,
		Times: api.Times{
			Proposing: window(-4*time.Hour, time.Hour),
			Vetting:   window(-3*time.Hour, -2*time.Hour),
			Voting:    window(-time.Hour, within+24*time.Hour),
		},
		Settings: &api.RoundSettings{
			Areas: []api.Area{{Id: area, Name: name, Pot: e.Pot, Citywide: true, PostalCodes: []string{}}},
			Papers: []api.Paper{{
				Id: paper, Name: name, Areas: []string{area},
				Form: form(e.Form),
			}},
			Rule:         api.Rule{Rule: "greedy"},
			Eligibility:  api.Eligibility{Moment: "voting", Municipalities: []string{}},
			FinalBallots: true, Themes: []api.Theme{{Id: theme, Name: name}},
			Sealing: &api.Sealing{Trustees: 1, Needed: 1}, // the service keeps the key: nobody holds a share of a rehearsal
		},
	}, &api.Round{})
	return err
}

// steps takes one after the other.
func (o *official) steps(ctx context.Context, steps ...api.Step) error {
	for _, step := range steps {
		if err := o.step(ctx, step); err != nil {
			return err
		}
	}
	return nil
}

// place puts the projects on the ballot.
func (o *official) place(ctx context.Context, e *Election) error {
	var projects []api.ImportedProject
	for i, p := range e.Projects {
		number := i + 1
		projects = append(projects, api.ImportedProject{
			Number: &number, Title: api.Text{Fi: short(p.Title, 100)}, Area: area,
			Cost: api.Cost{Minimum: p.Cost, Maximum: p.Cost},
		})
	}
	for chunk := range slices.Chunk(projects, 200) {
		if _, err := o.insist(ctx, http.MethodPost, o.path("/projects/import"), api.ProjectImport{Projects: chunk},
			&[]api.Project{}); err != nil {
			return err
		}
	}
	return nil
}

// issue gives out so many voting codes.
func (o *official) issue(ctx context.Context, voters int) (codes []string, err error) {
	for len(codes) < voters {
		var issued api.Codes
		n := min(voters-len(codes), 5000)
		batch := api.CodesRequest{Count: n, Label: fmt.Sprint("codes ", len(codes))}
		if _, err := o.insist(ctx, http.MethodPost, o.path("/codes"), batch, &issued); err != nil {
			return nil, err
		}
		if len(issued.Codes) != n {
			return nil, fmt.Errorf("%d codes asked for, %d given", n, len(issued.Codes))
		}
		codes = append(codes, issued.Codes...)
	}
	return codes, nil
}

func (o *official) step(ctx context.Context, step api.Step) error {
	var next api.NextStep
	if _, err := o.insist(ctx, http.MethodGet, o.path("/steps"), nil, &next); err != nil {
		return err
	}
	accepted := make([]api.Warning, len(next.Warnings)) // whatever is odd about it: it is made up
	for i, w := range next.Warnings {
		accepted[i] = w.Code
	}
	decision, reason, missing := "rehearsal 1: "+o.round, "rehearsal", "missing"
	_, err := o.insist(
		ctx,
		http.MethodPost,
		o.path("/steps"),
		api.StepRequest{
			Step: step, Version: next.Version, Accepted: &accepted, Decision: &decision, Reason: &reason, Missing: &missing,
		},
		&api.Round{},
	)
	return err
}

func (o *official) path(rest string) string { return "/api/v1/rounds/" + o.round + rest }

// short cuts a text to n characters.
func short(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return string(r[:n])
	}
	return s
}
