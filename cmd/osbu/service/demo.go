package service

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"time"

	"osbu/cmd/osbu/demo"
	"osbu/domain"
	"osbu/domain/account"
	"osbu/domain/proposal"
	"osbu/domain/proposal/project"
	"osbu/domain/record"
	"osbu/domain/roll"
	"osbu/domain/round"
)

// dayOf is the moment at which a day begins in the city, some days from the one
// that now lies in.
func (w *services) dayOf(now time.Time, days int) time.Time {
	year, month, day := now.In(w.city.TimeZone).Date()
	return time.Date(year, month, day+days, 0, 0, 0, 0, w.city.TimeZone)
}

// Demo makes two rounds if there is none, one to vote in and the next one to
// propose in, and writes the people who may sign in to a file. It goes the way
// officials, residents and facilitators go, through the services. A round that
// a stopped run left half made is told about, not mended: ./scripts/up --reset
// starts over.
func Demo(ctx context.Context, s Settings, people string) error {
	w, done, err := openServices(ctx, s)
	if err != nil {
		return err
	}
	defer done()
	return w.demo(ctx, s.OIDCIssuer, people)
}

// demo makes the rounds and writes the people's file. Who signs in at the
// issuer later is the same person as here.
func (w *services) demo(ctx context.Context, issuer, file string) error {
	official, err := w.demoActor(
		ctx,
		account.Person{
			Subject:  issuer + " official",
			Name:     "Olavi Virkamies",
			Language: domain.Finnish,
			Roles:    []domain.Role{domain.Official},
		},
	)
	if err != nil {
		return err
	}
	rounds, now, err := w.rounds.List(ctx, official)
	if err != nil {
		return err
	}
	opens := w.dayOf(now, -1)
	for _, r := range rounds {
		if strings.HasPrefix(r.ID, "omastadi-") && r.Phase.Reached(round.Voting) && !r.Rehearsal {
			opens = r.Times.Voting.Opens.In(w.city.TimeZone)
		}
	}
	people := demo.People(opens)
	if len(rounds) == 0 {
		if err := w.demoVote(ctx, official, opens, people); err != nil {
			return fmt.Errorf("demo vote: %w", err)
		}
		if err := w.demoProposals(ctx, issuer, official, now, people); err != nil {
			return fmt.Errorf("demo proposals: %w", err)
		}
	}
	text, err := json.MarshalIndent(people, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(file, append(text, '\n'), 0o600)
}

// demoActor signs somebody in the way the provider's answer does.
func (w *services) demoActor(ctx context.Context, p account.Person) (domain.Actor, error) {
	token, err := w.accounts.SignIn(ctx, p)
	if err != nil {
		return domain.Actor{}, err
	}
	session, err := w.accounts.Enrol(ctx, token)
	if err != nil {
		return domain.Actor{}, err
	}
	return session.Actor, w.accounts.SignOut(ctx, token)
}

func days(from time.Time, opens, closes int) round.Window {
	return round.Window{Opens: from.AddDate(0, 0, opens), Closes: from.AddDate(0, 0, closes)}
}

// demoVote is a round whose vote has been open for a day.
func (w *services) demoVote(ctx context.Context, official domain.Actor, opens time.Time, people []demo.Person) error {
	settings, err := round.Helsinki2026.Settings()
	if err != nil {
		return err
	}
	year := opens.Year()
	r := round.Round{
		ID: fmt.Sprintf("omastadi-%d", year), Name: domain.Text{
			Fi: fmt.Sprintf(
				"OmaStadi %d",
				year,
			), Sv: fmt.Sprintf("OmaStadi %d", year), En: fmt.Sprintf("OmaStadi %d", year),
		},
		Settings: settings.ForRehearsal(), // the voters are made up
		Times: round.Times{
			Proposing: days(opens, -180, -120), Vetting: days(opens, -120, -14),
			Voting: round.Window{Opens: opens, Closes: opens.AddDate(0, 0, 15).Add(20 * time.Hour)},
		},
	}
	if _, err := w.rounds.Create(ctx, official, r); err != nil {
		return err
	}
	list, err := demo.Projects()
	if err != nil {
		return err
	}
	ballot := make([]project.Project, len(list))
	for i, p := range list {
		most := domain.Euros(p.Maximum)
		ballot[i] = project.Project{
			Round: r.ID, Area: p.Area, Theme: p.Theme, Title: p.Title, Description: p.Description,
			Point: p.Point,
			Cost:  proposal.Cost{Minimum: most / 2, Maximum: most, Maintenance: domain.Euros(p.Maintenance)},
		}
	}
	if _, err := w.projects.Import(ctx, official, r.ID, ballot); err != nil {
		return err
	}
	var file strings.Builder
	file.WriteString(demo.RollHeader)
	for _, p := range people {
		file.WriteString(p.RollLine())
	}
	if _, err := w.roll.Import(ctx,
		roll.Import{Round: r.ID, File: strings.NewReader(file.String()), Command: "osbu demo"}); err != nil {
		return err
	}
	for _, step := range []round.Step{round.Propose, round.Vet, round.Freeze, round.Open} {
		if err := w.take(ctx, official, r.ID, step); err != nil {
			return fmt.Errorf("%s: %w", step, err)
		}
	}
	return w.demoEvents(ctx, official, domain.Actor{}, r.ID, opens.AddDate(0, 0, 1), demo.VotingPlaces())
}

// take takes the next step of a made-up round, whatever is odd about it.
func (w *services) take(ctx context.Context, official domain.Actor, id string, step round.Step) error {
	next, err := w.records.Next(ctx, official, id)
	if err != nil {
		return err
	}
	q := record.Request{
		Step: step, Decision: "HEL 2026-000001", Reason: "demo", Version: next.Version, Missing: record.MissingWords[0],
	}
	for _, f := range next.Warnings {
		q.Accepted = append(q.Accepted, f.Code)
	}
	_, err = w.records.Take(ctx, official, id, q)
	return err
}

// demoProposals is the next round, open for proposals, with some in every
// state.
func (w *services) demoProposals(
	ctx context.Context,
	issuer string,
	official domain.Actor,
	now time.Time,
	people []demo.Person,
) error {
	settings, err := round.Helsinki2026.Settings()
	if err != nil {
		return err
	}
	today := w.dayOf(now, 0)
	year := today.Year() + 1
	r := round.Round{
		ID: fmt.Sprintf("omastadi-%d", year), Name: domain.Text{
			Fi: fmt.Sprintf(
				"OmaStadi %d",
				year,
			), Sv: fmt.Sprintf("OmaStadi %d", year), En: fmt.Sprintf("OmaStadi %d", year),
		},
		Settings: settings.ForRehearsal(),
		Times: round.Times{
			Proposing: days(today, -10, 30), Vetting: days(today, -3, 120), Voting: days(today, 150, 165),
		},
	}
	if _, err := w.rounds.Create(ctx, official, r); err != nil {
		return err
	}
	if err := w.take(ctx, official, r.ID, round.Propose); err != nil {
		return err
	}
	actors := map[string]domain.Actor{}
	for _, p := range people {
		claim := func(name string) string { v, _ := p.Claims[name].(string); return v }
		areas, _ := p.Claims["areas"].([]string)
		divisions, _ := p.Claims["divisions"].([]string)
		actor, err := w.demoActor(ctx, account.Person{
			Subject: issuer + " " + p.Sub, IdentityCode: claim("national_id_num"), Name: p.Name,
			Language: domain.Language(claim("locale")),
			Roles: []domain.Role{
				domain.Role(p.Role),
			}, Areas: areas, Divisions: divisions, Municipality: claim("municipality_code"), PostalCode: claim("postal_code"),
			Protected: p.Claims["protected"] == true,
		})
		if err != nil {
			return err
		}
		actors[p.Sub] = actor
	}
	for _, p := range demo.Proposals() {
		if err := w.demoProposal(ctx, r.ID, p, actors); err != nil {
			return fmt.Errorf("%s: %w", p.Title, err)
		}
	}
	if err := w.demoHelp(ctx, official, r.ID); err != nil {
		return err
	}
	return w.demoEvents(ctx, official, actors["aino"], r.ID, today, demo.Meetings())
}

func (w *services) demoProposal(ctx context.Context, id string, p demo.Proposal, actors map[string]domain.Actor) error {
	author := actors[p.Author]
	text := proposal.Text{
		Title:    p.Title,
		What:     p.What,
		Why:      p.Why,
		Area:     p.Area,
		Place:    p.Place,
		Theme:    p.Theme,
		Language: p.Language,
	}
	if p.Latitude != 0 {
		text.Point = &domain.Point{Latitude: p.Latitude, Longitude: p.Longitude}
	}
	v, err := w.proposals.Draft(ctx, author, id, text)
	if err != nil {
		return err
	}
	if v, err = w.proposals.Submit(ctx, author, id, v.ID); err != nil {
		return err
	}
	for _, c := range p.Comments {
		if _, err := w.discussion.Comment(ctx, actors[c.Author], id, v.ID, 0, c.Text, domain.Finnish); err != nil {
			return err
		}
	}
	if p.Then == "submit" {
		return nil
	}
	var facilitator domain.Actor
	for _, a := range actors {
		if a.Facilitates(p.Area) {
			facilitator = a
		}
	}
	if _, err := w.proposals.Take(ctx, facilitator, id, v.ID); err != nil {
		return err
	}
	switch p.Then {
	case "ask":
		_, err = w.proposals.Ask(
			ctx,
			facilitator,
			id,
			v.ID,
			"Hur många dagar om året skulle scenen användas, och vem sköter bokningarna?",
			time.Time{},
		)
	case "reject":
		_, err = w.proposals.Reject(ctx, facilitator, id, v.ID, proposal.NotCityCompetence, domain.Text{
			Fi: "Bussilinjoista päättää Helsingin seudun liikenne, ei kaupunki.",
			Sv: "Busslinjerna bestäms av Helsingforsregionens trafik, inte av staden.",
		})
	case "accept":
		_, err = w.proposals.Accept(ctx, facilitator, id, v.ID, proposal.Cost{
			Minimum: domain.Euros(25_000), Maximum: domain.Euros(40_000), Maintenance: domain.Euros(1_500),
		}, domain.Text{
			Fi: "Penkit voidaan sijoittaa reitille vuoden aikana.", Sv: "Bänkarna kan placeras längs leden inom ett år.",
		})
	}
	return err
}
