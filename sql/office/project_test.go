package office_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"osbu/domain"
	"osbu/domain/proposal"
	"osbu/domain/proposal/project"
	"osbu/domain/round"
	"osbu/sql/office"
)

func ready(number int, title string) project.Project {
	return project.Project{
		Number: number,
		Title:  domain.Text{Fi: title},
		Area:   "western",
		Cost:   proposal.Cost{Maximum: 1000},
	}
}

func numbersOf(projects []project.Project) (out []int) {
	for _, p := range projects {
		out = append(out, p.Number)
	}
	return out
}

// What the production role itself can no longer do from the freeze on, whatever
// the program tries; and what it still must be able to.
func TestTheDatabaseKeepsAFrozenBallot(t *testing.T) {
	t.Parallel()
	v := found(t, "proposing")
	ctx := context.Background()
	v.accepted(t, "Penkki")
	must(v.place(ctx, official, "r", nil))(t)
	rest := v.accepted(t, "Pöytä")
	refused := []string{
		"UPDATE project SET maximum = 1000000",
		"UPDATE project SET minimum = 0",
		"UPDATE project SET maintenance = 0",
		"UPDATE project SET title = '{}'",
		"UPDATE project SET description = '{}'",
		"UPDATE project SET place = '{}'",
		"UPDATE project SET number = 9",
		"UPDATE project SET area = 'western'",
		"UPDATE project SET round = 'other'",
		"DELETE FROM project",
		fmt.Sprintf(
			`INSERT INTO project (round, number, proposal, area, title, description, place, minimum, maximum, maintenance)
			VALUES ('r', 2, %d, 'southern', '{}', '{}', '{}', 0, 1, 0)`,
			rest,
		),
		"UPDATE proposal SET maximum = 1000000 WHERE id = 1",
		"UPDATE proposal SET minimum = 0",
		"UPDATE proposal SET maintenance = 0",
		"UPDATE proposal SET title = 'Pöytä'",
		"UPDATE proposal SET what = 'Pöytä'",
		"UPDATE proposal SET area = 'western'",
		"UPDATE proposal SET author = 2",
		"UPDATE proposal SET answer = '{}'",
		"UPDATE proposal SET round = 'other'",
		"UPDATE proposal SET state = 'accepted' WHERE state = 'on_ballot'",
		"UPDATE proposal SET state = 'withdrawn' WHERE state = 'accepted'",
		"UPDATE proposal SET state = 'on_ballot' WHERE state = 'accepted'",
		"INSERT INTO proposal (round, state, version, author_name, facilitator_name, title, what, why, place, language, " +
			"question, reason, updated_at, words) " +
			"VALUES ('r', 'draft', 1, '', '', '', '', '', '', 'fi', '', '', osbu_now(), '')",
		"TRUNCATE project",
		"ALTER TABLE project DISABLE TRIGGER ALL",
		"DROP TRIGGER proposal_frozen ON proposal",
		"SET session_replication_role = replica",
	}
	if err := v.store.CreateRound(ctx, newRound("other"), entry("other", "create")); err != nil {
		t.Fatal(err)
	}
	goTo(t, v.DB, "r", "vetting", "frozen")
	for _, phase := range []string{"frozen", "voting", "closed", "counted", "confirmed", "delivering", "archived"} {
		v.stage(t, "UPDATE round SET phase = ?, confirm_decision = '§ 2', copies_destroyed = '§ 3' WHERE id = 'r'", phase)
		for _, q := range refused {
			if _, err := v.ExecContext(ctx, q); err == nil {
				t.Errorf("%s: accepted %s", phase, q)
			}
		}
	}
	v.stage(t, "UPDATE round SET phase = 'voting' WHERE id = 'r'")
	for _, q := range []string{
		"UPDATE proposal SET state = 'withdrawn', version = version + 1, updated_at = osbu_now() WHERE id = 1",
	} {
		if _, err := v.ExecContext(ctx, q); err != nil {
			t.Errorf("%s: %v", q, err)
		}
	}
}

