package service

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"osbu/domain"
	"osbu/handlers/api"
)

func id(n int64) string { return fmt.Sprint(n) }

// A resident asks while she writes; the district's facilitator reads the draft
// and answers; an e-mail tells of it.
func TestAskingTheFacilitator(t *testing.T) {
	t.Parallel()
	w, box := posting(t)
	aino := w.as(t, person{Name: "Aino Asukas", Email: "aino@example.org", EmailVerified: true})
	eino := w.as(t, person{Name: "Eino Asukas"})
	south, west := w.facilitator(t, "southern"), w.facilitator(t, "western")
	official := w.official(t)
	expert := w.as(t, person{Name: "Erkki Expertti", Roles: []domain.Role{domain.Expert}})
	const enquiries = "/api/v1/rounds/r/enquiries"
	path := aino.draft(bench("Penkki"))
	number := path[strings.LastIndexByte(path, '/')+1:]
	ask := func(c *client, text, more string) api.Enquiry {
		t.Helper()
		var e api.Enquiry
		c.ok("POST", enquiries, []byte(`{"text":"`+text+`","language":"fi"`+more+`}`), &e)
		return e
	}
	draft := ask(aino, "Kuka omistaa rannan?", `,"proposal":`+number)
	blank := ask(aino, "Mistä aloitan?", "")
	ask(eino, "Onko tämä lännessä?", `,"area":"western"`)
	if *draft.Area != "southern" || blank.Area != nil {
		t.Fatalf("%+v %+v", draft, blank)
	}
	seen := func(c *client) (texts []string) {
		t.Helper()
		var all []api.Enquiry
		c.ok("GET", enquiries, nil, &all)
		for _, e := range all {
			texts = append(texts, e.Text)
			if strings.Contains(fmt.Sprint(e), "example.org") {
				t.Errorf("%+v", e)
			}
		}
		return texts
	}
	for name, c := range map[string]struct {
		client *client
		want   []string
	}{
		"south":    {south, []string{"Kuka omistaa rannan?", "Mistä aloitan?"}},
		"west":     {west, []string{"Mistä aloitan?", "Onko tämä lännessä?"}},
		"official": {official, []string{"Kuka omistaa rannan?", "Mistä aloitan?", "Onko tämä lännessä?"}},
	} {
		if got := seen(c.client); !slices.Equal(got, c.want) {
			t.Errorf("%s: %q", name, got)
		}
	}
	var mine []api.Enquiry
	aino.ok("GET", enquiries+"?mine=true", nil, &mine)
	if len(mine) != 2 || mine[0].Id != blank.Id || *mine[1].Draft.Title != "Penkki" {
		t.Errorf("%+v", mine)
	}
	to := func(e api.Enquiry) string { return enquiries + "/" + id(e.Id) + "/answer" }
	yes := api.NewAnswer{Text: "Kaupunki omistaa."}
	for _, c := range []struct {
		name   string
		client *client
		method string
		path   string
		body   any
		status int
		code   string
	}{
		{
			"a visitor asks", w.anonymous(t), "POST", enquiries, []byte(`{"text":"x","language":"fi"}`), 401,
			"sign_in_required",
		},
		{
			"about another's draft", eino, "POST", enquiries, []byte(`{"text":"x","language":"fi","proposal":` + number + `}`),
			404, "not_found",
		},
		{
			"in no area", eino, "POST", enquiries, []byte(`{"text":"x","language":"fi","area":"nowhere"}`), 400,
			"invalid_request",
		},
		{"of spaces", eino, "POST", enquiries, []byte(`{"text":"   ","language":"fi"}`), 400, "invalid_request"},
		{"a resident reads", eino, "GET", enquiries, nil, 403, "not_allowed"},
		{"an expert reads", expert, "GET", enquiries, nil, 403, "not_allowed"},
		{"a visitor reads", w.anonymous(t), "GET", enquiries, nil, 401, "sign_in_required"},
		{"a visitor reads hers", w.anonymous(t), "GET", enquiries + "?mine=true", nil, 401, "sign_in_required"},
		{"a resident answers", eino, "POST", to(draft), yes, 403, "not_allowed"},
		{"another district's answers", west, "POST", to(draft), yes, 403, "not_allowed"},
		{"an expert answers", expert, "POST", to(blank), yes, 403, "not_allowed"},
		{"what nobody asked", south, "POST", enquiries + "/999/answer", yes, 404, "not_found"},
	} {
		if status, code := c.client.do(c.method, c.path, c.body, nil); status != c.status || code != c.code {
			t.Errorf("%s: %d %s, want %d %s", c.name, status, code, c.status, c.code)
		}
	}
	var e api.Enquiry
	south.ok("POST", to(draft), yes, &e)
	if *e.Answer != yes.Text || *e.AnsweredBy != "Stina S." && *e.AnsweredBy != "Stina Stadiluotsi" {
		t.Errorf("%+v", e)
	}
	if status, code := official.post(to(draft), yes, nil); status != http.StatusConflict ||
		code != "proposal_state_forbids" {
		t.Errorf("a second answer: %d %s", status, code)
	}
	emails := w.deliver(t, box)
	if !slices.Equal(subjects(emails), []string{"Stadiluotsi on vastannut sinulle: Penkki"}) ||
		emails[0].To != "aino@example.org" ||
		!strings.Contains(emails[0].Plain, "> Kuka omistaa rannan?") ||
		!strings.Contains(emails[0].Plain, "> Kaupunki omistaa.") {
		t.Errorf("%+v", emails)
	}
	own := ask(south, "Ja minä?", "")
	if status, code := south.post(to(own), yes, nil); status != http.StatusForbidden || code != "not_allowed" {
		t.Errorf("her own: %d %s", status, code)
	}
	west.ok("POST", to(blank), api.NewAnswer{Text: "Kerro, mitä haluat."}, nil)
	if got := subjects(w.deliver(t, box)); !slices.Equal(got, []string{"Stadiluotsi on vastannut sinulle"}) {
		t.Errorf("%q", got)
	}
	if got := seen(south); !slices.Equal(got, []string{"Mistä aloitan?", "Kuka omistaa rannan?"}) &&
		!slices.Equal(got, []string{"Kuka omistaa rannan?", "Mistä aloitan?"}) {
		t.Errorf("after the answers: %q", got)
	}
	for range 8 {
		ask(aino, "Vielä?", "")
	}
	if status, code := aino.post(enquiries, []byte(`{"text":"x","language":"fi"}`),
		nil); status != http.StatusTooManyRequests ||
		code != "too_many_requests" {
		t.Errorf("the eleventh in a day: %d %s", status, code)
	}
	if strings.Contains(w.log.String(), "rannan") {
		t.Errorf("the log knows what people ask:\n%s", w.log)
	}
}
