package office_test

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"osbu/domain"
	"osbu/domain/proposal"
	"osbu/domain/proposal/estimate"
	"osbu/domain/sheet"
)

// filled is a division's sheet with cells changed: by row of the sheet from 0
// and the Finnish name of the column.
func filled(t *testing.T, file []byte, format sheet.Format, cells map[int]map[string]string) []byte {
	t.Helper()
	table := must(sheet.Read(file, sheet.Limits{}))(t)
	for row, changes := range cells {
		for name, cell := range changes {
			i := slices.Index(table.Head, name)
			if i < 0 {
				t.Fatalf("no column %q in %q", name, table.Head)
			}
			table.Rows[row].Cells[i] = cell
		}
	}
	return written(t, table, format)
}

func written(t *testing.T, table sheet.Table, format sheet.Format) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := sheet.Write(&b, format, table); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// statuses are the rows' in short: line, status, and what changes or is wrong.
func statuses(x estimate.Examination) (all []string) {
	for _, r := range x.Rows {
		one := fmt.Sprintf("%d %s %s", r.Line, r.Status, strings.Join(r.Changed, " "))
		for _, m := range r.Faults {
			one += strings.TrimSpace(fmt.Sprintf("%s %s %s %s", m.Column, m.Head, m.Code, m.Limit))
		}
		all = append(all, strings.TrimSpace(one))
	}
	return all
}

// A queue goes out in either format, comes back, and does what the examination
// said: a conflict waits for a choice, and the same file once more changes
// nothing.
func TestASheetsRoundTrip(t *testing.T) {
	t.Parallel()
	for _, format := range []sheet.Format{sheet.XLSX, sheet.CSV} {
		t.Run(string(format), func(t *testing.T) {
			v := found(t, "proposing")
			ctx := context.Background()
			ids := v.referred(t, 4, "environment")
			nasty := feasible(900)
			nasty.Note, nasty.Reasons = "=HYPERLINK(\"https://evil.example\")", domain.Text{
				Fi: "@rivi\nja toinen; \"lainaus\"",
			}
			if err := v.estimate(ctx, expert, ids[1], 0, nasty); err != nil {
				t.Fatal(err)
			}
			out := must(v.Sheet(ctx, expert, "r", "environment", format, domain.Finnish))(t)
			for _, r := range must(v.Examine(ctx, expert, "r", "environment", out))(t).Rows {
				if r.Status != estimate.Unchanged {
					t.Errorf("as it went out: %+v", r)
				}
			}
			back := filled(t, out, format, map[int]map[string]string{
				0: {
					"Kenen tehtävä": "Kaupungin", "Toteutettavuus": "genomförbart med ändringar", "Vähintään, euroa": "10 000 €",
					"Enintään, euroa": "12000", "Ylläpito vuodessa, euroa": "0",
					"Perustelu suomeksi": "Onnistuu.", "Perustelu ruotsiksi": "Det går.", "Julkaistaan": "kyllä",
				},
				1: {"Enintään, euroa": "1000"},
				2: {
					"Kenen tehtävä":          "toisen toimialan",
					"Siirretään toimialalle": "Kulttuuri ja vapaa-aika",
					"Huomautus kollegoille":  "Taidetta",
				},
			})
			meanwhile := feasible(950)
			meanwhile.Note = nasty.Note
			if err := v.estimate(ctx, expert, ids[1], 1, meanwhile); err != nil {
				t.Fatal(err)
			}
			x := must(v.Examine(ctx, expert, "r", "environment", back))(t)
			var told []string
			for _, r := range x.Rows {
				told = append(told, fmt.Sprintf("%d %s %s", r.Proposal, r.Status, strings.Join(r.Changed, " ")))
			}
			is(
				t,
				told,
				fmt.Sprintf(
					"%d change competence feasibility cost.minimum cost.maximum reasons.fi reasons.sv published, %d conflict "+
						"cost.maximum, %d change competence forward note, %d unchanged ",
					ids[0],
					ids[1],
					ids[2],
					ids[3],
				),
			)
			if now := x.Rows[1].Now; now == nil || now.Cost.Maximum != domain.Euros(950) ||
				x.Rows[1].Before.Cost.Maximum != domain.Euros(900) ||
				x.Rows[1].Submission.Reasons.Fi != nasty.Reasons.Fi {
				t.Errorf("of a conflict is told %+v", x.Rows[1])
			}
			all := []estimate.Submission{*x.Rows[0].Submission, *x.Rows[1].Submission, *x.Rows[2].Submission}
			if _, err := v.Estimate(ctx, expert, "r", "environment", all); domain.CodeOf(err) != domain.CodeEdited {
				t.Errorf("a conflict was applied: %v", err)
			}
			all[1].Number = x.Rows[1].Now.Number // mine
			for i := range 2 {
				if added := must(v.Estimate(ctx, expert, "r", "environment", all))(t); added != 3*(1-i) {
					t.Errorf("time %d added %d", i+1, added)
				}
			}
			if e := must(v.proposals.Get(ctx, aino, "r", ids[0]))(t).Estimate; e == nil ||
				e.Cost.Minimum != domain.Euros(10_000) ||
				e.Feasibility != proposal.WithChanges {
				t.Errorf("%+v", e)
			}
			x = must(v.Examine(ctx, expert, "r", "environment", back))(t)
			if got := []estimate.Status{x.Rows[0].Status, x.Rows[1].Status, x.Rows[3].Status}; !slices.Equal(
				got,
				[]estimate.Status{estimate.Unchanged, estimate.Unchanged, estimate.Unchanged},
			) ||
				x.Rows[2].Status != estimate.Erroneous {
				t.Errorf("the same file again: %q", statuses(x))
			}
			var entries int
			if err := v.Owner.QueryRowContext(ctx, "SELECT count(*) FROM audit WHERE action = 'estimate' AND details LIKE "+
				"'%environment%'").Scan(&entries); err != nil ||
				entries != 3 {
				t.Errorf("%d entries of the audit, %v", entries, err)
			}
		})
	}
}

