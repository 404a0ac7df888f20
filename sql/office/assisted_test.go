package office_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"osbu/domain"
	"osbu/domain/proposal"
	"osbu/domain/proposal/assisted"
	"osbu/domain/sheet"
	"osbu/sql/office"
)

var agreed = proposal.Consent{How: proposal.Spoken, On: time.Date(2026, 1, 9, 0, 0, 0, 0, time.UTC)}

func told(title string) assisted.Form {
	return assisted.Form{Text: bench(title), Channel: proposal.Phone, Consent: agreed, Name: "Helvi, 91"}
}

// entered gives a proposal told by phone, submitted, and its code.
func (v village) entered(t *testing.T, title string) (proposal.View, string) {
	t.Helper()
	p, code, err := v.Enter(context.Background(), southern, "r", told(title), "", true)
	if err != nil {
		t.Fatal(err)
	}
	return p, code
}

func TestEnteringForSomebody(t *testing.T) {
	t.Parallel()
	v := found(t, "proposing")
	ctx := context.Background()
	v.seated(t)
	text := func(change func(*assisted.Form)) assisted.Form {
		one := told("Penkki")
		change(&one)
		return one
	}
	for name, c := range map[string]struct {
		actor  domain.Actor
		told   assisted.Form
		submit bool
		want   string
	}{
		"nobody":           {anonymous, told("Penkki"), true, "unauthenticated"},
		"a resident":       {aino, told("Penkki"), true, "forbidden"},
		"an expert":        {expert, told("Penkki"), true, "forbidden"},
		"an official":      {official, told("Penkki"), true, "forbidden"},
		"another district": {western, told("Penkki"), true, "forbidden"},
		"no area":          {southern, text(func(one *assisted.Form) { one.Text.Area = "" }), false, "text.area required"},
		"no consent": {
			southern, text(func(one *assisted.Form) { one.Consent = proposal.Consent{} }), true,
			"consent required",
		},
		"a day only": {southern, text(func(one *assisted.Form) { one.Consent.How = "" }), false, "consent required"},
		"no day": {
			southern, text(func(one *assisted.Form) { one.Consent.On = time.Time{} }), false,
			"given_on required",
		},
		"consent tomorrow": {
			southern, text(func(one *assisted.Form) { one.Consent.On = agreed.On.AddDate(0, 0, 2) }),
			true, "given_on too_large",
		},
		"consent long ago": {
			southern, text(func(one *assisted.Form) { one.Consent.On = agreed.On.AddDate(-2, 0, 0) }),
			true, "given_on too_small",
		},
		"consent by a nod": {
			southern, text(func(one *assisted.Form) { one.Consent.How = "nod" }), true,
			"consent unknown",
		},
		"online": {
			southern, text(func(one *assisted.Form) { one.Channel = proposal.Online }), true,
			"channel unknown",
		},
		"half a text": {southern, text(func(one *assisted.Form) { one.Text.What = "" }), true, "text.what required"},
		"too long a name": {
			southern, text(func(one *assisted.Form) { one.Name = strings.Repeat("a", 81) }), true,
			"name too_long",
		},
		"an area of no round": {
			domain.Actor{ID: 3, Roles: southern.Roles, Areas: []string{"atlantis"}},
			text(func(one *assisted.Form) { one.Text.Area = "atlantis" }), true, "text.area unknown",
		},
	} {
		_, code, err := v.Enter(ctx, c.actor, "r", c.told, "", c.submit)
		e, _ := errors.AsType[*domain.Error](err)
		got := string(domain.KindOf(err))
		if e != nil && len(e.Fields) == 1 {
			got = e.Fields[0].Path + " " + e.Fields[0].Code
		}
		if err == nil || got != c.want || code != "" {
			t.Errorf("%s: %v", name, err)
		}
	}
	p, code := v.entered(t, "Penkki")
	if p.State != proposal.Submitted || p.Author != (proposal.Person{Name: "Helvi, 91"}) ||
		p.Channel != proposal.Phone ||
		p.Assistance.By.ID != southern.ID ||
		p.Facilitator.ID == 0 ||
		len(code) != 14 {
		t.Errorf("%+v %q", p, code)
	}
	seen := must(v.proposals.Get(ctx, eino, "r", p.ID))(t)
	if seen.Assistance.Consent != (proposal.Consent{}) || seen.Assistance.By.Name != southern.Name || len(seen.May) != 0 {
		t.Errorf("a neighbour sees %+v", seen)
	}
	for _, reader := range []domain.Actor{colleague, official} {
		if seen := must(v.proposals.Get(ctx, reader, "r", p.ID))(t); seen.Assistance.Consent != agreed {
			t.Errorf("%s sees %+v", reader.Name, seen.Assistance)
		}
	}
	v.SetClock(t, afterProposing)
	if _, _, err := v.Enter(ctx, southern, "r", told("Myöhässä"), "", true); domain.KindOf(err) != domain.Closed {
		t.Error(err)
	}
}