func TestTheDatabaseKnowsWhatAProposalIs(t *testing.T) {
	t.Parallel()
	v := found(t, "proposing")
	v.accepted(t, "Penkki")
	for q, constraint := range map[string]string{
		"UPDATE proposal SET minimum = 300":                                                     "proposal_cost",
		"UPDATE proposal SET minimum = -1":                                                      "proposal_cost",
		"UPDATE proposal SET maximum = 0, minimum = 0":                                          "proposal_cost",
		"UPDATE proposal SET maintenance = -1":                                                  "proposal_cost",
		"UPDATE proposal SET maintenance = 9223372036854775807":                                 "proposal_cost",
		"UPDATE proposal SET maintenance = NULL":                                                "proposal_cost",
		"UPDATE proposal SET minimum = NULL, maximum = NULL, maintenance = NULL":                "proposal_costed",
		"UPDATE proposal SET state = 'rejected'":                                                "proposal_reasoned",
		"UPDATE proposal SET state = 'rejected', reason = 'other', answer = '{\"fi\": \"Ei\"}'": "proposal_reasoned",
		"UPDATE proposal SET reason = 'other'":                                                  "proposal_reasoned",
		"UPDATE proposal SET state = 'lost'":                                                    "proposal_state",
		"UPDATE proposal SET state = 'draft'":                                                   "proposal_draft",
		"UPDATE proposal SET submitted_at = NULL":                                               "proposal_submitted",
		"UPDATE proposal SET title = ''":                                                        "proposal_complete",
		"UPDATE proposal SET area = NULL":                                                       "proposal_complete",
		"UPDATE proposal SET area = 'atlantis'":                                                 "proposal_area",
		"UPDATE proposal SET theme = 'war'":                                                     "proposal_theme",
		"UPDATE proposal SET latitude = 60":                                                     "proposal_point",
		"UPDATE proposal SET latitude = 91, longitude = 0":                                      "proposal_latitude",
		"DELETE FROM area WHERE id = 'southern'":                                                "proposal_area",
		"DELETE FROM theme WHERE id = 'parks'":                                                  "proposal_theme",
	} {
		_, err := v.ExecContext(context.Background(), q)
		if err == nil || !strings.Contains(err.Error(), constraint) {
			t.Errorf("%s: %v, want %s", q, err, constraint)
		}
	}
}

// An area or theme that a proposal stands in stays in the settings.
func TestSettingsKeepWhatProposalsReferTo(t *testing.T) {
	t.Parallel()
	v := found(t, "proposing")
	ctx := context.Background()
	must(v.Draft(ctx, aino, "r", bench("Penkki")))(t)
	for _, drop := range []func(*round.Settings){
		func(s *round.Settings) { s.Areas = s.Areas[1:] },
		func(s *round.Settings) { s.Themes = s.Themes[1:] },
	} {
		_, err := v.store.UpdateRound(ctx, "r", func(r *round.Round, _ time.Time) (round.Entry, error) {
			drop(&r.Settings)
			return entry("r", "settings"), nil
		})
		if domain.KindOf(err) != domain.Conflict {
			t.Error(err)
		}
	}
}

