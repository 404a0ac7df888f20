package service

import (
	"strings"
	"testing"

	"osbu/domain"
	"osbu/handlers/api"
)

func (w *world) expert(t *testing.T, divisions ...string) *client {
	t.Helper()
	return w.as(
		t,
		person{
			Subject:   "expert " + strings.Join(divisions, " "),
			Name:      "Erkki Expertti",
			Roles:     []domain.Role{domain.Expert},
			Divisions: divisions,
		},
	)
}

// A proposal goes to a division, is forwarded to another one, estimated there,
// and read by everybody without anybody's name.
func TestAnEstimatesWayToItsAuthor(t *testing.T) {
	t.Parallel()
	w, official := proposing(t)
	author := w.as(t, person{Name: "Aino Asukas"})
	south, expert, other := w.facilitator(t, "southern"), w.expert(t, "environment"), w.expert(t, "culture")
	path := author.submitted(bench("Penkki"))
	var p api.Proposal
	author.ok("GET", path, nil, &p)
	var session api.Session
	expert.ok("GET", "/api/v1/session", nil, &session)
	if strings.Join(session.Divisions, " ") != "environment" {
		t.Errorf("%+v", session)
	}
	referral := api.Referral{Proposals: []int64{p.Id}, Division: "environment"}
	away := api.NewEstimates{
		Division: "environment",
		Estimates: []api.NewEstimate{
			{Proposal: p.Id, Competence: api.Forward, Forward: new("culture"), Note: new("Taidetta")},
		},
	}
	done := api.NewEstimates{Division: "culture", Estimates: []api.NewEstimate{{
		Proposal: p.Id, Number: 1, Competence: api.City, Feasibility: new(api.FeasibilityWithChanges),
		Cost: &api.Cost{Minimum: 100_00, Maximum: 200_00, Maintenance: 1_00},
		Reasons: api.Reasons{
			Fi: new("Pienempänä onnistuu."),
			Sv: new("Det går i mindre skala."),
		}, Note: new("Kysy Erkiltä"), Published: true,
	}}}
	refused := func(name string, c *client, address string, body any, status int, code string) {
		t.Helper()
		if s, got := c.post(address, body, nil); s != status || got != code {
			t.Errorf("%s: %d %s, want %d %s", name, s, got, status, code)
		}
	}
	const queue, estimates = "/api/v1/rounds/r/queue", "/api/v1/rounds/r/estimates"
	refused("the author sends", author, queue+"/referral", referral, 403, "not_allowed")
	refused("an expert sends", expert, queue+"/referral", referral, 403, "not_allowed")
	refused("estimated unasked", expert, estimates, away, 403, "not_allowed")
	south.ok("POST", queue+"/referral", referral, nil)
	for name, c := range map[string]*client{
		"author": author, "facilitator": south, "official": official,
		"other division": other,
	} {
		refused(name, c, estimates, away, 403, "not_allowed")
	}
	refused("nobody", w.anonymous(t), estimates, away, 401, "sign_in_required")
	var page api.ProposalPage
	expert.ok("GET", queue+"?division=environment&estimation=waiting", nil, &page)
	if page.Total != 1 || page.Proposals[0].EstimateBy == nil || may(page.Proposals[0]) != "estimate" ||
		page.Proposals[0].Author != "Aino A." {
		t.Errorf("%+v", page)
	}
	if status, code := expert.get(queue+"?division=culture", nil); status != 403 || code != "not_allowed" {
		t.Errorf("another division's queue: %d %s", status, code)
	}
	var given api.EstimatesGiven
	expert.ok("POST", estimates, away, &given)
	other.ok("POST", estimates, done, &given)
	done.Estimates[0].Note = new("Muuta")
	refused("overwritten", other, estimates, done, 409, "edited_meanwhile")
	w.anonymous(t).ok("GET", path, nil, &p)
	if e := p.Estimate; given.Added != 1 || e == nil || e.DivisionName.Fi != "Kulttuuri ja vapaa-aika" || e.By != nil ||
		e.Note != nil ||
		e.Cost.Maximum != 200_00 ||
		p.Division != nil {
		t.Errorf("%+v", p.Estimate)
	}
	var all []api.Estimate
	other.ok("GET", path+"/estimates", nil, &all)
	if len(all) != 2 || *all[0].Forward != "culture" || *all[1].Note != "Kysy Erkiltä" || all[1].By == nil {
		t.Errorf("%+v", all)
	}
	sheetPath := queue + "/sheet?division=culture&format="
	for _, format := range []string{"xlsx", "csv"} {
		var file []byte
		other.ok("GET", sheetPath+format, nil, &file)
		var found api.Examination
		other.ok("POST", estimates+"/import", api.EstimateSheet{Division: "culture", File: file}, &found)
		if rows := found.Rows; len(rows) != 1 || rows[0].Status != api.Unchanged || *rows[0].Proposal != p.Id {
			t.Errorf("%s: %+v", format, rows)
		}
		refused(
			"another division's sheet",
			expert,
			estimates+"/import",
			api.EstimateSheet{Division: "culture", File: file},
			403,
			"not_allowed",
		)
	}
	refused(
		"no sheet",
		other,
		estimates+"/import",
		api.EstimateSheet{Division: "culture", File: []byte("PK\x03\x04")},
		400,
		"sheet_unreadable",
	)
	if status, code := expert.get(sheetPath+"csv", nil); status != 403 || code != "not_allowed" {
		t.Errorf("another division's sheet: %d %s", status, code)
	}
	for name, c := range map[string]*client{"author": author, "the division that forwarded it": expert} {
		if status, code := c.get(path+"/estimates", nil); status != 403 || code != "not_allowed" {
			t.Errorf("%s reads the history: %d %s", name, status, code)
		}
	}
	if log := w.log.String(); strings.Contains(log, "Kysy") || strings.Contains(log, "Pienempänä") {
		t.Error("the log knows what experts wrote")
	}
}