// A draft without consent is its facilitators' alone, and is not submitted
// without it.
func TestDraftsForSomebody(t *testing.T) {
	t.Parallel()
	v := found(t, "proposing")
	ctx := context.Background()
	v.seated(t)
	one := told("Penkki")
	one.Consent = proposal.Consent{}
	p, _, err := v.Enter(ctx, southern, "r", one, "", false)
	if err != nil || p.State != proposal.Draft {
		t.Fatalf("%+v %v", p, err)
	}
	for _, a := range []domain.Actor{anonymous, aino, western, official, expert} {
		if _, err := v.proposals.Get(ctx, a, "r", p.ID); domain.KindOf(err) != domain.NotFound {
			t.Errorf("%s sees the draft: %v", a.Name, err)
		}
		if _, err := v.Amend(ctx, a, "r", p.ID, 1, told("Muu"), "x"); domain.KindOf(err) != domain.NotFound {
			t.Errorf("%s amends the draft: %v", a.Name, err)
		}
	}
	if _, err := v.Submit(ctx, colleague, "r", p.ID); domain.KindOf(err) != domain.Invalid {
		t.Errorf("submitted without consent: %v", err)
	}
	elsewhere := told("Penkki")
	elsewhere.Text.Area = "western"
	if _, err := v.Amend(ctx, colleague, "r", p.ID, 1, elsewhere, ""); domain.KindOf(err) != domain.Forbidden {
		t.Errorf("moved into another's district: %v", err)
	}
	if _, err := v.Amend(ctx, colleague, "r", p.ID, 7, told("Penkki"), ""); domain.CodeOf(err) != domain.CodeEdited {
		t.Error(err)
	}
	amended := must(v.Amend(ctx, colleague, "r", p.ID, 1, told("Penkki ja pöytä"), ""))(t)
	if amended.Text.Title != "Penkki ja pöytä" || amended.Assistance.Consent != agreed || amended.Version != 2 {
		t.Errorf("%+v", amended)
	}
	page := must(v.assisteds.List(ctx, southern, "r", 0, 10))(t)
	if len(page.Proposals) != 1 || page.Total != 1 {
		t.Errorf("%+v", page)
	}
	for actor, want := range map[*domain.Actor]domain.Kind{
		&anonymous: domain.Unauthenticated, &aino: domain.Forbidden,
		&official: domain.Forbidden,
	} {
		if _, err := v.assisteds.List(ctx, *actor, "r", 0, 10); domain.KindOf(err) != want {
			t.Error(err)
		}
	}
	if page := must(v.assisteds.List(ctx, western, "r", 0, 10))(t); len(page.Proposals) != 0 {
		t.Error("another district's drafts are listed")
	}
	if p := must(v.Submit(ctx, southern, "r", p.ID))(t); p.State != proposal.Submitted || p.Facilitator.ID == 0 {
		t.Errorf("%+v", p)
	}
	if _, err := v.Amend(ctx, southern, "r", p.ID, 3, told("Penkki"), " "); domain.KindOf(err) != domain.Invalid {
		t.Errorf("changed in public without a reason: %v", err)
	}
	withdrawn := told("Penkki")
	withdrawn.Consent = proposal.Consent{}
	if _, err := v.Amend(ctx, southern, "r", p.ID, 3, withdrawn, "x"); domain.KindOf(err) != domain.Invalid {
		t.Errorf("the consent went: %v", err)
	}
	must(v.Amend(ctx, southern, "r", p.ID, 3, told("Penkki, pöytä ja varjo"), "Helvi soitti uudelleen"))(t)
	history := must(v.Versions(ctx, southern, "r", p.ID))(t)
	if last := history[len(history)-1]; last.Action != proposal.ToEdit || last.By.ID != southern.ID ||
		last.Reason != "Helvi soitti uudelleen" {
		t.Errorf("%+v", last)
	}
	public := must(v.Versions(ctx, eino, "r", p.ID))(t)
	if last := public[len(public)-1]; last.Reason != "" {
		t.Errorf("neighbours read %q", last.Reason)
	}
	must(v.Take(ctx, southern, "r", p.ID))(t)
	if _, err := v.Amend(ctx, southern, "r", p.ID, 5, told("x"), "x"); domain.KindOf(err) != domain.Conflict {
		t.Errorf("during the evaluation: %v", err)
	}
}