// What cannot be read for certain is told by row and column, and the other rows
// are told of all the same.
func TestWhatIsWrongWithASheet(t *testing.T) {
	t.Parallel()
	v := found(t, "proposing")
	ctx := context.Background()
	ids := v.referred(t, 9, "environment")
	foreign := v.referred(t, 1, "culture")[0]
	if err := v.estimate(ctx, expert, ids[8], 0, feasible(900)); err != nil {
		t.Fatal(err)
	}
	out := must(v.Sheet(ctx, expert, "r", "environment", sheet.XLSX, domain.Finnish))(t)
	good := map[string]string{
		"Kenen tehtävä":    "kaupungin",
		"Toteutettavuus":   "toteutettavissa",
		"Vähintään, euroa": "1",
		"Enintään, euroa":  "2",
	}
	with := func(changes ...string) map[string]string {
		row := map[string]string{}
		for k, v := range good {
			row[k] = v
		}
		for i := 0; i < len(changes); i += 2 {
			row[changes[i]] = changes[i+1]
		}
		return row
	}
	back := filled(t, out, sheet.XLSX, map[int]map[string]string{
		0: with("Enintään, euroa", "12000,50"),
		1: with("Vähintään, euroa", "12.000", "Toteutettavuus", "ehkä"),
		2: {"Ehdotuksen numero": fmt.Sprint(foreign)},
		3: {"Ehdotuksen numero": "99999"},
		4: {"Ehdotuksen numero": fmt.Sprint(ids[5])}, // its row comes twice, and its check value is another's
		5: with("Julkaistaan", "kyllä"),
		6: with("Kustannusluokka", "b"),
		7: {"Kenen tehtävä": "ei kaupungin", "Perustelu suomeksi": "Valtion tie."},
		8: {
			"Kenen tehtävä":            "",
			"Toteutettavuus":           "",
			"Vähintään, euroa":         "",
			"Enintään, euroa":          "",
			"Ylläpito vuodessa, euroa": "",
			"Julkaistaan":              "",
		},
	})
	x := must(v.Examine(ctx, expert, "r", "environment", back))(t)
	is(
		t,
		statuses(x),
		"2 error L Enintään, euroa whole_euros 12 000, 3 error I Toteutettavuus unknownK Vähintään, euroa whole_euros 12 "+
			"000, 4 error A Ehdotuksen numero not_allowed, "+
			"5 error A Ehdotuksen numero unknown, 6 error C Tarkiste changed, 7 error A Ehdotuksen numero duplicate 6, 8 "+
			"error J Kustannusluokka not_allowed, "+
			"9 error O Perustelu ruotsiksi required, 10 error G Kenen tehtävä required",
	)
	for _, r := range x.Rows {
		if r.Submission != nil {
			t.Errorf("a row that is wrong can be applied: %+v", r)
		}
	}
	table := must(sheet.Read(out, sheet.Limits{}))(t)
	table.Rows = table.Rows[2:4] // rows taken out, columns turned round, one in another language, one that only shows gone
	slices.Reverse(table.Head)
	for i := range table.Rows {
		slices.Reverse(table.Rows[i].Cells)
	}
	table.Head[slices.Index(table.Head, "Kenen tehtävä")] = "VEMS UPPGIFT"
	if i := slices.Index(table.Head, "Paikka"); i >= 0 {
		table.Head = slices.Delete(table.Head, i, i+1)
		for j := range table.Rows {
			table.Rows[j].Cells = slices.Delete(table.Rows[j].Cells, i, i+1)
		}
	}
	is(
		t,
		statuses(must(v.Examine(ctx, expert, "r", "environment", written(t, table, sheet.CSV)))(t)),
		"2 unchanged, 3 unchanged",
	)
	table.Head[slices.Index(table.Head, "Tarkiste")] = "Tarkistus"
	for _, c := range []struct {
		name string
		file []byte
		want string
	}{
		{"a renamed column", written(t, table, sheet.CSV), "columns.check: required"},
		{"no row", written(t, sheet.Table{Head: []string{"Otsikko", "Tarkiste"}}, sheet.CSV), "columns.proposal: required"},
		{"no table", []byte("PK\x03\x04 nothing"), "sheet_unreadable"},
	} {
		if _, err := v.Examine(ctx, expert, "r", "environment", c.file); domain.KindOf(err) != domain.Invalid ||
			!strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
	for _, c := range []struct {
		actor domain.Actor
		want  domain.Kind
	}{
		{anonymous, domain.Unauthenticated},
		{aino, domain.Forbidden},
		{southern, domain.Forbidden},
		{official, domain.Forbidden},
		{outsider, domain.Forbidden},
	} {
		_, sent := v.Sheet(ctx, c.actor, "r", "environment", sheet.CSV, domain.Finnish)
		_, examined := v.Examine(ctx, c.actor, "r", "environment", out)
		if domain.KindOf(sent) != c.want || domain.KindOf(examined) != c.want {
			t.Errorf("%q: %v, %v", c.actor.Name, sent, examined)
		}
	}
	if all := string(must(v.Sheet(ctx, expert, "r", "environment", sheet.CSV, domain.Finnish))(t)); strings.Contains(
		all,
		"Aino",
	) ||
		strings.Contains(all, fmt.Sprintf("\n%d;", foreign)) {
		t.Error("the sheet tells who wrote, or of another division's proposals")
	}
	goTo(t, v.DB, "r", "vetting")
	v.stage(t, "UPDATE round SET phase = 'frozen', freeze_decision = '§ 1'")
	if _, err := v.Examine(ctx, expert, "r", "environment", out); domain.KindOf(err) != domain.Closed {
		t.Errorf("after the freeze: %v", err)
	}
}