// Before the freeze a withdrawal takes the project off the ballot; from then on
// the project keeps its place, and its status stays "withdrawn".
func TestWithdrawnProjects(t *testing.T) {
	t.Parallel()
	v := found(t, "proposing")
	ctx := context.Background()
	early, late, won, lost := v.accepted(t, "A"), v.accepted(t, "B"), v.accepted(t, "C"), v.accepted(t, "D")
	if got := numbersOf(must(v.place(ctx, official, "r", nil))(t)); !slices.Equal(got, []int{1, 2, 3, 4}) {
		t.Fatal(got)
	}
	if p := must(v.Withdraw(ctx, aino, "r", early))(t); p.Project != 0 || p.State != proposal.Withdrawn {
		t.Fatalf("%+v", p)
	}
	goTo(t, v.DB, "r", "vetting", "frozen", "voting")
	v.SetClock(t, whileVoting)
	if p := must(v.Withdraw(ctx, aino, "r", late))(t); p.Project != 2 || p.State != proposal.Withdrawn {
		t.Fatalf("%+v", p)
	}
	projects, err := office.BallotProjects(ctx, v.DB.DB, "r")
	if err != nil || !slices.Equal(numbersOf(projects), []int{2, 3, 4}) || !projects[0].Withdrawn ||
		projects[1].Withdrawn {
		t.Fatalf("%+v %v", projects, err)
	}
	if projects[0].Reserved != 230 {
		t.Errorf("reserved %s", projects[0].Reserved)
	}
	if _, err := v.Withdraw(ctx, aino, "r", late); domain.KindOf(err) != domain.Conflict {
		t.Errorf("withdrawn twice: %v", err)
	}
	goTo(t, v.DB, "r", "closed", "counted")
	if err := office.SettleProjects(ctx, v.DB.DB, "r", map[int]bool{2: true, 3: true}); err != nil {
		t.Fatal(err)
	}
	for id, want := range map[int64]proposal.State{
		early: proposal.Withdrawn, late: proposal.Withdrawn,
		won: proposal.Selected, lost: proposal.NotSelected,
	} {
		if got := must(v.proposals.Get(ctx, anonymous, "r", id))(t); got.State != want {
			t.Errorf("%s is %s, want %s", got.Text.Title, got.State, want)
		}
	}
	versions := must(v.Versions(ctx, anonymous, "r", won))(t)
	if last := versions[len(versions)-1]; last.Action != proposal.ToPublish || last.By != (proposal.Person{}) ||
		last.State != proposal.Selected {
		t.Errorf("%+v", last)
	}
}

func TestAProjectShowsItsFirstDescribedImage(t *testing.T) {
	t.Parallel()
	v := found(t, "proposing")
	ctx := context.Background()
	with := v.accepted(t, "A")
	v.accepted(t, "B")
	for place, alt := range []string{"", "Penkki", "Puu"} {
		if _, err := v.DB.ExecContext(ctx, `INSERT INTO image (id, proposal, place, alt, width, height, by)
			SELECT repeat(?, 26), ?, ?, ?, 30, 20, min(id) FROM account`, string("abc"[place]), with, place+1, alt); err != nil {
			t.Fatal(err)
		}
	}
	projects := must(v.place(ctx, official, "r", nil))(t)
	want := proposal.Image{ID: strings.Repeat("b", 26), Alt: "Penkki", Width: 30, Height: 20}
	if got := projects[0].Image; got == nil || *got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
	if got := projects[1].Image; got != nil {
		t.Errorf("got %+v for a proposal without images", got)
	}
}