// The database itself keeps what was told from being submitted without consent.
func TestNoSubmissionWithoutConsent(t *testing.T) {
	t.Parallel()
	v := found(t, "proposing")
	one := told("Penkki")
	one.Consent = proposal.Consent{}
	p, _, err := v.Enter(context.Background(), southern, "r", one, "", false)
	if err != nil {
		t.Fatal(err)
	}
	_, err = v.DB.ExecContext(
		context.Background(),
		"UPDATE proposal SET state = 'submitted', submitted_at = osbu_now() WHERE id = ?",
		p.ID,
	)
	if err == nil || !strings.Contains(err.Error(), "consented") {
		t.Error(err)
	}
}

func TestClaiming(t *testing.T) {
	t.Parallel()
	v := found(t, "proposing")
	ctx := context.Background()
	v.seated(t)
	p, code := v.entered(t, "Penkki")
	other, otherCode := v.entered(t, "Pöytä")
	if err := v.store.CreateRound(ctx, newRound("s"), entry("s", "create")); err != nil {
		t.Fatal(err)
	}
	goTo(t, v.DB, "s", "proposing")
	for name, c := range map[string]struct {
		actor domain.Actor
		round string
		code  string
		want  domain.Code
	}{
		"nobody":             {anonymous, "r", code, domain.CodeSignIn},
		"no code":            {aino, "r", "", assisted.CodeClaim},
		"half a code":        {aino, "r", code[:9], assisted.CodeClaim},
		"a guessed one":      {aino, "r", "0000-0000-0000", assisted.CodeClaim},
		"another round":      {aino, "s", code, assisted.CodeClaim},
		"a round of nowhere": {aino, "nowhere", code, domain.CodeNotFound},
		"who entered it":     {southern, "r", code, domain.CodeNotAllowed},
	} {
		if _, err := v.Claim(ctx, c.actor, c.round, c.code); domain.CodeOf(err) != c.want {
			t.Errorf("%s: %v", name, err)
		}
	}
	typed := strings.ToLower(strings.ReplaceAll(strings.ReplaceAll(code, "-", " "), "0", "o"))
	mine := must(v.Claim(ctx, aino, "r", typed))(t)
	if !mine.Mine || mine.Author != (proposal.Person{ID: aino.ID, Name: aino.Name}) || !mine.Assistance.Claimed ||
		mine.Version != 2 {
		t.Errorf("%+v", mine)
	}
	if again := must(v.Claim(ctx, aino, "r", code))(t); again.Version != 2 {
		t.Errorf("claimed twice: %+v", again)
	}
	if _, err := v.Claim(ctx, eino, "r", code); domain.CodeOf(err) != assisted.CodeClaimed {
		t.Errorf("claimed by another: %v", err)
	}
	if _, err := v.Amend(ctx, southern, "r", p.ID, 2, told("x"), "x"); domain.KindOf(err) != domain.Forbidden {
		t.Errorf("amended after the claim: %v", err)
	}
	if _, _, err := v.Reissue(ctx, southern, "r", p.ID, ""); domain.KindOf(err) != domain.Forbidden {
		t.Errorf("another code after the claim: %v", err)
	}
	edited := must(v.Edit(ctx, aino, "r", p.ID, 2, bench("Penkki ja varjo"), nil))(t)
	if history := must(v.Versions(ctx, aino, "r", p.ID))(t); history[1].Action != proposal.ToClaim ||
		edited.Version != 3 {
		t.Errorf("%+v", history)
	}
	if list := must(v.proposals.List(ctx, aino, "r", proposal.List{Limit: 10},
		proposal.Mine))(t); len(list.Proposals) != 1 {
		t.Errorf("%+v", list)
	}

	for _, a := range []domain.Actor{anonymous, aino, western, official, expert} {
		if _, _, err := v.Reissue(ctx, a, "r", other.ID, ""); err == nil {
			t.Errorf("%s has a code made", a.Name)
		}
	}
	_, newer, err := v.Reissue(ctx, colleague, "r", other.ID, "")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := v.Claim(ctx, eino, "r", otherCode); domain.CodeOf(err) != assisted.CodeClaim {
		t.Errorf("the void code works: %v", err)
	}
	must(v.Withdraw(ctx, southern, "r", other.ID))(t)
	if _, err := v.Claim(ctx, eino, "r", newer); domain.CodeOf(err) != proposal.CodeState {
		t.Errorf("claimed though withdrawn: %v", err)
	}
	late, lateCode := v.entered(t, "Silta")
	v.stage(t, "UPDATE round SET phase = 'frozen', freeze_decision = '§ 1' WHERE id = 'r'")
	if _, err := v.Claim(ctx, eino, "r", lateCode); domain.KindOf(err) != domain.Closed {
		t.Errorf("claimed after the freeze: %v", err)
	}
	if _, _, err := v.Reissue(ctx, southern, "r", late.ID, ""); domain.KindOf(err) != domain.Closed {
		t.Errorf("a code after the freeze: %v", err)
	}
}

// Of a code the tables hold its keyed hash alone.
func TestCodesAreNotKept(t *testing.T) {
	t.Parallel()
	v := found(t, "proposing")
	_, code := v.entered(t, "Penkki")
	var dump string
	if err := v.Owner.QueryRowContext(context.Background(), "SELECT (SELECT jsonb_agg(b) FROM assisted b)::text || "+
		"(SELECT jsonb_agg(v) FROM proposal_version v)::text").Scan(&dump); err != nil {
		t.Fatal(err)
	}
	if plain := strings.ReplaceAll(code, "-", ""); strings.Contains(dump, code) || strings.Contains(dump, plain) ||
		!strings.Contains(dump, "Penkki") {
		t.Error(dump)
	}
}

// Two who claim with one letter: one is the author, the other hears of it.
func TestRaceOfClaims(t *testing.T) {
	t.Parallel()
	v := found(t, "proposing")
	_, code := v.entered(t, "Penkki")
	var errs [2]error
	var both sync.WaitGroup
	for i, a := range []domain.Actor{aino, eino} {
		both.Go(func() { _, errs[i] = v.Claim(context.Background(), a, "r", code) })
	}
	both.Wait()
	first, second := errs[0], errs[1]
	if first != nil {
		first, second = second, first
	}
	if first != nil || domain.CodeOf(second) != assisted.CodeClaimed {
		t.Error(errs)
	}
}