func TestUndecided(t *testing.T) {
	t.Parallel()
	v := found(t, "proposing")
	ctx := context.Background()
	v.accepted(t, "Penkki")
	must(v.Draft(ctx, aino, "r", bench("Luonnos")))(t)
	count := func() int {
		n, err := office.UndecidedIn(ctx, v.DB.DB, "r")
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	if n := count(); n != 0 {
		t.Fatalf("%d undecided", n)
	}
	id := must(v.Draft(ctx, aino, "r", bench("Pöytä")))(t).ID
	for _, action := range []string{"submit", "take", "ask"} {
		actor := southern
		if action == "submit" {
			actor = aino
		}
		if err := v.do(ctx, actor, id, action); err != nil {
			t.Fatal(err)
		}
		if n := count(); n != 1 {
			t.Errorf("after %s %d are undecided", action, n)
		}
	}
	if err := v.do(ctx, aino, id, "withdraw"); err != nil || count() != 0 {
		t.Error(err)
	}
}

// All or nothing, and each with a proposal by the city.
func TestImport(t *testing.T) {
	t.Parallel()
	v := found(t)
	ctx := context.Background()
	if _, err := v.projects.Import(ctx, official, "r", []project.Project{ready(1, "A"), ready(1, "B")}); domain.KindOf(
		err,
	) != domain.Invalid {
		t.Fatal(err)
	}
	if p := must(v.projects.Today(ctx, official, "r", ""))(t); len(p.Projects) != 0 {
		t.Fatalf("half an import: %+v", p)
	}
	odd := []string{
		"Pilkku, piste; \"lainaus\" 'hipsu'",
		"🌳🏳️‍🌈",
		"حديقة الأطفال",
		"Rivi\nvaihto",
		"=1+1",
		"\\N",
		strings.Repeat("ä", 300),
	}
	var list []project.Project
	for i, title := range odd {
		list = append(list, ready(100-i, title))
	}
	list[0].Title.Sv, list[0].Description = "Komma, punkt", domain.Text{Fi: "Rivi 1\nRivi 2"}
	projects := must(v.projects.Import(ctx, official, "r", list))(t)
	slices.Reverse(projects) // by number; the list was from the highest
	for i, p := range projects {
		want := list[i].Title
		want.Fi = strings.ReplaceAll(want.Fi, "\n", " ")
		if p.Title != want || p.Number != 100-i {
			t.Errorf("%d %+v, want %+v", p.Number, p.Title, want)
		}
		city := must(v.proposals.Get(ctx, official, "r", p.Proposal))(t)
		if city.State != proposal.OnBallot || city.Author != (proposal.Person{}) || city.Project != p.Number ||
			city.Text.Title != want.Fi ||
			city.Mine {
			t.Errorf("%+v", city)
		}
		if versions := must(v.Versions(ctx, official, "r", p.Proposal))(t); len(versions) != 1 ||
			versions[0].Action != proposal.ToImport ||
			versions[0].By.ID != official.ID {
			t.Errorf("%+v", versions)
		}
	}
	if projects[0].Description.Fi != "Rivi 1\nRivi 2" {
		t.Errorf("%+v", projects[0])
	}
	if _, err := v.projects.Import(ctx, official, "r",
		[]project.Project{ready(0, strings.Repeat("ä", 301))}); domain.KindOf(
		err,
	) != domain.Invalid {
		t.Error(err)
	}
	if _, err := v.projects.Import(ctx, official, "r", []project.Project{ready(0, "C"), ready(100, "D")}); domain.KindOf(
		err,
	) != domain.Invalid {
		t.Error(err)
	}
	if got := numbersOf(must(v.projects.Import(ctx, official, "r",
		[]project.Project{ready(0, "C")}))(t)); got[len(got)-1] != 101 {
		t.Errorf("%v", got)
	}
	if err := v.projects.Remove(ctx, official, "r", 101, v.ballot(ctx)); err != nil {
		t.Error(err)
	}
	if got := numbersOf(must(v.place(ctx, official, "r", nil))(t)); got[len(got)-1] != 101 {
		t.Errorf("%v", got)
	}
}

// Officials who place and import at the same time never give a number twice.
func TestRaceForNumbers(t *testing.T) {
	t.Parallel()
	v := found(t)
	ctx := context.Background()
	var wg sync.WaitGroup
	for i := range 6 {
		wg.Go(func() {
			if _, err := v.projects.Import(ctx, official, "r",
				[]project.Project{ready(0, fmt.Sprint(i, "a")), ready(0, fmt.Sprint(i, "b"))}); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	projects, err := v.store.Projects(ctx, "r", "")
	if err != nil || !slices.Equal(numbersOf(projects), []int{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}) {
		t.Fatalf("%v %v", numbersOf(projects), err)
	}
}

// A freeze waits for what is under way, and what comes after it is refused.
func TestRaceWithTheFreeze(t *testing.T) {
	t.Parallel()
	v := found(t, "proposing", "vetting")
	ctx := context.Background()
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			_, err := v.projects.Import(ctx, official, "r", []project.Project{ready(0, fmt.Sprint(i))})
			if err != nil && domain.KindOf(err) != domain.Closed {
				t.Error(err)
			}
		})
	}
	var frozen []project.Project
	wg.Go(func() {
		_, err := v.store.UpdateRound(ctx, "r", func(r *round.Round, _ time.Time) (round.Entry, error) {
			r.Phase, r.FreezeDecision = round.Frozen, "§ 1"
			return entry("r", "freeze"), nil
		})
		if err != nil {
			t.Error(err)
			return
		}
		if frozen, err = v.store.Projects(ctx, "r", ""); err != nil {
			t.Error(err)
		}
	})
	wg.Wait()
	after, err := v.store.Projects(ctx, "r", "")
	if err != nil || !slices.Equal(numbersOf(frozen), numbersOf(after)) {
		t.Fatalf("frozen %v, later %v, %v", numbersOf(frozen), numbersOf(after), err)
	}
}

// The frozen text is a copy: nothing done to the proposal before moves it, and
// numbering anew keeps each project's content.
func TestPlacedTextStandsStill(t *testing.T) {
	t.Parallel()
	v := found(t, "proposing")
	ctx := context.Background()
	for _, title := range []string{"Öljy", "Ämpäri", "Auto"} {
		v.accepted(t, title)
	}
	must(v.place(ctx, official, "r", nil))(t)
	v.stage(t, "UPDATE proposal SET title = 'moved', what = 'moved', maximum = 999")
	projects := must(v.Number(ctx, official, "r", v.ballot(ctx)))(t)
	for i, want := range []string{"Auto", "Ämpäri", "Öljy"} {
		if p := projects[i]; p.Number != i+1 || p.Title.Fi != want || p.Description.Fi != "Penkki rantaan" ||
			p.Cost.Maximum != 200 {
			t.Errorf("%+v", p)
		}
	}
}

// A project is shown and found in each of the languages that it has, in the
// list of proposals as on the ballot, and costs the same in both.
func TestTheListKnowsTheBallotsWords(t *testing.T) {
	t.Parallel()
	v := found(t, "proposing")
	ctx := context.Background()
	dogs := ready(1, "Koirapuisto Haagaan")
	dogs.Title.Sv, dogs.Title.En = "En hundpark i Haga", "A dog park in Haaga"
	dogs.Description = domain.Text{Fi: "Aidattu puisto.", Sv: "En inhägnad park.", En: "A fenced park."}
	dogs.Cost = proposal.Cost{Minimum: 100, Maximum: 1000, Maintenance: 50}
	must(v.projects.Import(ctx, official, "r", []project.Project{dogs}))(t)
	id := v.accepted(t, "Penkki")
	must(v.place(ctx, official, "r", []int64{id}))(t)
	read := must(v.proposals.Get(ctx, official, "r", id))(t)
	must(v.Translate(ctx, southern, "r", id, read.Version,
		proposal.Translation{Language: domain.Swedish, Words: proposal.Words{Title: "En bänk", What: "Att sitta på", Place: "Vid stranden"}}))(t)
	for words, want := range map[string]string{
		"koirapuistoja": "Koirapuisto Haagaan", "hundar": "Koirapuisto Haagaan", "hundparken": "Koirapuisto Haagaan",
		"dog": "Koirapuisto Haagaan", "fenced": "Koirapuisto Haagaan", "inhägnad": "Koirapuisto Haagaan",
		"hundprk": "Koirapuisto Haagaan",
		"bänkar":  "Penkki", "stranden": "Penkki",
	} {
		page := must(v.proposals.List(ctx, anonymous, "r", proposal.List{Words: words, Limit: 30}, ""))(t)
		if got := titles(page.Proposals); got != want {
			t.Errorf("%q finds %q, want %q", words, got, want)
		}
	}
	projects := must(v.projects.Today(ctx, anonymous, "r", ""))(t).Projects
	for _, p := range projects {
		same := must(v.proposals.Get(ctx, anonymous, "r", p.Proposal))(t)
		if same.Listing != p.Listing() || same.Reserved != p.Reserved {
			t.Errorf("the list says %+v for %d, the ballot %+v for %d", same.Listing, same.Reserved, p.Listing(), p.Reserved)
		}
		if p.Proposal == id && p.Place.Sv != "Vid stranden" {
			t.Errorf("place: got %+v", p.Place)
		}
	}
}

func TestOfficialStepsAreAudited(t *testing.T) {
	t.Parallel()
	v := found(t, "proposing")
	ctx := context.Background()
	v.accepted(t, "Penkki")
	must(v.place(ctx, official, "r", nil))(t)
	must(v.projects.Import(ctx, official, "r", []project.Project{ready(7, "Valmis")}))(t)
	must(v.Number(ctx, official, "r", v.ballot(ctx)))(t)
	if err := v.projects.Remove(ctx, official, "r", 1, v.ballot(ctx)); err != nil {
		t.Fatal(err)
	}
	id := must(v.Draft(ctx, aino, "r", bench("Pöytä")))(t).ID
	for _, step := range []struct {
		actor  domain.Actor
		action string
	}{{aino, "submit"}, {southern, "take"}, {southern, "reject"}} {
		if err := v.do(ctx, step.actor, id, step.action); err != nil {
			t.Fatal(err)
		}
	}
	log := oldestFirst(t, v.store, "r", 0)[1:]
	var got []string
	for _, e := range log {
		got = append(got, fmt.Sprint(e.Actor, " ", e.Action, " ", e.Reason, " ", e.Details))
	}
	want := []string{
		`facilitator 3 accept  {"maintenance":30,"maximum":200,"minimum":100,"proposal":1}`,
		`official 6 place  {"changes":[{"field":"ballot.1","from":null,"to":1}]}`,
		`official 6 import  {"changes":[{"field":"ballot.7","from":null,"to":0}]}`,
		`official 6 number  {"changes":[{"field":"ballot.2","from":null,"to":2},{"field":"ballot.7","from":2,"to":null}]}`,
		`official 6 remove  {"changes":[{"field":"ballot.1","from":1,"to":null}]}`,
		`facilitator 3 reject not_feasible {"proposal":3}`,
	}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	for name, one := range map[string]struct {
		round.AuditFilter

		want string
	}{
		"all":         {round.AuditFilter{}, "reject remove number import place accept create"},
		"a person":    {round.AuditFilter{Actor: "facilitator 3"}, "reject accept"},
		"nobody":      {round.AuditFilter{Actor: "official 7"}, ""},
		"an action":   {round.AuditFilter{Action: "number"}, "number"},
		"a proposal":  {round.AuditFilter{Proposal: 1}, "remove place accept"},
		"the ballot":  {round.AuditFilter{Part: "ballot"}, "remove number import place"},
		"both":        {round.AuditFilter{Part: "ballot", Proposal: 2}, "number"},
		"what is old": {round.AuditFilter{Before: 3}, "accept create"},
	} {
		var actions []string
		for _, e := range must(v.store.Audit(ctx, "r", one.AuditFilter))(t) {
			actions = append(actions, e.Action)
		}
		if got := strings.Join(actions, " "); got != one.want {
			t.Errorf("%s: got %q, want %q", name, got, one.want)
		}
	}
	choices := must(v.store.AuditChoices(ctx, "r"))(t)
	if got, want := fmt.Sprint(choices.Actions), "[accept create import number place reject remove]"; got != want {
		t.Errorf("got the actions %s, want %s", got, want)
	}
	if !slices.Contains(choices.Parts, "ballot") || len(choices.Actors) < 2 {
		t.Errorf("got %+v", choices)
	}
}

// Lists of proposals are found by each of them, in whatever shape they stand.
func TestTheLogIsFoundByProposal(t *testing.T) {
	t.Parallel()
	v := found(t, "proposing")
	ctx := context.Background()
	for _, details := range []string{
		`{"proposals":[4,5]}`, `{"proposals":{"joined":[5],"left":[6]}}`, `{"proposals":5}`, `{"proposal":5,"comment":6}`,
	} {
		if err := v.store.Note(ctx, round.Entry{Round: "r", Actor: "x", Action: "y", Details: details}); err != nil {
			t.Fatal(err)
		}
	}
	for id, want := range map[int64]int{4: 1, 5: 3, 6: 1, 7: 0} {
		if log := must(v.store.Audit(ctx, "r", round.AuditFilter{Proposal: id}))(t); len(log) != want {
			t.Errorf("proposal %d: got %d entries, want %d", id, len(log), want)
		}
	}
}

// ballot is the version of the ballot as it is now.
func (v village) ballot(ctx context.Context) string {
	_, version, err := v.projects.Ballot(ctx, official, "r")
	if err != nil {
		panic(err)
	}
	return version
}

// Whoever takes number 2 off means the project that she saw under it, not the
// one that a colleague's numbering put there.
func TestNobodyChangesABallotUnseen(t *testing.T) {
	t.Parallel()
	v := found(t, "proposing")
	ctx := context.Background()
	must(v.projects.Import(ctx, official, "r", []project.Project{ready(1, "Ängi"), ready(2, "Penkki")}))(t)
	seen := v.ballot(ctx)
	must(v.Number(ctx, official, "r", seen))(t)
	for name, err := range map[string]error{
		"remove": v.projects.Remove(ctx, official, "r", 2, seen),
		"number": func() error { _, err := v.Number(ctx, official, "r", seen); return err }(),
	} {
		if domain.CodeOf(err) != domain.CodeEdited {
			t.Errorf("%s: got %v, want %s", name, err, domain.CodeEdited)
		}
	}
	projects, version, err := v.projects.Ballot(ctx, official, "r")
	if err != nil || len(projects) != 2 || projects[0].Title.Fi != "Penkki" {
		t.Fatalf("%+v, %v", projects, err)
	}
	if err := v.projects.Remove(ctx, official, "r", 2, version); err != nil {
		t.Error(err)
	}
	for _, a := range actors {
		if _, _, err := v.projects.Ballot(ctx, a.actor, "r"); (err == nil) != (a.name == "official") {
			t.Errorf("%s reads the ballot to change: %v", a.name, err)
		}
	}
}

// place puts proposals on the ballot as it is now.
func (v village) place(ctx context.Context, actor domain.Actor, id string, ids []int64) ([]project.Project, error) {
	_, version, err := v.Ballot(ctx, official, id)
	if err != nil {
		version = "none"
	}
	return v.Place(ctx, actor, id, ids, version)
}

// Nobody puts projects on a ballot that she has not seen.
func TestPlacingOverAColleague(t *testing.T) {
	v := found(t, "proposing")
	ctx := context.Background()
	a, b := v.accepted(t, "Penkki"), v.accepted(t, "Puu")
	_, seen, err := v.Ballot(ctx, official, "r")
	if err != nil {
		t.Fatal(err)
	}
	must(v.Place(ctx, official, "r", []int64{a}, seen))(t)
	if _, err := v.Place(ctx, official, "r", []int64{b}, seen); domain.CodeOf(err) != domain.CodeEdited {
		t.Errorf("got %v, want %s", err, domain.CodeEdited)
	}
	if got := numbersOf(must(v.place(ctx, official, "r", []int64{b}))(t)); !slices.Equal(got, []int{1, 2}) {
		t.Errorf("got %v, want both", got)
	}
}