// paper is a sheet for the import: a head, and rows.
func paper(rows ...string) []byte {
	return []byte(
		"Otsikko;Mitä ehdotetaan;Alue;Teema;Miten suostumus annettiin;Suostumuksen päivä;Ehdottajan nimi, jos sen saa " +
			"näyttää\n" + strings.Join(
			rows,
			"\n",
		) + "\n",
	)
}

const (
	benchRow = "Penkki;Penkki rantaan;southern;parks;kirjallisesti;9.1.2026;Helvi"
	tableRow = "Pöytä;Pöytä pihaan;southern;parks;written;2026-01-09;"
)

func rowStatuses(r assisted.ImportReport) string {
	var words []string
	for _, row := range r.Rows {
		word := fmt.Sprintf("%d %s", row.Line, row.Status)
		for _, f := range row.Faults {
			word += fmt.Sprintf(" %s:%s", f.Column, f.Code)
		}
		words = append(words, word)
	}
	return strings.Join(words, ", ")
}

func TestImportingPaperProposals(t *testing.T) {
	t.Parallel()
	v := found(t, "proposing")
	ctx := context.Background()
	v.seated(t)
	read := func(actor domain.Actor, file []byte, confirm assisted.Confirm) (assisted.ImportReport, error) {
		return v.assisteds.Import(ctx, actor, "r", file, confirm)
	}
	count := func() (n int) {
		if err := v.Owner.QueryRowContext(ctx, "SELECT count(*) FROM proposal").Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	bad := paper(
		benchRow,
		"Suihku;;western;parks;nyökkäys;31.2.2026;",
		"Silta;Silta yli;central;lakes;;1.1.2024;",
		benchRow,
	)
	for _, confirm := range []assisted.Confirm{assisted.Try, assisted.All} {
		report, err := read(southern, bad, confirm)
		want := "2 made, 3 faulty C:not_allowed E:unknown F:bad_format B:required, 4 faulty D:unknown E:required " +
			"F:too_small, 5 faulty A:duplicate"
		if err != nil || rowStatuses(report) != want || report.Done || count() != 0 {
			t.Errorf("%s %v", rowStatuses(report), err)
		}
	}
	good := paper(benchRow, "", tableRow)
	report := must(read(southern, good, assisted.Try))(t)
	if rowStatuses(report) != "2 made, 4 made" || report.Rows[0].Code != "" || report.Done || count() != 0 {
		t.Errorf("the dry run: %+v", report)
	}
	report = must(read(southern, good, assisted.All))(t)
	if rowStatuses(report) != "2 made, 4 made" || !report.Done || count() != 2 {
		t.Fatalf("%+v", report)
	}
	p := must(v.proposals.Get(ctx, southern, "r", report.Rows[0].Proposal))(t)
	if p.Channel != proposal.Paper || p.State != proposal.Submitted || p.Author.Name != "Helvi" ||
		p.Assistance.Consent.How != proposal.Written ||
		p.Facilitator.ID == 0 {
		t.Errorf("%+v", p)
	}
	if claimed := must(v.Claim(ctx, aino, "r", report.Rows[0].Code))(t); claimed.ID != p.ID {
		t.Errorf("the first row's code leads to %d", claimed.ID)
	}
	again := must(read(southern, good, assisted.All))(t)
	if rowStatuses(again) != "2 known, 4 known" || again.Rows[1].Proposal != report.Rows[1].Proposal ||
		again.Rows[0].Code != "" ||
		count() != 2 {
		t.Errorf("the same file again: %+v", again)
	}
	more := must(read(southern, paper(tableRow, "Penkki;Toinen;southern;parks;suullisesti;9.1.2026;"), assisted.All))(t)
	if rowStatuses(more) != "2 known, 3 made" || count() != 3 || more.Rows[1].Like == nil ||
		more.Rows[1].Like.Title != "Penkki" {
		t.Errorf("%s %+v", rowStatuses(more), more.Rows[1].Like)
	}
	for name, c := range map[string]struct {
		actor domain.Actor
		file  []byte
		want  string
	}{
		"nobody":            {anonymous, good, "sign_in_required"},
		"a resident":        {aino, good, "not_allowed"},
		"an official":       {official, good, "not_allowed"},
		"empty":             {southern, nil, "sheet_empty"},
		"a head alone":      {southern, paper(), "sheet_empty"},
		"no text":           {southern, []byte("Otsikko;Mit\x81 ehdotetaan\nx;y\n"), "rows[1] bad_format"},
		"an old workbook":   {southern, []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), "sheet_protected"},
		"too large":         {southern, bytes.Repeat([]byte("x"), 5<<20), "sheet_too_large"},
		"too many rows":     {southern, paper(strings.Repeat(benchRow+"\n", 2001)), "rows too_many"},
		"another's columns": {southern, []byte("Nimi;Hinta\nx;1\n"), "sheet_headings"},
		"a column that is not there": {southern, []byte("Title;What is proposed;Area;How consent was " +
			"given\nx;y;southern;in writing\n"), "columns.given_on required"},
		"a column twice": {southern, []byte("Title;Rubrik;What is proposed;Area;How consent was given;Day of " +
			"consent\nx;;y;southern;in writing;1.1.2026\n"), "columns.B duplicate"},
	} {
		for _, confirm := range []assisted.Confirm{assisted.Try, assisted.All} {
			_, err := read(c.actor, c.file, confirm)
			got := string(domain.CodeOf(err))
			if e, _ := errors.AsType[*domain.Error](err); e != nil && len(e.Fields) > 0 {
				got = e.Fields[0].Path + " " + e.Fields[0].Code
			}
			if got != c.want {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
	if report := must(read(western, good, assisted.All))(t); rowStatuses(report) != "2 faulty C:not_allowed, 4 faulty C:not_allowed" {
		t.Errorf("another district: %s", rowStatuses(report))
	}
	if count() != 3 {
		t.Error("a refused import left something")
	}
	v.SetClock(t, afterProposing)
	if _, err := read(southern, good, assisted.All); domain.KindOf(err) != domain.Closed {
		t.Error(err)
	}
}

// What was written to be run in a spreadsheet stays text in the proposal, as it
// was.
func TestFormulasInSheetsAreText(t *testing.T) {
	t.Parallel()
	v := found(t, "proposing")
	ctx := context.Background()
	v.seated(t)
	report := must(
		v.assisteds.Import(
			ctx,
			southern,
			"r",
			paper("'=HYPERLINK(1);=cmd|' /C calc'!A0;southern;parks;kirjallisesti;9.1.2026;@eino"),
			assisted.All,
		),
	)(
		t,
	)
	p := must(v.proposals.Get(ctx, southern, "r", report.Rows[0].Proposal))(t)
	if p.Text.Title != "=HYPERLINK(1)" || p.Text.What != "=cmd|' /C calc'!A0" || p.Author.Name != "@eino" {
		t.Errorf("%+v", p)
	}
}

// Two who import one sheet at once: no row is made twice.
func TestRaceOfImports(t *testing.T) {
	t.Parallel()
	v := found(t, "proposing")
	v.seated(t)
	var both sync.WaitGroup
	var errs [2]error
	for i := range errs {
		both.Go(func() {
			_, errs[i] = v.assisteds.Import(context.Background(), southern, "r", paper(benchRow, tableRow), assisted.All)
		})
	}
	both.Wait()
	var n int
	if err := v.Owner.QueryRowContext(context.Background(), "SELECT count(*) FROM proposal").Scan(&n); err != nil ||
		n != 2 {
		t.Errorf("%d proposals, %v %v", n, err, errs)
	}
	for _, err := range errs {
		if err != nil && domain.KindOf(err) != domain.Conflict {
			t.Error(err)
		}
	}
}

// However many rows, as many queries.
func TestImportingIsAFewQueries(t *testing.T) {
	t.Parallel()
	v := found(t, "proposing")
	v.seated(t)
	counted := &queries{}
	v.DB.DB.DB = v.DB.DB.DB.WithQueryHook(counted)
	store := office.New(v.DB.DB, helsinki(t))
	v.services = serve(store)
	if _, err := store.Round(context.Background(), "r"); err != nil { // it is kept, and read no more
		t.Fatal(err)
	}
	var asked []int
	for _, n := range []int{2, 200} {
		var rows []string
		for i := range n {
			rows = append(rows, strings.Replace(benchRow, "Penkki;", fmt.Sprintf("Penkki %d/%d;", i, n), 1))
		}
		counted.n = 0
		report := must(v.assisteds.Import(context.Background(), southern, "r", paper(rows...), assisted.All))(t)
		asked = append(asked, counted.n)
		if len(report.Rows) != n || !report.Done {
			t.Errorf("%+v", report)
		}
	}
	if asked[0] != asked[1] {
		t.Errorf("%v queries", asked)
	}
}

func TestTheTemplateReadsBack(t *testing.T) {
	t.Parallel()
	v := found(t, "proposing")
	ctx := context.Background()
	for _, language := range []domain.Language{domain.Finnish, domain.Swedish, domain.English} {
		file := must(v.Template(ctx, southern, "r", sheet.XLSX, language))(t)
		if _, err := v.assisteds.Import(ctx, southern, "r", file, assisted.Try); domain.CodeOf(err) != sheet.CodeEmpty {
			t.Errorf("%s: the empty template: %v", language, err)
		}
		table := must(sheet.Read(file, sheet.Limits{}))(t)
		if len(table.Head) != 12 {
			t.Errorf("%s: %q", language, table.Head)
		}
	}
	for actor, want := range map[*domain.Actor]domain.Kind{&anonymous: domain.Unauthenticated, &aino: domain.Forbidden} {
		if _, err := v.Template(ctx, *actor, "r", sheet.XLSX, domain.Finnish); domain.KindOf(err) != want {
			t.Error(err)
		}
	}
}

// Of a sheet with faults the right rows can be taken; the same sheet mended
// makes what was left, and doubles nothing.
func TestRightRowsAreTaken(t *testing.T) {
	t.Parallel()
	v := found(t, "proposing")
	ctx := context.Background()
	v.seated(t)
	faulty := paper(benchRow, "Silta;Silta yli;western;parks;written;9.1.2026;", tableRow, benchRow)
	report := must(v.assisteds.Import(ctx, southern, "r", faulty, assisted.Right))(t)
	want := "2 made, 3 faulty C:not_allowed, 4 made, 5 faulty A:duplicate"
	if got := rowStatuses(report); got != want || !report.Done {
		t.Fatalf("got %s, done %v; want %s", got, report.Done, want)
	}
	if row := report.Rows[0]; row.Proposal == 0 || row.Code == "" || row.Area != "southern" || row.Theme != "parks" ||
		row.Consent.How != proposal.Written {
		t.Errorf("the first row: %+v", row)
	}
	if row := report.Rows[1]; row.Proposal != 0 || row.Code != "" {
		t.Errorf("a faulty row became proposal %d", row.Proposal)
	}
	mended := paper(benchRow, "Silta;Silta yli;southern;parks;written;9.1.2026;", tableRow)
	report = must(v.assisteds.Import(ctx, southern, "r", mended, assisted.All))(t)
	if got, want := rowStatuses(report), "2 known, 3 made, 4 known"; got != want || !report.Done {
		t.Errorf("mended: got %s, done %v; want %s", got, report.Done, want)
	}
	wrong := paper("Aita;;southern;parks;written;9.1.2026;")
	report = must(v.assisteds.Import(ctx, southern, "r", wrong, assisted.Right))(t)
	if got, want := rowStatuses(report), "2 faulty B:required"; got != want {
		t.Errorf("nothing is right: got %s, want %s", got, want)
	}
}
